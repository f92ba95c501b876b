"""How an answer comes to be written over one that stands already, and what is checked of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from assistant.cite import cite
from assistant.errors import BadQuestion, ModelFailed, NoDocuments
from assistant.types import Answer, Library, Reader, Request
from assistant.verify import Opinion, verified
from assistant.view import read_for
from index.errors import UnknownDocument
from index.types import Document, Hit

STYLES = ("anew", "shorter", "longer", "simpler")
"""How an answer can be written again; each is the name of a prompt."""

QUOTED = "this is quoted from your documents instead"
BEFORE = "the answer before stands"


@dataclass(frozen=True, slots=True)
class Writing:
    """A reader that writes, the library it may look at, and how documents are opened to check what it cites.

    `opinion` is asked of what words and meaning leave open in an answer that came to its end.
    """

    reader: Reader
    library: Library
    opened: Callable[[str], Document]
    strict: bool
    opinion: Opinion | None = None

    def over(self, request: Request, answer: Answer, stands: Answer, instead: str = QUOTED) -> Iterator[Answer]:
        """What the chat model writes; where that is nothing that can be shown, the answer that `stands`, saying why.

        `answer` is what there is without any text. `instead` says what it is that stands.
        """
        latest: Answer | None = None
        try:
            for draft in self.reader(request, self.library):
                latest = replace(cite(draft, answer, self.opened, self.strict), stage="writing")
                if not draft.complete:
                    yield latest
        except ModelFailed as error:
            if latest is None:
                yield _noted(stands, f"{error}; {instead}")
            else:
                checked = self._checked(latest)
                notes = (*checked.notes, f"{error}; the answer broke off here")
                yield replace(checked, complete=False, notes=notes)
            return
        assert latest is not None
        if latest.answered and not latest.citations and stands.answered:
            yield _noted(stands, f"the chat model named no source, so {instead}")
        elif not latest.answered and stands.answered and instead == BEFORE:
            yield _noted(stands, f"the chat model found no answer in the same passages this time, so {instead}")
        else:
            yield self._checked(latest, self.opinion)

    def _checked(self, answer: Answer, opinion: Opinion | None = None) -> Answer:
        return replace(verified(answer, self.library.similar, self.strict, opinion), stage="done")


def _noted(stands: Answer, note: str) -> Answer:
    return replace(stands, notes=(*stands.notes, note))


def evidence(answer: Answer, library: Library, opened: Callable[[str], Document]) -> tuple[Hit, ...]:
    """The passages that an answer was written from, those of them whose documents still say the same.

    They are those that were found for it or, where it cites others, those that it cites. Raises `NoDocuments` where
    none is left.
    """
    there = [each for each in answer.citations if _slice(each.source, each.start, each.end, opened) == each.quote]
    cited = read_for(replace(answer, citations=tuple(there)), library)
    known = {hit.passage.id for hit in answer.hits}
    hits = answer.hits if all(hit.passage.id in known for hit in cited) else cited
    kept = tuple(
        hit
        for hit in hits
        if _slice(hit.passage.source, hit.passage.start, hit.passage.end, opened) == hit.passage.text
    )
    if not kept:
        raise NoDocuments("the passages of this answer are no longer in your documents; ask the question again")
    return kept


def _slice(source: str, start: int, end: int, opened: Callable[[str], Document]) -> str:
    """What a document says in a stretch; empty where it is gone."""
    try:
        return opened(source).text[start:end]
    except UnknownDocument:
        return ""


def known_style(style: str) -> str:
    """The style; raises `BadQuestion` for one that there is not."""
    if style not in STYLES:
        raise BadQuestion(f"an answer cannot be written {style!r}; {', '.join(STYLES[:-1])} or {STYLES[-1]} would work")
    return style
