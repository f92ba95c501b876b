"""What a summary is asked of: all documents, one document, a section of it, or a topic."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from assistant.route import PART
from assistant.types import Answer, Library, Request
from index.errors import UnknownDocument
from index.types import Document
from index.words import STOP_WORDS, stem, words

LOOKED = 20
"""Documents whose headings are looked through for a section, the newest first."""

_KINDS = "document file report text paper article book handbook manual contract agreement lease briefing letter pdf"
_ASKING = """summary summarise summarize sum overview gist recap outline condense brief briefly abstract main
key important central point idea message takeaway topic theme subject finding conclusion about contents content cover
contain say discuss deal tell describe explain give write provide short few three five sentence everything general name
know want like need please tldr tl dr walk nutshell mainly mostly section chapter part annex appendix page clause
paragraph first second third fourth fifth last first my file documents library"""
_GENERIC = {stem(word) for word in (_ASKING + " " + _KINDS).split()}
_COUNTED = ("first second third fourth fifth sixth", "one two three four five six seven eight nine ten")
_ORDINALS = {name: number for each in _COUNTED for number, name in enumerate(each.split(), start=1)}
_NUMBERED = re.compile(
    rf"\b{PART} (?P<number>\d+(?:\.\d+)*|[ivx]+|[a-e]|{'|'.join(_ORDINALS)})\b"
    rf"|\b(?P<nth>{'|'.join(_ORDINALS)}|last) {PART}\b",
    re.IGNORECASE,
)
_ALL = re.compile(
    r"\b(?:these|all|my|our|the) (?:\w+ )?(?:documents|files|library|papers|texts)\b|\beverything\b", re.I
)
_QUOTED = re.compile(r"[\"“„«]([^\"“”„«»]+)[\"”“»]")


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of a document under its heading, a whole document (no heading), or all documents (no source).

    `topic` says that it is none of them, `missing` why there is no such section.
    """

    source: str = ""
    title: str = ""
    heading: str = ""
    start: int = 0
    end: int = 0
    topic: bool = False
    missing: str = ""


def part_of(request: Request, library: Library) -> Part:
    """What the question names."""
    titles = library.titles()
    asked = request.question
    own = {stem(word) for word in words(asked) if word not in STOP_WORDS}
    topic = {each for each in own - _GENERIC if not each.isdigit()}
    found = named(asked, topic or own & {stem(word) for word in _KINDS.split()}, titles, bool(topic))
    sources = [found] if found else _at_hand(request, titles)
    numbered = _NUMBERED.search(asked)
    quoted = _QUOTED.search(asked)
    if numbered or quoted or (topic and not found):
        part = _section(sources, library, numbered, quoted.group(1) if quoted else " ".join(topic))
        if part or numbered:
            return part or Part(missing=f"None of the sections is “{numbered.group()}”." if numbered else "")
    if topic and not found:
        return Part(topic=True)
    if not found and (_ALL.search(asked) and len(titles) > 1):
        return Part()
    return _whole(sources[0], titles) if sources else Part(topic=True)


def named(asked: str, topic: set[str], titles: Sequence[tuple[str, str]], distinct: bool = True) -> str:
    """The document that a question names: by its file's name, or by words that all stand in its title; else empty.

    `topic` are the stems of those words, `distinct` whether they say more than "document" or "report". Of several, the
    one whose name has most of the question's words: of two on employees, the handbook is "the employee handbook".
    """
    lowered = asked.casefold()
    for source, _ in titles:
        if PurePosixPath(source).name.casefold() in lowered:
            return source
    if not topic or (not distinct and len(titles) == 1):
        return ""
    every = {stem(word) for word in words(asked)}
    found: dict[str, int] = {}
    for source, title in titles:
        name = re.sub(r"[-_.]+", " ", PurePosixPath(source).stem)
        held = {stem(word) for word in words(f"{name} {title}")}
        if topic <= held:
            found[source] = len(every & held)
    return max(found, key=lambda source: found[source], default="")


def _at_hand(request: Request, titles: Sequence[tuple[str, str]]) -> list[str]:
    """The documents that may be meant without a name: those last cited, then the newest."""
    known = [source for source, _ in titles]
    last = [turn.answer for turn in reversed(request.history) if isinstance(turn.answer, Answer)]
    cited = [citation.source for answer in last[:1] for citation in answer.citations if citation.source in known]
    return list(dict.fromkeys([*cited, *known]))


def _whole(source: str, titles: Sequence[tuple[str, str]]) -> Part:
    return Part(source, dict(titles).get(source, source))


def _section(sources: Sequence[str], library: Library, numbered: re.Match[str] | None, name: str) -> Part | None:
    """The first section of this number or name, in the documents in order."""
    for source in sources[:LOOKED]:
        try:
            document = library.document(source)
        except UnknownDocument:
            continue
        headings = [block for block in document.blocks if block.kind == "heading"]
        texts = [_text(document, block.start, block.end) for block in headings]
        place = _numbered(texts, [block.level for block in headings], numbered) if numbered else _titled(texts, name)
        if place is not None:
            level = headings[place].level
            after = [block.start for block in headings[place + 1 :] if block.level <= level]
            end = after[0] if after else len(document.text)
            return Part(source, document.title, texts[place], headings[place].start, end)
    return None


def _numbered(texts: Sequence[str], levels: Sequence[int], numbered: re.Match[str]) -> int | None:
    """The heading with this number in front, or else the one in this place among those of its level."""
    said = (numbered["number"] or numbered["nth"]).lower()
    number = str(_ORDINALS.get(said, said))
    lead = re.compile(rf"(?:{PART} )?{re.escape(number)}(?:[.):\s]|$)", re.IGNORECASE)
    for place, text in enumerate(texts):
        if lead.match(text):
            return place
    level = next((level for level in sorted(set(levels)) if levels.count(level) > 1), 0)
    places = [place for place, each in enumerate(levels) if each == level]
    if said == "last" and places:
        return places[-1]
    unnumbered = not any(re.match(rf"(?:{PART} )?\d", text, re.IGNORECASE) for text in texts)
    if number.isdigit() and unnumbered and 0 < int(number) <= len(places):
        return places[int(number) - 1]
    return None


def _titled(texts: Sequence[str], name: str) -> int | None:
    """The heading that holds all words of a name, the shortest where there are several."""
    sought = {stem(word) for word in words(name) if word not in STOP_WORDS}
    found = [
        (len(text), place)
        for place, text in enumerate(texts)
        if sought and sought <= {stem(word) for word in words(text)}
    ]
    return min(found)[1] if found else None


def _text(document: Document, start: int, end: int) -> str:
    return " ".join(document.text[start:end].strip("#=- \t\n").split())
