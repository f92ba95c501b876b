"""The receipt as a person reads it: every character accounted for, and what is missing told first."""

from __future__ import annotations

from dataclasses import replace

import pytest

from assistant.spoken import roughly
from assistant.window.documents import document
from assistant.window.following import Following
from assistant.window.receipt import equation
from index.types import Entry, Progress, Receipt
from tests.assistant.window.test_window_rendering import read

MISSING = "pages 3 and 4 hold only pictures"
CLEAN = Receipt("a.pdf", "added", 11, 14_000, 61, seconds=75.0, seen=12_001, kept=12_001)
LEFT = replace(CLEAN, seen=12_345, dropped={"page number": 104, "running header or footer": 240})


def entry(receipt: Receipt, also: tuple[str, ...] = ()) -> Entry:
    return Entry("a.pdf", "a.pdf", "abc", "application/pdf", 11, 14_000, 61, 61, "2026-11-23", receipt, also)


def shown(receipt: Receipt, also: tuple[str, ...] = ()) -> str:
    return read(document(entry(receipt, also))).text


@pytest.mark.parametrize(
    ("receipt", "said"),
    [
        (CLEAN, "12,001 characters found, all of them in passages"),
        (LEFT, "12,345 characters found = 12,001 in passages + 344 left out"),
        (
            replace(LEFT, written=31, kept=12_032),
            "12,345 characters found + 31 put in (separators, numbers, titles) = 12,032 in passages + 344 left out",
        ),
        (replace(CLEAN, seen=12_018), "12,018 characters found ≠ 12,001 in passages"),
        (replace(LEFT, seen=None), "12,001 characters in passages + 344 left out"),
    ],
)
def test_the_account_is_one_line(receipt, said):
    assert equation(receipt) == said


def test_each_reason_has_its_count_and_the_largest_comes_first():
    text = shown(LEFT)
    assert "Left out:running header or footer240page number104" in text
    assert "Pages11Characters14,000Passages61Took1 min 15 s" in text
    assert "White space is not counted" in document(entry(LEFT))
    assert "Left out" not in shown(CLEAN)


def test_what_is_missing_is_red_and_marked_in_the_row_and_a_note_is_neither():
    page = document(entry(replace(CLEAN, warnings=(MISSING, "sheet 2 is hidden and read too"), missing=(MISSING,))))
    assert '<p class="problem" dir="auto">Pages 3 and 4 hold only pictures.</p>' in page
    assert '<p class="note" dir="auto">Sheet 2 is hidden and read too.</p>' in page
    assert page.count("hold only pictures") == 1
    assert "ready · !incomplete" in read(page).text
    noted = document(entry(replace(CLEAN, warnings=("sheet 2 is hidden and read too",))))
    assert "ready · 1 note" in noted and "problem" not in noted and "incomplete" not in noted


@pytest.mark.parametrize(
    ("seen", "said"),
    [
        (12_002, "1 character of this file is in no passage and was not left out on purpose either."),
        (12_018, "17 characters of this file are in no passage and were not left out on purpose either."),
        (11_999, "2 more characters stand in passages than were found in this file."),
    ],
)
def test_what_is_unexplained_is_said_in_red(seen, said):
    page = document(entry(replace(CLEAN, seen=seen)))
    assert f'<p class="problem" dir="auto">{said}</p>' in page and "incomplete" in page


def test_the_same_content_is_told_under_both_names():
    assert "Same content as b.pdf; stored once." in shown(replace(CLEAN, same_as="b.pdf"), ("b.pdf",))
    assert "Also here" not in shown(replace(CLEAN, same_as="b.pdf"), ("b.pdf",))
    assert "Also here as b.pdf, c.pdf." in shown(CLEAN, ("b.pdf", "c.pdf"))
    assert "Its text stays, as b.pdf." in shown(CLEAN, ("b.pdf",))


def test_the_line_tells_the_share_of_what_came_since_all_was_last_done():
    following = Following()
    assert following.line(Progress(1, 1, 1000, 1000)) == ""
    assert "Reading for meaning: 62% · about 40 s left" in following.line(Progress(1, 1, 1100, 1062, 39.0))
    assert "Paused at 62%. Passages not read yet" in following.line(Progress(1, 1, 1100, 1062, 39.0, paused=True))
    assert "Reading for meaning: 0% · you can" in following.line(Progress(1, 1, 1000, 900))
    assert following.line(Progress(1, 1, 1000, 1000)) == ""


def test_the_line_tells_the_page_that_a_long_file_is_at():
    line = Following().line(Progress(1, 0, 1000, 1000, page=1_200, of=5_000))
    assert "<span>Reading page 1,200 of 5,000.</span></li>" in line


def test_a_line_is_never_at_a_hundred_percent():
    following = Following()
    assert "99%" in following.line(Progress(1, 1, 1000, 999, 0.1))


def test_guessed_times_are_rough():
    assert [roughly(each) for each in (0.2, 39, 54, 57, 300, 3500, 7800)] == [
        "a few seconds",
        "about 40 s",
        "about 55 s",
        "about 1 min",
        "about 5 min",
        "about 1 h",
        "about 2 h",
    ]
