"""Says at which stage a piece of evidence was lost on its way into the answer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from assistant.evaluation.overlap import Stretch, holds, ranked
from assistant.evaluation.types import Evidence, Loss, Place

CITED = "cited"
FOUND = "found"
NOT_READ = "document not read"
NOT_EXTRACTED = "not extracted"
SPLIT = "split apart"
NOT_FOUND = "not found"
CUT = "cut at k"
DROPPED = "dropped by the reader"

GOOD = (CITED, FOUND)
STAGES = {
    CITED: "a citation shows it",
    FOUND: "the first passages of the search show it; nobody was asked",
    NOT_READ: "the document is not in the library, or could not be read",
    NOT_EXTRACTED: "the document's text does not hold these words",
    SPLIT: "no single passage holds it",
    NOT_FOUND: "a passage holds it, and no search found that passage",
    CUT: "a search found it, too far down to be given to the reader",
    DROPPED: "the reader was given it, and did not cite it",
}


@dataclass(frozen=True, slots=True)
class Trail:
    """What the library and the assistant did for one question.

    `found` is the deepest search there was, `hits` what the reader was given, `citations` what it cited. `passages`
    gives the stretches that a source was split into, or is None where the library does not tell: then whether a piece
    was split apart is judged by the passages that were found. `asked` is False where there was a search alone, whose
    first passages are then the `hits`.
    """

    sources: frozenset[str]
    passages: Callable[[str], Sequence[Stretch]] | None
    found: Sequence[Place] = ()
    hits: Sequence[Place] = ()
    citations: Sequence[Place] = ()
    asked: bool = True


def diagnosed(evidence: Sequence[Evidence], trail: Trail) -> tuple[Loss, ...]:
    """What became of each piece of evidence."""
    return tuple(_loss(piece, trail) for piece in evidence)


def _loss(piece: Evidence, trail: Trail) -> Loss:
    places = enumerate(ranked(trail.found, [piece]), 1)
    rank, first = next(((rank, place) for rank, place in places if holds(place, piece)), (None, None))
    by = dict(first.by) if first is not None and first.by else None
    if any(holds(citation, piece) for citation in trail.citations):
        stage = CITED
    elif piece.document not in trail.sources:
        stage = NOT_READ
    elif piece.quote and piece.start is None:
        stage = NOT_EXTRACTED
    elif any(holds(hit, piece) for hit in trail.hits):
        stage = DROPPED if trail.asked else FOUND
    elif rank is not None:
        stage = CUT
    else:
        stage = SPLIT if _is_split(piece, trail) else NOT_FOUND
    return Loss(stage, rank, by)


def _is_split(piece: Evidence, trail: Trail) -> bool:
    if piece.start is None or piece.end is None:
        return False
    if trail.passages is not None:
        parts = trail.passages(piece.document)
        return not any(start <= piece.start and piece.end <= end for start, end in parts)
    near = (place for place in trail.found if place.source == piece.document)
    return any(place.start < piece.end and piece.start < place.end for place in near)
