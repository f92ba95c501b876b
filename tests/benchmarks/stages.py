"""At which stage of the search a question was lost whose evidence is not among the first passages."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from assistant.evaluation.overlap import by_document, gold, holds, ranked, shared, size, unplaced
from assistant.evaluation.types import Case, Evidence, Place
from index.explain import _missed, _placed
from index.find import POOL
from index.index import Index
from index.types import Explanation, Hit, Passage

MISSING, LONG, STRANGE, NOWHERE = "not in the library", "too long", "no word in common", "in neither search"
DEEP, WORDS, MEANING, PARTLY = "beyond rank 50", "words alone had it", "meaning alone had it", "partly covered"
CUTS = {(20, 50): "cut, rank 21 to 50", (10, 20): "cut, rank 11 to 20", (5, 10): "cut, rank 6 to 10"}
STAGES = {
    MISSING: "the text of its document does not hold it",
    LONG: "more passages hold it than are looked at",
    STRANGE: f"neither search has it among its first {POOL}, and the two share no word",
    NOWHERE: f"neither search has it among its first {POOL}",
    DEEP: "a search has it, far down",
    **dict.fromkeys(CUTS.values(), "a search has it, and neither alone has it high enough"),
    MEANING: "by meaning alone it stands high enough; the words put others before it",
    WORDS: "by words alone it stands high enough; the meaning put others before it",
    PARTLY: "it goes over the end of a passage, and only a part is found",
}
"""The stages with what they mean, the earliest first. What is lost at several counts at the earliest of them."""


@dataclass(frozen=True, slots=True)
class Lost:
    """The stage that lost a question, what the library says of it, and the rank of what it lost, from 1."""

    stage: str
    said: str = ""
    rank: int | None = None


@dataclass(frozen=True, slots=True)
class Search:
    """A question that was asked: all that either search found, best first, and how many of them are looked at.

    `any_piece` says whether one piece of the evidence is enough. `passages` are those of a document.
    """

    index: Index
    question: str
    hits: Sequence[Hit]
    limit: int
    any_piece: bool
    passages: Callable[[str], Sequence[Passage]]


def lost(case: Case, search: Search) -> Lost | None:
    """Where the question was lost; None where its evidence is among the first passages, all of each stretch."""
    places = [at(hit.passage) for hit in search.hits]
    gone = [piece for piece in case.evidence if not _shown(piece, places, search.limit)]
    if not gone or (search.any_piece and len(gone) < len(case.evidence)):
        return None
    known = list(STAGES)
    found = sorted((_lost(piece, search) for piece in gone), key=lambda one: known.index(one.stage))
    worst = found[-1] if search.any_piece else found[0]
    stretches = [piece for piece in case.evidence if piece.start is not None]
    held = {one.id for piece in stretches for one in holders(piece, search.passages)}
    if worst.stage != MISSING and len(held) > search.limit:
        return Lost(LONG, f"{len(held)} passages hold it; {worst.said}", worst.rank)
    return worst


def holders(piece: Evidence, passages: Callable[[str], Sequence[Passage]]) -> list[Passage]:
    """The passages that hold any of it: of a stretch those it reaches into, of a page or a document all."""
    inside = passages(piece.document)
    if piece.start is None or piece.end is None:
        return [one for one in inside if holds(at(one), piece)]
    return [one for one in inside if one.start < piece.end and piece.start < one.end]


def at(passage: Passage) -> Place:
    """Where a passage lies."""
    return Place(passage.source, passage.start, passage.end, page=passage.page)


def _shown(piece: Evidence, places: Sequence[Place], limit: int) -> bool:
    first = ranked(places, [piece])[:limit]
    if piece.start is None and not piece.quote:
        return any(holds(place, piece) for place in first)
    whole = gold([piece])
    return not unplaced([piece]) and shared(whole, by_document(first)) == size(whole)


def _lost(piece: Evidence, search: Search) -> Lost:
    held = holders(piece, search.passages)
    if not held:
        return Lost(MISSING)
    said = _explained(search, held)
    rank = _rank(piece, search.hits, held)
    if rank is None:
        return Lost(NOWHERE if "words" in said.by else STRANGE, said.sentence)
    if rank <= search.limit:
        return Lost(PARTLY, said.sentence, rank)
    for stage, name in ((WORDS, "words"), (MEANING, "meaning")):
        own = sorted((hit for hit in search.hits if name in hit.by), key=lambda hit: hit.by[name].rank)
        if (_rank(piece, own, held) or POOL) <= search.limit:
            return Lost(stage, said.sentence, rank)
    cut = (stage for (low, high), stage in CUTS.items() if low < rank <= high)
    return Lost(next(cut, DEEP), said.sentence, rank)


def _rank(piece: Evidence, hits: Sequence[Hit], held: Sequence[Passage]) -> int | None:
    """The rank, from 1, of the first that holds it: among documents where a whole one is wanted, else passages."""
    if piece.whole:
        order, right = [hit.passage.source for hit in hits], {piece.document}
    else:
        order, right = [hit.passage.id for hit in hits], {one.id for one in held}
    return next((rank for rank, one in enumerate(dict.fromkeys(order), 1) if one in right), None)


def _explained(search: Search, held: Sequence[Passage]) -> Explanation:
    """What `Index.explain` says of the one of the holders that came nearest; their text need not be looked for."""
    ids = {one.id for one in held}
    for rank, hit in enumerate(search.hits, 1):
        if hit.passage.id in ids:
            return _placed(search.question, hit, rank, search.limit)
    return _missed(search.question, held, None, search.index.ledger, search.index.embedder)
