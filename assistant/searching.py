"""The command line's `search`, and the options that say where to look, which `ask` has too."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict

from assistant.assistant import Assistant
from assistant.types import part_of
from index.explain import FURTHER, matched
from index.scope import pages_of
from index.types import Hit, Scope


def scope_options(parser: argparse.ArgumentParser) -> None:
    """Gives a command the options of a scope."""
    group = parser.add_argument_group("where to look; each may be repeated, and narrows the others")
    group.add_argument("--within", action="append", metavar="FILE", help="this document")
    group.add_argument("--folder", action="append", default=[], metavar="FOLDER", help="documents named FOLDER/…")
    group.add_argument("--type", action="append", default=[], metavar="SUFFIX", help="documents such as pdf")
    group.add_argument("--tag", action="append", default=[], metavar="TAG", help="documents with this tag")
    group.add_argument("--since", default="", metavar="DATE", help="written in 2024, 2024-05 or 2024-05-31, or later")
    group.add_argument("--until", default="", metavar="DATE", help="the same, or earlier")
    group.add_argument("--pages", action="append", default=[], metavar="PAGES", help="page 3, or pages 3-5, 7")


def search_options(parser: argparse.ArgumentParser) -> None:
    """Gives the command `search` its options."""
    parser.add_argument("question")
    parser.add_argument("--limit", type=int, default=5)
    parser.add_argument("--explain", action="store_true", help="say why each passage was found")
    parser.add_argument("--expect", metavar="TEXT", help="say what became of the passage that holds this text")
    scope_options(parser)
    parser.add_argument("--json", action="store_true")


def scope_of(given: argparse.Namespace) -> Scope | None:
    """The scope that the options name, or None; raises `BadQuery` for pages that are none."""
    pages = [page for text in given.pages for page in pages_of(text)]
    documents = None if given.within is None else tuple(given.within)
    parts = (tuple(given.folder), tuple(given.type), tuple(given.tag), given.since, given.until, tuple(pages))
    return Scope(documents, *parts) if documents is not None or any(parts) else None


def found(given: argparse.Namespace, assistant: Assistant) -> tuple[str, bool]:
    """What `search` prints, and whether there is anything."""
    scope = scope_of(given)
    if given.expect:
        explanation = assistant.explain(given.question, given.expect, given.limit, scope)
        text = json.dumps(asdict(explanation), ensure_ascii=False) if given.json else explanation.sentence
        return text + "\n", explanation.stage == "found"
    hits = assistant.search(given.question, given.limit, scope)
    if given.json:
        return json.dumps([asdict(hit) for hit in hits], ensure_ascii=False) + "\n", bool(hits)
    return "".join(_lines(given, hits)), bool(hits)


def place(hit: Hit) -> str:
    """The document of a hit and its part, such as a page."""
    return ", ".join(part for part in (hit.passage.source, part_of(hit.passage)) if part)


def _lines(given: argparse.Namespace, hits: Sequence[Hit]) -> Iterator[str]:
    for number, hit in enumerate(hits, start=1):
        yield f"{number}. {place(hit)} ({hit.score:.2f})\n   {' '.join(hit.passage.text.split())}\n"
        if given.explain:
            yield f"   {why(given.question, hit)}\n"


def why(question: str, hit: Hit) -> str:
    """Why a passage was found, in one line: its rank and score in each search, and the words that matched."""
    said = [
        f"{name}: rank {hit.by[name].rank} ({hit.by[name].score:.2f})" if name in hit.by else f"{name}: not found"
        for name in ("words", "meaning")
    ]
    said += [f"{name}: rank {hit.by[name].rank} ({hit.by[name].score:.2f})" for name in FURTHER if name in hit.by]
    words = matched(question, hit.passage)
    return "; ".join([*said, f"matched: {', '.join(words)}" if words else "no word matched"])
