"""Ours alone, asked as a user would: by the command that the product ships, on whole question sets."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from assistant.evaluation.lines import write_whole
from tests.benchmarks.drive import ROOT, Broken
from tests.benchmarks.sets import SEED

SQUAD2 = ("has_answer_f1", "no_answer_accuracy", "answer_contains", "auroc", "squad_f1", "answer_rate", "latency_p50")
MANUALS = ("page_accuracy@1", "page_accuracy@0", "answer_rate", "quote_exact", "latency_p50")


def squad2(data: Path, questions: int | None, paragraphs: int | None, kept: Path) -> dict:
    """SQuAD 2.0 from all paragraphs at once: find, read, or refuse; no chat model, and no paragraph is given."""
    file, note = data / "squad" / "dev-v2.0.json", ""
    if paragraphs is not None:
        whole = json.loads(file.read_text(encoding="utf-8"))
        article = max(whole["data"], key=lambda article: len(article["paragraphs"]))
        whole["data"] = [article | {"paragraphs": article["paragraphs"][:paragraphs]}]
        file = kept / "squad2.json"
        kept.mkdir(parents=True, exist_ok=True)
        write_whole(file, json.dumps(whole))
        note = f" (only {paragraphs} paragraphs of one article)"
    return evaluated(file, SQUAD2, questions, kept / "squad2") | {"note": note}


def northwind(data: Path, kept: Path) -> dict:
    """Northwind's manuals as they are: whether a citation opens the page that the set names, give or take one."""
    return evaluated(data / "northwind" / "questions.jsonl", MANUALS, None, kept / "northwind")


def evaluated(file: Path, metrics: Sequence[str], limit: int | None, out: Path) -> dict:
    """What `python -m assistant evaluate` says of a set."""
    command = [sys.executable, "-m", "assistant", "evaluate", file, "--json", "--out", out]
    command += [part for name in metrics for part in ("--metric", name)]
    if limit is not None:
        command += ["--limit", str(limit), "--seed", str(SEED)]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False)
    if done.returncode:
        raise Broken(
            (done.stderr.strip().splitlines() or ["it ended without a word"])[-1][:300].replace(f"{ROOT}/", "")
        )
    report = json.loads(done.stdout)
    return {"metrics": report["metrics"], "seconds": report["seconds"]}
