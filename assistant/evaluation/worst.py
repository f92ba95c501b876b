"""The questions that went worst, with the evidence that was missed and where it was lost."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from statistics import fmean

from assistant.evaluation.diagnose import GOOD, STAGES
from assistant.evaluation.record import Record
from assistant.evaluation.types import Case, Evidence, Loss, Place, Result

SHOWN = 25
LONG = 400
TELLING = ("squad_f1", "has_answer_f1", "answer_contains", "abstention_accuracy", "citation_recall", "page_accuracy")
FINDING = ("recall", "excerpt_recall", "hit")


def goodness(record: Record) -> float:
    """How well a question went, 0 to 1: the mean of what it scores in the telling metrics; -1 for an error."""
    if record[1].error:
        return -1.0
    scores = record[1].scores or {}
    for stems in (TELLING, FINDING):
        held = [value[0] for name, value in scores.items() if name.split("@")[0] in stems]
        if held:
            return fmean(held)
    return 1.0


def worst(records: Sequence[Record]) -> list[Record]:
    """The questions that did not go well, the worst first; of equals those first that it was surest of."""
    bad = [record for record in records if goodness(record) < 1]
    return sorted(bad, key=lambda record: (round(goodness(record), 6), -record[1].confidence, record[0].id))[:SHOWN]


def shown(record: Record) -> str:
    """One question as HTML: what was asked, what is right, what was answered and cited, what was missed."""
    case, result = record
    rows = [
        _row("right", _wanted(case)),
        _row("answered", _given(result)),
        *(_row("cited", _quote(place)) for place in result.citations[:4]),
        *(_row("evidence", _piece(piece, loss)) for piece, loss in _pieces(result)),
        *(_row("note", escape(note)) for note in result.notes),
    ]
    kind = f'<span class="tag">{escape(case.kind)}</span>' if case.kind else ""
    facts = f"confidence {result.confidence:.2f}" if result.outcome != "searched" else ""
    head = f'<summary><span class="ask">{escape(case.question)}</span>{kind}<span class="fact">{facts}</span></summary>'
    return f'<details open id="{escape(case.id)}">{head}<dl>{"".join(rows)}</dl></details>'


def _pieces(result: Result) -> list[tuple[Evidence, Loss | None]]:
    known: list[Loss | None] = [*result.losses]
    return list(zip(result.evidence, known + [None] * (len(result.evidence) - len(known)), strict=True))


def _wanted(case: Case) -> str:
    if not case.answerable:
        return "<em>the documents do not hold an answer</em>"
    if case.answers:
        return " <i>or</i> ".join(f"<b>{escape(_cut(answer))}</b>" for answer in case.answers[:5])
    return escape(_cut(case.reference)) or "<em>not said; the evidence decides</em>"


def _given(result: Result) -> str:
    if result.error:
        return f'<span class="bad">error: {escape(_cut(result.error))}</span>'
    if result.outcome == "searched":
        return "<em>only searched</em>"
    if not result.answered:
        return '<em class="bad">nothing: it said that the documents do not hold it</em>'
    short = f"<b>{escape(_cut(result.short))}</b> " if result.short else ""
    return f"{short}<span>{escape(_cut(result.text))}</span>"


def _quote(place: Place) -> str:
    wrong = "" if place.exact is not False else ' <span class="bad">not in the document at this place</span>'
    return f"{_where(place.source, place.page)} <q>{escape(_cut(place.quote))}</q>{wrong}"


def _piece(piece: Evidence, loss: Loss | None) -> str:
    quote = f" <q>{escape(_cut(piece.quote))}</q>" if piece.quote else ""
    place = _where(piece.document, piece.page)
    if loss is None:
        return place + quote
    kind = "good" if loss.stage in GOOD else "bad"
    why = f'<span class="{kind}" title="{escape(STAGES.get(loss.stage, ""))}">{escape(loss.stage)}</span>'
    by = [f"{rank} by {escape(search)}" for search, rank in (loss.by or {}).items()]
    ranks = [f"rank {loss.rank}", *by] if loss.rank else []
    return f'{why} <span class="fact">{" · ".join(ranks)}</span> {place}{quote}'


def _where(source: str, page: int | None) -> str:
    return f'<span class="source">{escape(source)}{f", page {page}" if page is not None else ""}</span>'


def _row(name: str, content: str) -> str:
    return f"<div><dt>{name}</dt><dd>{content}</dd></div>"


def _cut(text: str) -> str:
    folded = " ".join(text.split())
    return folded if len(folded) <= LONG else f"{folded[:LONG]}…"
