"""A document that was acknowledged survives a kill at any moment, and none is ever there by half."""

import json
import random
import time

import pytest

from tests.crash import children
from tests.crash.ingest import ingest
from tests.crash.inspection import inspect
from tests.crash.plan import acknowledged

LENGTH = 40


class Trial:
    """One child that is killed while it changes a library, and another that looks the library over."""

    def __init__(self, folder, seed, aim):
        folder.mkdir()
        self.seed, self.aim, self.report = seed, aim, folder / "report.json"
        self._values = (folder / "library", folder / "log", seed, LENGTH)
        child = children.start(ingest, *self._values, True)
        self._wait(random.Random(seed))
        self.killed = children.kill(child)
        self._inspector = children.start(inspect, *self._values, self.report)

    def _wait(self, draw):
        library, log = self._values[:2]
        children.until(lambda: acknowledged(log)[0] > 0)
        if self.aim:
            children.wait_for_change(library, self.aim, draw.randint(1, 40), 6)
            time.sleep(draw.uniform(0, 0.03))
        else:
            time.sleep(draw.uniform(0, 5))

    def told(self):
        """What was wrong, and the seconds from opening until every vector was there."""
        status = children.join(self._inspector)
        if not self.report.exists():
            return [f"the library brought its process down with status {status}"], None
        report = json.loads(self.report.read_text())
        return report["wrong"], report["healthy"]


def judge(folder, aims, first, figures):
    """One trial for each aim; fails with what was wrong in any, and says how sure the rest is."""
    trials, told = [], []
    for number, aim in enumerate(aims):
        trials.append(Trial(folder / str(number), first + number, aim))
        told += [trial.told() for trial in trials[len(told) : -1]]
    told += [trial.told() for trial in trials[len(told) :]]
    failed = [(trial.seed, trial.aim, wrong) for trial, (wrong, _) in zip(trials, told, strict=True) if wrong]
    seconds = sorted(healthy for _, healthy in told if healthy is not None)
    killed = sum(trial.killed for trial in trials)
    share = 100 * children.wilson(len(failed), len(trials))
    where = " ".join(sorted({aim or "a random moment" for aim in aims}))
    figures.append(
        f"kills aimed at {where}: {len(trials)} trials, {killed} killed at work, {len(failed)} failed (under "
        f"{share:.1f}% at 95%); healthy after {seconds[len(seconds) // 2]:.2f} s (median), {seconds[-1]:.2f} s (worst)"
    )
    assert not failed
    assert killed >= len(trials) // 2, "most kills came when the work was over: they show nothing"


@pytest.mark.slow
def test_a_plan_that_is_not_killed_leaves_a_whole_library(tmp_path):
    values = (tmp_path / "library", tmp_path / "log", 0, LENGTH)
    assert children.run(ingest, *values, True) == 0
    assert acknowledged(tmp_path / "log") == (LENGTH, LENGTH)
    assert children.run(inspect, *values, tmp_path / "report") == 0
    assert json.loads((tmp_path / "report").read_text())["wrong"] == []


def test_ten_kills_lose_nothing(tmp_path, figures):
    judge(tmp_path, ["", "segment", "chroma", "", "ledger", "files", "", "segment", "any", ""], 0, figures)


@pytest.mark.slow
def test_a_hundred_random_kills_lose_nothing(tmp_path, figures):
    judge(tmp_path, [""] * 100, 1_000, figures)


@pytest.mark.slow
@pytest.mark.parametrize("aim", ["segment", "chroma", "ledger", "files"])
def test_kills_in_the_middle_of_a_write_lose_nothing(tmp_path, aim, figures):
    judge(tmp_path, [aim] * 25, 2_000, figures)
