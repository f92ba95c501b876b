"""RESULTS.md from whatever was measured: what is not there is called "not run", and where we lose the row says so."""

from __future__ import annotations

import json
import re
import statistics
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import numpy as np

from assistant.evaluation.bootstrap import draws, interval, mean
from assistant.evaluation.lines import write_whole
from tests.benchmarks.drive import PEERS, SYSTEMS
from tests.benchmarks.growth import LABELS, drawing, exponent

Kept = Mapping[str, dict]
Rounds = Mapping[int, float]

TITLES = {
    "ours": "ours",
    "langchain": "LangChain",
    "llamaindex": "LlamaIndex",
    "haystack": "Haystack",
    "txtai": "txtai",
}
NOT_RUN = "not run"
WHOLE = "scifact whole.ours"
"""The part of the larger run that asks all of SciFact, as it is called among those of this one."""

HEAD = "| | " + " | ".join(TITLES[name] for name in SYSTEMS) + " | in words |\n" + "|---" * (len(SYSTEMS) + 2) + "|"

ROWS = (
    # set, metric, which half, what it says
    ("chunking", "excerpt_recall@5", None, "chunking, recall of the excerpts in 5 passages"),
    ("chunking", "excerpt_precision@5", None, "chunking, precision in 5 passages"),
    ("chunking", "iou@5", None, "chunking, intersection over union in 5 passages"),
    ("chunking", "excerpt_recall@5", 1, "the same recall, on the reporting half of the questions (odd sha256)"),
    ("scifact", "ndcg@10", None, "SciFact, nDCG@10, documents ranked by their best passage"),
    ("squad", "document_recall@5", None, "SQuAD 1.1, recall@5 of the paragraph"),
    ("squad", "document_recall@1", None, "SQuAD 1.1, hit@1 of the paragraph"),
)
TIMES = (
    # measure, how it is shown, whether less is better, what it says
    ("characters_per_second", "{:,.0f}", False, "characters added a second, split, embedded and stored"),
    ("passages_per_second", "{:,.1f}", False, "passages added a second (each system's own passages)"),
    ("p50", "{:.0f} ms", True, "search of 5 passages, median"),
    ("p95", "{:.0f} ms", True, "search of 5 passages, 95th percentile"),
    ("start", "{:.1f} s", True, "start of the process to the first search result, library there"),
    ("peak", "{:,.0f} MB", True, "peak memory, slice added and searched"),
    ("disk_per_million", "{:.1f} MB", True, "disk for a million characters, slice"),
)
SCALE = {"p50": 1e3, "p95": 1e3, "peak": 1e-6, "disk_per_million": 1e-6}
PUBLISHED = """\
Published figures to hold beside them (other software, so no like for like):

| | |
|---|---|
| chunking, all-MiniLM-L6-v2, 5 passages: recall / precision / IoU, Recursive 250/125 tokens | 78.7 / 4.9 / 4.9 |
| the same, Token 250/125, their best recall | 82.4 / 3.6 / 3.5 |
| the same, Recursive 200/0 | 75.7 / 6.5 / 6.5 |
| the same, Cluster 200, their best IoU | 75.2 / 7.2 / 7.2 |
| the same, text-embedding-3-large, LLM chunker | 91.9 / 3.9 / 3.9 |
| SciFact nDCG@10, all 5,183 abstracts: BM25 / all-MiniLM-L6-v2 / bge-small-en-v1.5 | 68.7 / 64.5 / 71.3 |
| SQuAD 1.1, 2,067 paragraphs as one collection, recall@5: BM25 (measured by us elsewhere) | 92.5 |
| SQuAD 2.0 F1, reading the one given paragraph, trained on SQuAD 2.0: MiniLM-L12 | 79.5 |
"""
METHOD = """\
- Every system runs in a process and an environment of its own behind one small protocol, with the same weights
  (all-MiniLM-L6-v2) and otherwise its own defaults: splitter, store, batch. Documents are named by numbers, so a name
  tells nothing. All times are taken from outside, after one sentence has been added and found.
- LangChain: RecursiveCharacterTextSplitter 1000/200, Chroma on the disk, 4 passages. LlamaIndex: SentenceSplitter
  1024/200 tokens, its in-memory store, 2 passages. Haystack: DocumentSplitter, 200 words, its in-memory store, 10
  passages. txtai has no splitter: the paragraphs of its own Textractor, faiss and SQLite, 3 passages. Ours: 8 passages.
- PDFs are read as each system does by default (pypdf for LangChain, LlamaIndex and Haystack). txtai's own reader needs
  a program or models from the network, so it is given pypdf's text.
- Recall, precision and IoU count characters as the published evaluation does: the lengths of the passages are added up,
  so what overlapping passages repeat counts against them.
- The weights see at most 256 tokens. LlamaIndex's passages are up to four times as long, and a txtai paragraph is as
  long as its author made it (two of the five chunking corpora have no blank lines, so each is one paragraph): the rest
  is never embedded. Of the chunking text less than a third reaches LlamaIndex's vectors and 63% txtai's. That is why
  the two add faster and need less disk, and part of why they find less.
- Ours alone also keeps an index of words and the documents themselves, which takes disk.
- Brackets are 95% bootstrap intervals over questions; "in words" compares question by question (paired bootstrap), and
  calls it a loss or a win only where the interval of the difference leaves zero out.
- Chunking is no held-out set for us: the size of our passages and the weight of words were chosen on all of its
  questions. From here on only the half with an even sha256 may be tuned on, so the other half has a row of its own.
  SciFact and SQuAD were never used to choose anything.
- Times are medians of the rounds, systems taking turns; in brackets the least and the most. Other work shared the
  machine's cores, alike for all systems but not evenly: trust ratios before seconds.
"""


def written(kept: Path, page: Path, planned: Sequence[str], larger: Path | None = None) -> None:
    """Writes the page, and the growth curve beside it, from the results in `kept`.

    A part of `planned` that is missing sends both to `kept` instead, so that a run of some parts leaves a whole page as
    it is. Of the run in `larger` the growth and SciFact on all abstracts are taken in as well, where they are there.
    """
    found = _measured(kept)
    if any(name not in found for name in planned):
        page = kept / page.name
    for name, one in _measured(larger).items() if larger else ():
        if name.startswith("growth"):
            found.setdefault(name, one)
        elif name == "scifact.ours":
            found[WHOLE] = one
    page.parent.mkdir(parents=True, exist_ok=True)
    curves = _curves(found)
    if curves:
        write_whole(page.with_name("growth.svg"), drawing(curves))
    write_whole(page, rendered(found, planned, kept.name))


def _measured(kept: Path) -> dict[str, dict]:
    """What is kept in a folder, by the name of its part."""
    found = {file.stem: json.loads(file.read_text(encoding="utf-8")) for file in sorted(kept.glob("*.json"))}
    return {name: one for name, one in found.items() if "took" in one}


def rendered(found: Kept, planned: Sequence[str], size: str) -> str:
    """The page as Markdown."""
    losses: list[str] = []
    finding = _finding(found, losses)
    times = [*_times(found, losses), *_room(found, losses), *_pdf(found, losses)]
    losses += _refusals(found)
    sections = [
        f"# Results\n\nWritten by `make {'bench' if size == 'bench' else 'bench-' + size}`; do not edit.\n",
        _state(found, planned),
        "## Where we lose\n",
        "".join(f"- {loss}\n" for loss in losses) or "Nowhere in what has been run.\n",
        f"## Finding\n\nIn percent.\n\n{HEAD}\n" + "\n".join(finding) + "\n",
        PUBLISHED + _whole(found),
        f"## Time and room\n\n{HEAD}\n" + "\n".join(times) + "\n",
        _alone(found),
        _growth(found),
        "## How it was measured\n\n" + METHOD,
        _software(found),
    ]
    return "\n".join(sections)


def _whole(found: Kept) -> str:
    """Ours on all of SciFact, which stands beside what is published of it; nothing where it was not run."""
    told = []
    for half, what in ((None, "all 300 questions"), (1, "the reporting half of them (odd sha256)")):
        scores = _scores(found.get(WHOLE, {}), "ndcg@10", half)
        if scores:
            told.append(
                f"| ours there, SciFact nDCG@10, all 5,183 abstracts, {what} | {_score(found[WHOLE], scores)} |\n"
            )
    return "".join(told)


def compared(ours: Sequence[float], theirs: Sequence[float]) -> tuple[float, float, float]:
    """The mean difference, ours less theirs, and the ends of its 95% interval, question by question."""
    values = np.array(ours) - np.array(theirs)
    low, high = interval(np.concatenate([mean(values, weights) for weights in draws(len(values))]))
    return float(values.mean()), low, high


def _finding(found: Kept, losses: list[str]) -> list[str]:
    rows = []
    for name, metric, half, title in ROWS:
        scores = {system: _scores(found.get(f"{name}.{system}", {}), metric, half) for system in SYSTEMS}
        note = next((found[f"{name}.{s}"]["note"] for s in SYSTEMS if "note" in found.get(f"{name}.{s}", {})), "")
        words = _said(scores, title, losses if half is None else [])
        cells = [_score(found.get(f"{name}.{system}"), scores[system]) for system in SYSTEMS]
        rows.append(_row(f"{title}{f' ({note})' if note and half is None else ''}", cells, words))
        if (name, metric) == ("chunking", "iou@5"):
            rows += _chunking_more(found)
    return rows


def _chunking_more(found: Kept) -> list[str]:
    """What each system would hand a reader by its own default, and how much text five passages are."""
    own, size = [], []
    for system in SYSTEMS:
        one = found.get(f"chunking.{system}", {})
        if "own" not in one:
            own.append(NOT_RUN)
            size.append(NOT_RUN)
            continue
        (scores,) = one["own"].values()
        own.append(f"{100 * statistics.mean(scores):.1f} in {one['k']}")
        size.append(f"{one['returned']:,.0f}")
    return [
        _row("chunking, recall in as many passages as each hands on by default", own, "more passages, more text"),
        _row("chunking, characters in 5 passages", size, "what a model would have to read and be paid for"),
    ]


def _scores(one: Mapping, metric: str, half: int | None) -> list[float]:
    """What each question scored, of all questions or of one half of them."""
    scores = one.get("scores", {}).get(metric, [])
    if half is None:
        return scores
    halves = one.get("halves", [None] * len(scores))
    return [score for score, other in zip(scores, halves, strict=True) if other == half]


def _said(scores: Mapping[str, Sequence[float]], title: str, losses: list[str]) -> str:
    """Who is ahead of us, level with us and behind us."""
    if not scores["ours"]:
        return ""
    ahead, level, behind = [], [], []
    for peer in PEERS:
        if len(scores[peer]) != len(scores["ours"]):
            continue
        difference, low, high = (100 * value for value in compared(scores["ours"], scores[peer]))
        if high < 0:
            ahead.append(f"{TITLES[peer]} by {-difference:.1f} points ({-high:.1f} to {-low:.1f})")
        elif low > 0:
            behind.append(f"{TITLES[peer]} by {difference:.1f}")
        else:
            level.append(f"{TITLES[peer]} ({difference:+.1f})")
    if ahead:
        losses.append(f"{title}: {_list(ahead)}.")
    said = [
        f"**we lose** to {_list(ahead)}" if ahead else "",
        f"no difference beyond chance from {_list(level)}" if level else "",
        f"we beat {_list(behind)}" if behind else "",
    ]
    return "; ".join(part for part in said if part)


def _score(one: Mapping | None, scores: Sequence[float]) -> str:
    if one is None or not (scores or "failed" in one):
        return NOT_RUN
    if "failed" in one:
        return f"failed: {one['failed']}"
    values = np.array(scores)
    low, high = interval(np.concatenate([mean(values, weights) for weights in draws(len(values))]))
    return f"{100 * values.mean():.1f} ({100 * low:.1f} to {100 * high:.1f})"


def _times(found: Kept, losses: list[str]) -> list[str]:
    rows = []
    for key, form, less, title in TIMES:
        values = {system: _rounds(found, "times", system, key) for system in SYSTEMS}
        count = max(map(len, values.values()))
        name = f"{title} ({count} round{'s' if count != 1 else ''})"
        row = _timed(name, values, form, less, losses if key != "passages_per_second" else [])
        rows.append(row if key != "passages_per_second" else row.rsplit(" | ", 1)[0] + " | passages differ in length |")
    asks = _rounds(found, "times", "ours", "ask_p50"), _rounds(found, "times", "ours", "ask_p95")
    if asks[0]:
        cell = " / ".join(f"{1e3 * statistics.median(one.values()):.0f}" for one in asks) + " ms"
        rows.append(_row("a whole cited answer, median / 95th percentile", [cell, *["-"] * 4], "ours alone"))
    return rows


def _room(found: Kept, losses: list[str]) -> list[str]:
    """Memory and disk where the whole chunking corpora were added."""
    whole = {system: found.get(f"chunking.{system}", {}) for system in SYSTEMS}
    peak = {system: {1: one["peak"] / 1e6} if "peak" in one else {} for system, one in whole.items()}
    disk = {system: {1: one["disk"] / one["characters"]} if "disk" in one else {} for system, one in whole.items()}
    size = next((one["characters"] for one in whole.values() if "characters" in one), 0) / 1e6
    return [
        _timed(f"peak memory, {size:.2f} million characters added and searched", peak, "{:,.0f} MB", True, losses),
        _timed(f"disk for a million characters, of {size:.2f} million", disk, "{:.1f} MB", True, losses),
    ]


def _pdf(found: Kept, losses: list[str]) -> list[str]:
    title = "a dropped PDF of 263 pages to the first answer (peers: first search result)"
    values = {system: _rounds(found, "pdf", system, "first") for system in SYSTEMS}
    rows = [_timed(title, values, "{:.1f} s", True, losses)]
    if not found.get("pdf1.ours", {}).get("answered", True):
        rows = [rows[0][:-2] + "; our first answer said that it is not in the documents |"]
    whole = _rounds(found, "pdf", "ours", "whole")
    if whole:
        values = {system: whole if system == "ours" else values[system] for system in SYSTEMS}
        title = "the same PDF until every passage can be found by meaning"
        rows.append(_timed(title, values, "{:.1f} s", True, losses))
        early = found.get("pdf1.ours", {}).get("early")
        if early:
            told = f"{early['right']} of {early['asked']} early, {early['late']} later"
            words = (
                f"ours alone: the right page (±1) cited when asked at once, with {early['ready']:,} of "
                f"{early['total']:,} vectors there, and when all are there"
            )
            rows.append(_row("questions on that PDF answered with the right page", [told, *["-"] * len(PEERS)], words))
    return rows


def _timed(title: str, values: Mapping[str, Rounds], form: str, less: bool, losses: list[str]) -> str:
    """A row of medians with their range, and how many times each peer's ours is.

    Rounds are compared pairwise: a difference is one where every round agrees on its sign, and a single round's is one
    from 5% on. Where the rounds disagree, the row and the list of losses say so.
    """
    worse, doubtful, level, better = [], [], [], []
    for peer in PEERS:
        both = values["ours"].keys() & values[peer].keys()
        ratios = [values["ours"][number] / values[peer][number] for number in both if values[peer][number]]
        if not ratios:
            continue
        middle = statistics.median(ratios)
        slack = 1.05 if len(ratios) == 1 else 1.0
        more, fewer = min(ratios) > slack, max(ratios) < 1 / slack
        side = level if not more and not fewer else worse if more == less else better
        if side is level and (middle > 1.1 if less else middle < 1 / 1.1):
            side = doubtful
        side.append(f"{middle:.2f}× {TITLES[peer]}'s")
    if worse:
        losses.append(f"{title}: ours is {_list(worse)}.")
    if doubtful:
        losses.append(f"{title}: ours is {_list(doubtful)} in the median, though not in every round.")
    said = [
        f"**we lose**: ours is {_list(worse)}" if worse else "",
        f"**we lose in the median, not in every round**: ours is {_list(doubtful)}" if doubtful else "",
        f"no clear difference: {_list(level)}" if level else "",
        f"ours is {_list(better)}" if better else "",
    ]
    return _row(title, [_median(values[system], form) for system in SYSTEMS], "; ".join(part for part in said if part))


def _median(values: Rounds, form: str) -> str:
    if not values:
        return NOT_RUN
    bare, unit = form.split("}")
    numbers = statistics.median(values.values()), min(values.values()), max(values.values())
    middle, low, high = (f"{bare}}}".format(value) for value in numbers)
    return f"{middle}{unit}" + (f" ({low} to {high})" if len(values) > 1 else "")


def _rounds(found: Kept, kind: str, system: str, key: str) -> Rounds:
    """What each round of a kind measured, in the unit that is shown."""
    held = ((re.fullmatch(rf"{kind}(\d+)\.{system}", name), one) for name, one in found.items())
    return {int(match.group(1)): one[key] * SCALE.get(key, 1) for match, one in held if match and key in one}


def _alone(found: Kept) -> str:
    lines = ["## Ours alone, without a chat model\n"]
    for name, title in (
        ("squad2.ours", "SQuAD 2.0 end to end, from all paragraphs at once: find, read, or refuse"),
        ("northwind.ours", "Northwind's manuals, six PDFs"),
    ):
        one = found.get(name)
        if one is None or "failed" in one:
            lines.append(f"{title}: {NOT_RUN if one is None else 'failed: ' + one['failed']}.\n")
            continue
        lines.append(f"{title}{one.get('note', '')}:\n\n| | | 95% interval | questions |\n|---|---|---|---|")
        for metric, score in one["metrics"].items():
            form = "{:.3f} s" if metric.startswith("latency") else "{:.1f}"
            scale = 1 if metric.startswith("latency") else 100
            shown = [form.format(scale * score[key]) for key in ("mean", "low", "high")]
            lines.append(f"| {metric} | {shown[0]} | {shown[1]} to {shown[2]} | {score['n']:,} |")
        if name == "squad2.ours":
            lines.append(f"| squad_f1 of always refusing | {_refusing(one):.1f} | | |")
        lines.append("")
    return "\n".join(lines)


def _refusals(found: Kept) -> list[str]:
    """A sentence where answering earns less on SQuAD 2.0 than always refusing would."""
    one = found.get("squad2.ours", {})
    if "metrics" not in one or 100 * one["metrics"]["squad_f1"]["mean"] >= _refusing(one):
        return []
    ours = 100 * one["metrics"]["squad_f1"]["mean"]
    return [
        f"SQuAD 2.0 end to end: F1 {ours:.1f}, where a system that always refuses would score {_refusing(one):.1f}."
    ]


def _refusing(one: Mapping) -> float:
    """What always refusing would score on SQuAD 2.0: the share of questions that have no answer, in percent."""
    answerable, bare = (one["metrics"][name]["n"] for name in ("has_answer_f1", "no_answer_accuracy"))
    return 100 * bare / (answerable + bare)


def _growth(found: Kept) -> str:
    curves = _curves(found)
    if not curves:
        return f"## Growth\n\n{NOT_RUN}.\n"
    lines = [
        "## Growth\n\nOurs alone, on real text repeated with a tenth of its words changed. The vectors are a "
        "stand-in's,\nso adding holds no embedding, which is flat a passage; asking holds the question's.\n",
        "![Seconds against passages, both logarithmic](growth.svg)\n",
        "| passages | add | words searchable after | search, median | search, 95th percentile | start | peak memory | "
        "disk |\n|---|---|---|---|---|---|---|---|",
    ]
    for one in _grown(found):
        lines.append(
            f"| {one['passages']:,} | {one['add']:.1f} s | {one['searchable']:.1f} s | {1e3 * one['p50']:.1f} ms | "
            f"{1e3 * one['p95']:.1f} ms | {one['start']:.1f} s | {one['peak'] / 1e6:,.0f} MB | "
            f"{one['disk'] / 1e6:,.0f} MB |"
        )
    slopes = {LABELS[name]: exponent(curve) for name, curve in curves.items()}
    told = [f"{label} {slope:.2f}" for label, slope in slopes.items() if slope is not None]
    missing = [name for name in (1_000, 10_000, 100_000, 1_000_000) if f"growth{name}.ours" not in found]
    if told:
        lines.append(f"\nFitted exponents (1 is in step with the library): {', '.join(told)}.")
    if missing:
        lines.append(f"\nNot run here: {_list([f'{one:,}' for one in missing])} passages.")
    return "\n".join(lines) + "\n"


def _grown(found: Kept) -> list[dict]:
    grown = [one for name, one in found.items() if name.startswith("growth") and "passages" in one]
    return sorted(grown, key=lambda one: one["passages"])


def _curves(found: Kept) -> dict[str, dict[float, float]]:
    grown = _grown(found)
    return {name: {one["passages"]: one[name] for one in grown} for name in LABELS} if grown else {}


def _state(found: Kept, planned: Sequence[str]) -> str:
    """The machine, how long it took, and what is missing or failed."""
    if not found:
        return "Nothing has been run.\n"
    machines = [one["machine"] for one in found.values()]
    first = machines[0]
    loads = [machine["load"] for machine in machines]
    minutes = sum(one["took"] for one in found.values()) / 60
    missing = [name for name in planned if name not in found]
    failed = [name for name, one in found.items() if "failed" in one]
    done = sum(name in found for name in planned)
    lines = [
        f"A virtual machine with {first['cores']} cores ({first['processor']}), {first['memory_gb']} GB, no GPU, "
        f"{first['system']}, Python {first['python']}. {done} of {len(planned)} parts, {minutes:.0f} minutes. "
        f"The load when a part ended was {min(loads):.1f} to {max(loads):.1f}, median {statistics.median(loads):.1f}: "
        "above 2, other work was taking part of the cores.\n"
    ]
    if missing:
        lines.append(f"Not run: {_list(_grouped(missing))}.\n")
    if failed:
        lines.append(f"Failed: {_list(_grouped(failed))}.\n")
    return "\n".join(lines)


def _grouped(names: Sequence[str]) -> list[str]:
    """The names with the systems of one part together: "squad (Haystack, txtai)"."""
    groups: dict[str, list[str]] = {}
    for name in names:
        part, _, system = name.partition(".")
        groups.setdefault(part, []).append(TITLES[system])
    return [f"{part} ({', '.join(systems)})" for part, systems in groups.items()]


def _software(found: Kept) -> str:
    lines = ["Versions:\n"]
    for system in SYSTEMS:
        known = [one["versions"] for name, one in found.items() if name.endswith(f".{system}")]
        if known:
            names = {name: sorted({one[name] for one in known if name in one}) for name in known[0]}
            told = ", ".join(f"{name} {' and '.join(versions)}" for name, versions in names.items() if name != "commit")
            commits = names.get("commit", [])
            more = f", commit{'s' if len(commits) > 1 else ''} {' '.join(commits)}" if commits else ""
            lines.append(f"- {TITLES[system]}: {told}{more}{' (worked on while this ran)' if len(commits) > 1 else ''}")
    return "\n".join(lines) + "\n"


def _row(title: str, cells: Iterable[str], words: str) -> str:
    return f"| {title} | {' | '.join(cells)} | {words} |"


def _list(parts: Sequence[str]) -> str:
    return parts[0] if len(parts) == 1 else ", ".join(parts[:-1]) + " and " + parts[-1]
