"""A file whose pages are read from pictures has the time of a file for each of them, and not more than all may take."""

from __future__ import annotations

import time

import pytest

from index.allowance import allowing, another_page
from index.errors import HeavyFile
from index.fence import Fence
from index.fence.limits import Limits
from index.fence.process import Setting


def told(tmp_path, name, **limits):
    """What the hostile reader says that it did with a file of this name."""
    path = tmp_path / name
    path.write_text("words")
    fence = Fence(tmp_path / "spool", Setting(Limits(**limits), reader="tests.index.hostile"))
    try:
        return fence.read(path).text
    finally:
        fence.close()


def test_without_a_fence_there_is_always_time_for_another_page():
    assert another_page()
    with allowing(lambda page, of: False):
        assert not another_page()
    assert another_page()


@pytest.mark.parametrize(("deed", "limits"), [("pages", {"processor": 1}), ("naps", {"wall": 2.0})])
def test_each_page_has_the_time_of_a_file(deed, limits, tmp_path):
    assert told(tmp_path, f"{deed}-4.txt", **limits) == "4 pages"


def test_no_page_is_begun_when_all_time_is_used_up(tmp_path):
    pages, _, _ = told(tmp_path, "naps-100.txt", pictures=1.0).partition(" ")
    assert 1 <= int(pages) <= 2


def test_a_reader_that_is_at_work_for_ever_is_ended(tmp_path):
    began = time.monotonic()
    with pytest.raises(HeavyFile, match="was not read within 1 s"):
        told(tmp_path, "stall.txt", pictures=1.0, wall=1.0)
    assert 1.5 < time.monotonic() - began < 8
