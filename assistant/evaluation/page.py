"""A report as one page of HTML that needs nothing else: style and plots are inside, every text is escaped."""

from __future__ import annotations

import json
from collections.abc import Iterable
from html import escape
from importlib.resources import files

from assistant.evaluation.bootstrap import Score
from assistant.evaluation.charts import charts
from assistant.evaluation.grid import counted
from assistant.evaluation.report import Report
from assistant.evaluation.score import Metric
from assistant.evaluation.worst import shown, worst
from assistant.spoken import spoken

TILES = (
    ("squad_f1", "has_answer_f1", "answer_contains"),
    ("citation_recall", "page_accuracy"),
    ("excerpt_recall", "recall", "ndcg"),
    ("abstention_accuracy", "answer_rate"),
    ("latency_p50",),
)
COLUMNS = 5
POLICY = "default-src 'none'; style-src 'unsafe-inline'"


def page(report: Report) -> str:
    """The whole page."""
    title = escape(f"Evaluation: {report.name}")
    style = files(__package__).joinpath("report.css").read_text(encoding="utf-8")
    parts = [_head(report), _tiles(report), _plots(report), _table(report), _slices(report), _worst(report)]
    return (
        f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>{title}</title>\n'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">\n'
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><style>{style}</style></head>\n'
        f"<body><main>{''.join(parts)}{_config(report)}</main></body></html>\n"
    )


def _head(report: Report) -> str:
    errors = f', <span class="bad">{report.errors:,} ended in an error</span>' if report.errors else ""
    notes = "".join(f'<p class="bad">{escape(note)}</p>' for note in report.notes)
    reader = _reader(report)
    facts = f"{counted(len(report.records), 'question')} in {spoken(report.seconds)}{reader}{errors}"
    return f'<h1>{escape(report.name)}</h1><p class="quiet">{facts}</p>{notes}'


def _reader(report: Report) -> str:
    settings = report.config.get("settings")
    if "predictions_sha256" in report.config:
        return ", answers of another system"
    if not report.config.get("asked"):
        return ", searched only"
    model = settings.get("model") if isinstance(settings, dict) else None
    return f", answered by {escape(str(model))}" if model else ", answered by the quoting reader"


def _tiles(report: Report) -> str:
    tiles = [_tile(one, report.metrics[one.name]) for one in _telling(report)]
    return f'<div class="tiles">{"".join(tiles)}</div>' if tiles else ""


def _tile(one: Metric, score: Score) -> str:
    interval = f"{one.shown(score.low)} to {one.shown(score.high)}"
    return f'<div class="tile">{one.name}<b>{one.shown(score.mean)}</b><span class="fact">{interval}</span></div>'


def _plots(report: Report) -> str:
    figures = [
        f'<figure class="{"wide" if chart.wide else ""}"><h3>{chart.title}</h3>{chart.drawing}'
        f"<figcaption>{escape(chart.caption)}</figcaption></figure>"
        for chart in charts(report.records)
    ]
    return f'<h2>At a glance</h2><div class="plots">{"".join(figures)}</div>' if figures else ""


def _table(report: Report) -> str:
    rows, group = [], ""
    for one in report.shown():
        if one.group != group:
            group = one.group
            rows.append(f'<tr class="group"><th colspan="5">{group}</th></tr>')
        rows.append(_metric_row(one, report.metrics[one.name]))
    head = "<tr><th>metric</th><th>value</th><th></th><th>95 % interval</th><th>questions</th></tr>"
    table = f"<table><thead>{head}</thead><tbody>{''.join(rows)}</tbody></table>"
    return f'<h2>All metrics</h2><div class="table">{table}</div>'


def _metric_row(one: Metric, score: Score) -> str:
    about = escape((one.module.__doc__ or "").split("\n", 1)[0])
    worse = ' <span class="fact">lower is better</span>' if one.lower_is_better else ""
    return (
        f'<tr><th title="{about}">{one.name}{worse}</th><td><b>{one.shown(score.mean)}</b></td>'
        f'<td class="span">{_span(score) if one.group != "cost" else ""}</td>'
        f"<td>{one.shown(score.low)} to {one.shown(score.high)}</td><td>{score.n:,}</td></tr>"
    )


def _span(score: Score) -> str:
    """The value and its interval on a line from 0 to 1."""
    low, high, value = (200 * min(1.0, max(0.0, number)) for number in (score.low, score.high, score.mean))
    return (
        '<svg viewBox="0 0 200 14" preserveAspectRatio="none" aria-hidden="true">'
        '<rect class="track" y="6" width="200" height="2"/>'
        f'<rect class="range" x="{low:.1f}" y="3" width="{max(1.0, high - low):.1f}" height="8"/>'
        f'<rect class="point" x="{max(0.0, value - 1):.1f}" y="1" width="2" height="12"/></svg>'
    )


def _slices(report: Report) -> str:
    if not report.slices:
        return ""
    columns = _columns(report)
    head = "".join(f"<th>{one.name}</th>" for one in columns)
    rows = "".join(
        f"<tr><th>{escape(kind)}</th><td>{max((score.n for score in scores.values()), default=0):,}</td>"
        f"{''.join(_cell(one, scores.get(one.name)) for one in columns)}</tr>"
        for kind, scores in report.slices.items()
    )
    table = f"<table><thead><tr><th>kind</th><th>questions</th>{head}</tr></thead><tbody>{rows}</tbody></table>"
    return f'<h2>By kind</h2><div class="table">{table}</div>'


def _columns(report: Report) -> list[Metric]:
    """The metrics of the tiles first, then others as far as there is room."""
    first = _telling(report)
    return [*first, *(one for one in report.shown() if one not in first)][:COLUMNS]


def _telling(report: Report) -> list[Metric]:
    """One metric of each sort, the most telling that there is."""
    found = (
        next((one for stem in stems for one in report.shown() if one.name.split("@")[0] == stem), None)
        for stems in TILES
    )
    return [one for one in found if one is not None]


def _cell(one: Metric, score: Score | None) -> str:
    if score is None:
        return "<td>-</td>"
    interval = f"{one.shown(score.low)} to {one.shown(score.high)}, {score.n:,} questions"
    return f'<td title="{interval}">{one.shown(score.mean)}</td>'


def _worst(report: Report) -> str:
    records = worst(report.records)
    return f"<h2>Where it went worst</h2>{_joined(shown(record) for record in records)}" if records else ""


def _config(report: Report) -> str:
    config = escape(json.dumps(dict(report.config), indent=2, ensure_ascii=False))
    return f"<h2>What was run</h2><details><summary>Configuration</summary><pre>{config}</pre></details>"


def _joined(parts: Iterable[str]) -> str:
    return "".join(parts)
