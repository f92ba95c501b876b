"""How places in documents overlap, counted in characters (Unicode code points)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from assistant.evaluation.types import Evidence, Place

Stretch = tuple[int, int]
Stretches = dict[str, list[Stretch]]

SHARE = 0.5


def holds(place: Place, piece: Evidence) -> bool:
    """Whether a passage or a citation shows this piece of evidence.

    For a stretch: they share at least half of the characters of the shorter of the two. For a page: it starts on it,
    or within the piece's slack of pages. For a whole document: it lies in it.
    """
    if place.source != piece.document:
        return False
    if piece.start is None or piece.end is None:
        return on_page(place, piece, piece.slack) if piece.page is not None else piece.whole
    shared = min(place.end, piece.end) - max(place.start, piece.start)
    return shared > 0 and shared >= SHARE * min(place.end - place.start, piece.end - piece.start)


def on_page(place: Place, piece: Evidence, slack: int) -> bool:
    """Whether a place starts within `slack` pages of the page that the evidence names, in the same document."""
    return (
        place.source == piece.document
        and place.page is not None
        and piece.page is not None
        and abs(place.page - piece.page) <= slack
    )


def first_seen(places: Iterable[Place]) -> list[Place]:
    """The first place of each document, in order: a ranking of documents."""
    firsts: dict[str, Place] = {}
    for place in places:
        firsts.setdefault(place.source, place)
    return list(firsts.values())


def ranked(places: Sequence[Place], evidence: Sequence[Evidence]) -> list[Place]:
    """The ranking that the evidence asks for: of documents where it is whole documents, else of passages."""
    return first_seen(places) if evidence and all(piece.whole for piece in evidence) else list(places)


def gains(places: Sequence[Place], evidence: Sequence[Evidence], k: int) -> list[float]:
    """The grade that each of the first `k` ranks adds: that of the pieces it shows and no earlier rank showed."""
    left = list(evidence)
    out = []
    for place in ranked(places, evidence)[:k]:
        shown = [piece for piece in left if holds(place, piece)]
        left = [piece for piece in left if piece not in shown]
        out.append(sum(piece.grade for piece in shown))
    return out


def merged(stretches: Iterable[Stretch]) -> list[Stretch]:
    """The same characters as stretches that are sorted and do not touch."""
    out: list[Stretch] = []
    for start, end in sorted(stretches):
        if out and start <= out[-1][1]:
            out[-1] = (out[-1][0], max(out[-1][1], end))
        elif start < end:
            out.append((start, end))
    return out


def length(stretches: Iterable[Stretch]) -> int:
    """The characters in the stretches, those in two of them counted twice."""
    return sum(end - start for start, end in stretches)


def by_document(places: Iterable[Place]) -> Stretches:
    """The merged stretches of the places in each document."""
    out: Stretches = {}
    for place in places:
        out.setdefault(place.source, []).append((place.start, place.end))
    return {source: merged(stretches) for source, stretches in out.items()}


def quoted(evidence: Iterable[Evidence]) -> bool:
    """Whether any piece is a stretch of text, wherever it lies."""
    return any(piece.quote or piece.start is not None for piece in evidence)


def stretches(evidence: Iterable[Evidence]) -> list[Stretch]:
    """The stretch of each piece that has one."""
    return [(piece.start, piece.end) for piece in evidence if piece.start is not None and piece.end is not None]


def unplaced(evidence: Iterable[Evidence]) -> int:
    """The characters of quotes that were not found in their documents: no passage can hold them."""
    return sum(len(piece.quote) for piece in evidence if piece.start is None)


def gold(evidence: Iterable[Evidence]) -> Stretches:
    """The merged stretches of the evidence in each document; pieces without offsets are left out."""
    out: Stretches = {}
    for piece in evidence:
        out.setdefault(piece.document, []).extend(stretches([piece]))
    return {source: merged(pieces) for source, pieces in out.items()}


def shared(left: Stretches, right: Stretches) -> int:
    """The characters that both hold; each side merged."""
    return sum(
        max(0, min(end, until) - max(start, since))
        for source in left.keys() & right.keys()
        for start, end in left[source]
        for since, until in right[source]
    )


def size(stretches: Stretches) -> int:
    """The characters in all documents together."""
    return sum(length(pieces) for pieces in stretches.values())
