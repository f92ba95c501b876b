"""Has the PDFs of a sweep held against `pdftotext`, and says what came of it."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from assistant.evaluation.lines import write_whole
from tests.benchmarks.drive import ROOT
from tests.sweep.judge import Page
from tests.sweep.watch import Log

LOW = 0.9
_SAME_LETTERS = 0.95
_BLANKS = "the same letters, with blanks in other places"
EXPLAINED = Path(__file__).with_name("explained.json")
"""What was seen on pages that were looked at: a reason, and the pages as "path#number"."""


def compare(log: Log, folder: Path, work: Path, say: Callable[[str], None]) -> list[Page]:
    """The comparison of each page of text; none where pdftotext is not installed."""
    if shutil.which("pdftotext") is None:
        say("pdftotext is not installed (Debian: poppler-utils), so no text is compared")
        return []
    read = [one for one in log.outcomes.values() if one.format == "pdf" and one.state not in ("refused", "")]
    say(f"{len(read):,} PDFs are held against pdftotext")
    told = "".join(json.dumps([one.path, one.source]) + "\n" for one in read)
    command = [sys.executable, "-m", "tests.sweep.judge", str(work / "library"), str(folder)]
    with (work / "judge.log").open("w") as errors:
        done = subprocess.run(
            command, input=told, stdout=subprocess.PIPE, stderr=errors, text=True, cwd=ROOT, check=True
        )
    write_whole(work / "judged.jsonl", done.stdout)
    return compared_before(work)


def compared_before(work: Path) -> list[Page]:
    """What the last comparison said; nothing where there was none."""
    kept = work / "judged.jsonl"
    return [_page(json.loads(line)) for line in kept.read_text(encoding="utf-8").splitlines()] if kept.exists() else []


def _page(told: dict) -> Page:
    return Page(**{**told, "missing": tuple(told["missing"])})


def judgement(pages: Sequence[Page]) -> Iterator[str]:
    """The section of the page."""
    if not pages:
        return
    low = [page for page in pages if page.recall < LOW]
    yield "\n## PDF text beside pdftotext\n"
    yield (
        f"{len(pages):,} pages of {len({page.path for page in pages}):,} PDFs on which pdftotext (poppler, its default "
        "reading order) finds words. Similarity: 1 less the share of characters to insert and delete, runs of white "
        "space taken as one blank; it falls where columns and rows of tables are read in another order. Words: the "
        "share of pdftotext's words that we have, in any order, case and hyphens left aside; letters: the same of its "
        "letters. What we left out on purpose counts as there.\n"
    )
    yield "| pages | | median | 10th percentile | 1st percentile |\n|---|---|---|---|---|"
    for name, some in (("all", list(pages)), ("of 50 words or more", [page for page in pages if page.words >= 50])):
        for what in ("similarity", "recall", "letters"):
            values = sorted(getattr(page, what) for page in some)
            cells = " | ".join(f"{values[int(share * (len(values) - 1))]:.3f}" for share in (0.5, 0.1, 0.01))
            yield f"| {name} ({len(some):,}) | {'words' if what == 'recall' else what} | {cells} |"
    yield f"\n{len(low)} pages have under {LOW:.0%} of pdftotext's words. Each was looked at:\n"
    yield "| pages | what is behind it | which |\n|---|---|---|"
    groups = _groups(low)
    for reason, some in sorted(groups.items(), key=lambda item: -len(item[1])):
        which = ", ".join(f"`{page.path.rpartition('/')[2]}` {page.number} ({page.recall:.0%})" for page in some)
        yield f"| {len(some)} | {reason} | {which} |"


def _groups(low: Sequence[Page]) -> dict[str, list[Page]]:
    explained = json.loads(EXPLAINED.read_text(encoding="utf-8")) if EXPLAINED.exists() else {}
    reasons = {place: reason for reason, places in explained.items() for place in places}
    found: dict[str, list[Page]] = defaultdict(list)
    for page in low:
        place = f"{page.path.rpartition('/')[2]}#{page.number}"
        reason = reasons.get(place) or (_BLANKS if page.letters >= _SAME_LETTERS else "**not explained**")
        found[reason].append(page)
    return found
