"""Kills and errors at single calls to the system, put there by strace: at each write point, in every thread."""

import json
import os
import random
import re
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from tests.crash import children
from tests.crash.failing import written
from tests.crash.ingest import opened
from tests.crash.inspection import complaints, inspect
from tests.crash.plan import acknowledged

pytestmark = pytest.mark.skipif(not shutil.which("strace"), reason="strace is not installed")

HOME = Path(__file__).parents[2]
LENGTH = 10
SEED = 7
CALLS = ("fsync", "fdatasync", "rename", "unlink", "pwrite64")
"""How SQLite and Chroma write, make safe, put in place and delete."""


def traced(options, *values):
    """A child under strace, once it has ended."""
    return subprocess.run(
        ["strace", "-f", "-qq", *options, sys.executable, "-B", "-m", *map(str, values)],
        cwd=HOME,
        capture_output=True,
        text=True,
    )


def points(folder):
    """How many of each call the busiest thread of a whole run makes: strace counts them thread by thread."""
    folder.mkdir()
    log = folder / "calls"
    options = ["-e", f"trace={','.join(CALLS)}", "-o", log]
    done = traced(options, "tests.crash.ingest", folder / "library", folder / "log", SEED, LENGTH)
    assert done.returncode == 0, done.stderr
    found = Counter(re.findall(r"^(\d+) +(\w+)\(", log.read_text(), re.M))
    return {call: max((many for (_, name), many in found.items() if name == call), default=0) for call in CALLS}


def killed(folder, call, number):
    """What is wrong after a kill at a call, or None where the run got by without it."""
    folder.mkdir()
    values = (folder / "library", folder / "log", SEED, LENGTH)
    options = ["-e", f"trace={call}", "-e", f"inject={call}:signal=KILL:when={number}", "-o", os.devnull]
    done = traced(options, "tests.crash.ingest", *values)
    if done.returncode == 0:
        assert acknowledged(folder / "log") == (LENGTH, LENGTH)
        return None
    status = children.run(inspect, *values, folder / "report")
    if not (folder / "report").exists():
        return [f"the library brought its process down with status {status}"]
    return json.loads((folder / "report").read_text())["wrong"]


@pytest.mark.slow
def test_a_kill_at_a_call_that_makes_a_write_safe_loses_nothing(tmp_path):
    assert killed(tmp_path / "5", "fdatasync", 5) == []


@pytest.mark.slow
@pytest.mark.parametrize("call", CALLS)
def test_kills_at_every_kind_of_call_lose_nothing(tmp_path, figures, call):
    there = points(tmp_path / "whole")[call]
    numbers = list(range(1, there + 2))
    if len(numbers) > 15:
        numbers = sorted(random.Random(0).sample(numbers, 15))
    found = {number: killed(tmp_path / str(number), call, number) for number in numbers}
    at = [number for number, wrong in found.items() if wrong is not None]
    failed = {number: found[number] for number in at if found[number]}
    figures.append(
        f"kills at {call}: {len(at)} of {there} points, {len(failed)} failed (under "
        f"{100 * children.wilson(len(failed), max(1, len(at))):.1f}% at 95%)"
    )
    assert not failed
    assert at or not there


def failed_at(folder, call, when, count=8):
    """The files that were refused where calls fail with an input/output error, and those that are in and whole."""
    folder.mkdir()
    opened(folder / "library").close()
    options = ["-e", f"trace={call}", "-e", f"inject={call}:error=EIO:when={when}", "-o", os.devnull]
    done = traced(options, "tests.crash.failing", folder / "library", count)
    assert "Traceback" not in done.stderr, done.stderr
    told = [json.loads(line) for line in done.stdout.splitlines()]
    inside = {source for source, state, _ in told if state == "added"}
    for _, state, sentence in told:
        assert state == "added" or (sentence and "\n" not in sentence)
    with opened(folder / "library") as index:
        index.wait()
        there = {entry.source for entry in index.documents()}
        assert inside <= there
        assert complaints(index, {source: {written(source)} for source in there}) == []
    return {source for source, state, _ in told if state != "added"}, inside


def test_a_disk_that_fails_in_one_document_spoils_no_other(tmp_path):
    refused, inside = failed_at(tmp_path / "pwrite64", "pwrite64", "100..104")
    assert refused == {"e3.txt"}
    assert len(inside) == 7


@pytest.mark.slow
@pytest.mark.parametrize("call", ["pwrite64", "fdatasync", "fsync"])
def test_errors_of_a_disk_spoil_no_other_document(tmp_path, figures, call):
    failed = whole = 0
    draw = random.Random(call)
    for number in range(5):
        first = draw.randint(1, 140 if call == "pwrite64" else 3)
        refused, inside = failed_at(tmp_path / str(number), call, f"{first}..{first + draw.randint(0, 3)}")
        failed, whole = failed + len(refused), whole + len(inside)
    figures.append(f"errors at {call}: 5 disks, {failed} files refused in a sentence, the other {whole} whole")
