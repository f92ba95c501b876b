"""A document that was acknowledged survives that the power goes, at any moment and whatever of the rest is lost."""

import json
import random
import shutil
import sys
from pathlib import Path

import pytest

from tests.crash import children, trace
from tests.crash.inspection import inspect
from tests.crash.power import HOWS, Disk

pytestmark = pytest.mark.skipif(not shutil.which("strace"), reason="strace is not installed")

HOME = Path(__file__).parents[2]


class Run:
    """A child that carries a plan out undisturbed, and all that it did to the disk."""

    def __init__(self, folder, seed, length, store="memory"):
        folder.mkdir(parents=True)
        self.folder, self.seed, self.length, self.store = folder, seed, length, store
        values = (folder / "library", folder / "log", seed, length, store)
        command = [sys.executable, "-B", "-m", "tests.crash.ingest", *map(str, values)]
        trace.record(folder / "trace", command, HOME)
        self.moments = list(trace.moments(folder / "trace"))
        (folder / "trace").unlink()
        disk = Disk(folder)
        self.points = [place + 1 for place, moment in enumerate(self.moments) if disk.happens(moment)]
        self.mapped = disk.mapped
        self.told = [place for place in self.points if _tells(self.moments[place - 1], folder / "log")]

    def cuts(self, count, draw):
        """Moments drawn from the seed: half of them right behind what is told, when least of it can wait to be safe."""
        behind = draw.sample(self.told, min(len(self.told), count // 2))
        others = [point for point in self.points if point not in behind]
        return sorted([*behind, *draw.sample(others, min(len(others), count - len(behind)))])

    def found(self, cuts, hows, folder, deaf=lambda path: False):
        """What is wrong with the library after each of these cuts: [(moment, how, sentences)]."""
        disk, done, found = Disk(self.folder, deaf), 0, []
        for number, (cut, how) in enumerate(zip(cuts, hows, strict=True)):
            for moment in self.moments[done:cut]:
                disk.happens(moment)
            done = cut
            place = folder / str(number)
            disk.cut(how, random.Random(f"{self.seed} {number}"), place)
            found.append((cut, how, self._look(place, disk.text(self.folder / "log"))))
            shutil.rmtree(place)
        return found

    def _look(self, place, log):
        (place / "log").write_text(log)
        report = place / "report"
        values = (place / "library", place / "log", self.seed, self.length, report, 0, self.store)
        status = children.run(inspect, *values)
        if not report.exists():
            return [f"the library brought its process down with status {status}"]
        return json.loads(report.read_text())["wrong"]


def _tells(moment, log):
    return not moment.over and moment.call.name == "write" and moment.call.of() == log


def judge(runs, count, folder, figures):
    """So many cuts of each run; fails with what is wrong after any."""
    failed, trials, points = [], 0, 0
    for run in runs:
        draw = random.Random(run.seed)
        cuts = run.cuts(count, draw)
        hows = [HOWS[(place + run.seed) % len(HOWS)] for place in range(len(cuts))]
        draw.shuffle(hows)
        found = run.found(cuts, hows, folder)
        failed += [(run.seed, *each) for each in found if each[2]]
        trials, points = trials + len(found), points + len(run.points)
    figures.append(
        f"power cuts, {runs[0].store} store: {trials} of {points:,} moments, {len(failed)} failed (under "
        f"{100 * children.wilson(len(failed), trials):.1f}% at 95%)"
    )
    assert not failed


@pytest.fixture(scope="module")
def short(tmp_path_factory):
    return Run(tmp_path_factory.mktemp("power") / "run", 7, 8)


def test_power_cuts_lose_nothing(short, tmp_path, figures):
    judge([short], 6, tmp_path, figures)


def test_only_what_needs_no_safety_is_written_past_the_calls_that_write(short):
    assert {path.name for path in short.mapped if path.is_relative_to(short.folder)} == {"ledger.sqlite-shm"}


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(8))
def test_fifty_power_cuts_lose_nothing(tmp_path, seed, figures):
    judge([Run(tmp_path / "run", 3_000 + seed, 15)], 50, tmp_path, figures)


@pytest.mark.slow
def test_power_cuts_lose_nothing_of_what_a_torn_store_is_built_from(tmp_path, figures):
    judge([Run(tmp_path / "run", 4_000, 15, "chroma")], 30, tmp_path, figures)


DEAF = {
    "the bytes of the ledger": lambda path: path.name.startswith("ledger.sqlite"),
    "the names in the library": lambda path: path.name == "library",
    "the name of the library": lambda path: path.name == "run",
    "the bytes of the originals": lambda path: "spool" in path.parts,
    "the names of the originals": lambda path: path.name == "files",
}


@pytest.mark.parametrize("what", [next(iter(DEAF)), *(pytest.param(w, marks=pytest.mark.slow) for w in [*DEAF][1:])])
def test_a_disk_that_does_not_make_safe_what_it_is_told_to_loses_documents(short, tmp_path, what, figures):
    cuts = short.told[1::2][-8:]
    lost = []
    for number, how in enumerate(("nothing", "only names", "only bytes")):
        (tmp_path / str(number)).mkdir()
        for cut in cuts if not lost else ():
            lost += [each for each in short.found([cut], [how], tmp_path / str(number), DEAF[what]) if each[2]]
    figures.append(f"control, power cuts of a disk that does not keep {what}: {lost[0][2][0] if lost else 'no harm'}")
    assert lost, f"the trials show nothing: the library does without {what} being made safe"
