"""What the window does with files: taken in side by side, cancelled, asked about and removed, in threads of its own."""

from __future__ import annotations

import hashlib
import threading
import time
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from types import SimpleNamespace

import pytest

from assistant.window.adding import BROKEN, MOST, Adding, free
from assistant.window.arriving import CANCELLED, day
from assistant.window.escape import handle
from assistant.window.shelf import LOST, Shelf, named, taken_over
from index.errors import LibraryBusy, UnknownDocument
from index.types import Entry, Progress, Receipt

MOMENT = "2026-11-03T09:00:00+00:00"


@dataclass
class Assistant:
    """Keeps what it is given; files whose name begins with "slow" wait until they may, or are cancelled."""

    entries: dict[str, Entry] = field(default_factory=lambda: {"a.md": _entry("a.md", b"first")})
    may: threading.Event = field(default_factory=threading.Event)
    began: list[str] = field(default_factory=list)
    far: Progress = field(default_factory=lambda: Progress(0, 0, 10, 10))

    def documents(self):
        return list(self.entries.values())

    def progress(self):
        return self.far

    def pause(self):
        self.far = replace(self.far, paused=True)

    def resume(self):
        self.far = replace(self.far, paused=False)

    def tag(self, source, tags):
        if source not in self.entries:
            raise UnknownDocument(f"there is no {source}")
        if tags == ["busy"]:
            raise LibraryBusy("the library is in use")
        self.entries[source] = replace(self.entries[source], tags=tuple(tags))

    def add(self, path, *, wait, name=None, cancel=None):
        if name is None:
            self.began.append(path)
            return [Receipt(path, "refused", problem=f"{path} is no public address")]
        self.began.append(name)
        while name.startswith("slow") and not self.may.wait(0.01):
            if cancel.is_set():
                return [Receipt(name, "cancelled", problem="said so")]
        if name == "busy.txt":
            raise LibraryBusy("the library is in use")
        if name == "broken.txt":
            raise KeyError(name)
        if name.endswith(".bin"):
            return [Receipt(name, "refused", problem="no way to read it")]
        data = path.read_bytes()
        known = self.entries.get(name)
        self.entries[name] = _entry(name, data)
        same = known is not None and known.sha256 == self.entries[name].sha256
        state = "added" if known is None else "unchanged" if same else "replaced"
        return [Receipt(name, state, same_as="first.txt" if data == b"twice" else "")]

    def remove(self, source):
        if source not in self.entries:
            raise UnknownDocument(f"there is no document {source!r}")
        del self.entries[source]


def _entry(name, data, ready=2):
    digest = hashlib.sha256(data).hexdigest()
    return Entry(name, name, digest, "", 11, 9, 2, ready, MOMENT, Receipt(name, "added"))


def event(**data):
    return SimpleNamespace(_data=data)


@pytest.fixture
def assistant():
    made = Assistant()
    yield made
    made.may.set()


@pytest.fixture
def shelf(assistant):
    return Shelf(assistant, Adding(assistant))


@pytest.fixture
def upload(tmp_path, monkeypatch):
    monkeypatch.setenv("GRADIO_TEMP_DIR", str(tmp_path / "uploads"))

    def make(name: str, data: bytes = b"words") -> str:
        file = tmp_path / "uploads" / hashlib.sha256(data).hexdigest() / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data)
        return str(file)

    return make


def added(shelf, uploads, path, name):
    """The list once everything that is on its way is over."""
    *_, (page, _, _) = shelf.add(uploads, event(path=path, name=name))
    arrival = uploads.get(path)
    return shelf.refresh(uploads)[0] if arrival is not None and arrival.over.wait(5) else page


def until(true):
    for _ in range(500):
        if true():
            return
        time.sleep(0.01)
    raise AssertionError("it never came true")


def test_an_upload_is_added_under_its_own_name_and_its_copy_is_gone(shelf, assistant, upload, tmp_path):
    uploads = {}
    path = upload("my_file.txt")
    first, last = shelf.add(uploads, event(path=path, name="my: file?.txt"))
    assert assistant.began == ["my: file?.txt"]
    assert 'class="document pending"' in first[0] and 'class="document pending"' not in last[0] and uploads == {}
    assert list((tmp_path / "uploads").rglob("*")) == []


def test_a_refused_upload_says_why_until_it_is_dismissed(shelf, upload):
    uploads = {}
    assert "No way to read it." in added(shelf, uploads, upload("a.bin"), "a.bin")
    (key,) = uploads
    assert "No way to read it." not in shelf.dismiss(uploads, event(key=key))[0]


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_an_error_is_said_and_the_next_file_is_added_all_the_same(shelf, assistant, upload):
    assert "The library is in use." in added(shelf, {}, upload("busy.txt"), "busy.txt")
    assert BROKEN[:36] in added(shelf, {}, upload("broken.txt"), "broken.txt")
    added(shelf, {}, upload("well.txt"), "well.txt")
    assert "well.txt" in assistant.entries


def test_what_is_known_or_stored_once_is_noted(shelf, upload):
    assert "Already here, unchanged." in added(shelf, {}, upload("a.md", b"first"), "a.md")
    assert "Same content as first.txt; stored once." in added(shelf, {}, upload("b.md", b"twice"), "b.md")


def test_slow_files_hold_up_no_other_and_no_event(shelf, assistant, upload):
    uploads = {}
    for number in range(MOST - 1):
        next(shelf.add(uploads, event(path=upload(f"slow {number}.txt"), name=f"slow {number}.txt")))
    until(lambda: len(assistant.began) == MOST - 1)
    began = time.monotonic()
    assert "quick.txt" not in assistant.entries
    next(shelf.add(uploads, event(path=upload("quick.txt", b"quick"), name="quick.txt")))
    until(lambda: "quick.txt" in assistant.entries)
    assert time.monotonic() - began < 2 and not assistant.may.is_set()


def test_more_files_than_are_taken_in_at_a_time_wait_for_their_turn(shelf, assistant, upload):
    uploads = {}
    for number in range(MOST + 2):
        next(shelf.add(uploads, event(path=upload(f"slow {number}.txt"), name=f"slow {number}.txt")))
    until(lambda: len(assistant.began) == MOST)
    page, _, timer = shelf.refresh(uploads)
    assert page.count("waiting…") == 2 and page.count("reading…") == MOST and timer.active
    assistant.may.set()
    until(lambda: len(assistant.entries) == MOST + 3)
    until(lambda: not shelf.refresh(uploads)[2].active)


@pytest.mark.parametrize("waits", [False, True])
def test_a_cancelled_file_says_so_and_is_not_in(shelf, assistant, upload, waits):
    uploads = {}
    for number in range(MOST + 1 if waits else 1):
        path = upload(f"slow {number}.txt")
        next(shelf.add(uploads, event(path=path, name=f"slow {number}.txt")))
    until(lambda: len(assistant.began) == min(MOST, len(uploads)))
    arrival = uploads[path]
    page = shelf.cancel(uploads, event(key=path))[0]
    assert (CANCELLED if waits else "cancelling…") in page
    assert arrival.over.wait(5) and CANCELLED in shelf.refresh(uploads)[0]
    assert arrival.name not in assistant.entries and not Path(arrival.path).exists()


def asked(shelf, uploads, upload):
    path = upload("a.md", b"second")
    page = added(shelf, uploads, path, "a.md")
    assert "(11 pages, added 3 November 2026)" in page and "There is already a" in page
    return path


def test_another_file_of_a_taken_name_asks_and_replaces(shelf, assistant, upload):
    uploads = {}
    path = asked(shelf, uploads, upload)
    arrival = uploads[path]
    assert assistant.began == [] and not shelf.refresh(uploads)[2].active
    shelf.answer(uploads, event(key=path, choice="replace"))
    assert arrival.over.wait(5)
    assert "The earlier version was replaced." in shelf.refresh(uploads)[0]
    assert assistant.entries["a.md"].sha256 == hashlib.sha256(b"second").hexdigest()
    assert not Path(arrival.path).exists()


def test_another_file_of_a_taken_name_is_kept_beside_it(shelf, assistant, upload):
    uploads = {}
    path = asked(shelf, uploads, upload)
    arrival = uploads[path]
    shelf.answer(uploads, event(key=path, choice="both"))
    assert arrival.over.wait(5)
    assert sorted(assistant.entries) == ["a (2).md", "a.md"]
    assert assistant.entries["a.md"].sha256 == hashlib.sha256(b"first").hexdigest()


@pytest.mark.parametrize("leaves", [False, True])
def test_a_question_that_nobody_answers_leaves_no_file_behind(shelf, assistant, upload, leaves):
    uploads = {}
    path = asked(shelf, uploads, upload)
    waiting = Path(uploads[path].path)
    assert waiting.read_bytes() == b"second"
    if leaves:
        shelf.leave(uploads)
    else:
        assert "There is already a" not in shelf.dismiss(uploads, event(key=path))[0]
    assert not waiting.exists() and assistant.began == []


def test_an_answer_to_no_question_changes_nothing(shelf, assistant, upload):
    uploads = {}
    path = asked(shelf, uploads, upload)
    for sent in (event(key="no", choice="both"), event(key=path, choice="burn"), event()):
        assert "There is already a" in shelf.answer(uploads, sent)[0]
    assert assistant.began == []


def test_two_files_of_one_name_at_once_do_not_replace_each_other_unasked(shelf, assistant, upload):
    one, other = {}, {}
    for uploads, data in ((one, b"one"), (other, b"other")):
        next(shelf.add(uploads, event(path=upload("slow.txt", data), name="slow.txt")))
    until(lambda: assistant.began == ["slow.txt"])
    assistant.may.set()
    until(lambda: "There is already a" in shelf.refresh(other)[0])
    assert assistant.entries["slow.txt"].sha256 == hashlib.sha256(b"one").hexdigest()


def test_the_very_same_file_from_two_visitors_is_added_once_and_shown_to_both(shelf, assistant, upload):
    one, other = {}, {}
    path = upload("slow.txt")
    for uploads in (one, other):
        assert 'class="document pending"' in next(shelf.add(uploads, event(path=path, name="slow.txt")))[0]
    assistant.may.set()
    until(lambda: not shelf.refresh(other)[2].active)
    assert assistant.began == ["slow.txt"] and "slow.txt" in assistant.entries


def test_a_path_that_is_no_upload_is_not_touched(shelf, upload, tmp_path):
    upload("a.txt")
    secret = tmp_path / "secret.txt"
    secret.write_text("secret")
    sneaky = str(tmp_path / "uploads" / ".." / "secret.txt")
    for path in (str(secret), sneaky, "", str(tmp_path / "uploads"), "/etc/passwd"):
        assert taken_over(path, tmp_path) is None
    assert LOST in added(shelf, {}, str(secret), "secret.txt")
    assert secret.read_text() == "secret"


@pytest.mark.parametrize(
    ("given", "asked_for"),
    [
        (" https://example.org/page ", "https://example.org/page"),
        ("example.org/page", "https://example.org/page"),
        ("/etc/passwd", "https:///etc/passwd"),
        ("file:///etc/passwd", "file:///etc/passwd"),
    ],
)
def test_what_is_pasted_is_an_address_and_never_a_file(shelf, assistant, given, asked_for):
    uploads = {}
    shelf.fetch(uploads, event(address=given))
    (arrival,) = uploads.values()
    assert arrival.over.wait(5) and assistant.began == [asked_for]
    assert "is no public address." in shelf.refresh(uploads)[0]


def test_the_end_of_the_server_cancels_what_is_not_in(assistant, upload):
    adding = Adding(assistant)
    shelf, uploads = Shelf(assistant, adding), {}
    next(shelf.add(uploads, event(path=upload("slow.txt"), name="slow.txt")))
    until(lambda: assistant.began)
    adding.close()
    assert not adding.busy and CANCELLED in shelf.refresh(uploads)[0]


def test_removing_what_is_not_there_says_so(shelf):
    page, _, _ = shelf.remove({}, event(source="b.md"))
    assert "There is no document" in page


def test_removing_a_document_takes_it_off_the_list(shelf, assistant):
    shelf.remove({}, event(source="a.md"))
    assert assistant.entries == {}


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("report.pdf", "report.pdf"),
        ("../../etc/passwd", "passwd"),
        ("C:\\files\\report.pdf", "report.pdf"),
        ("", "document"),
        ("a\0b.txt", "ab.txt"),
        ("x" * 300 + ".pdf", "x" * 196 + ".pdf"),
    ],
)
def test_a_name_is_the_files_own(given, kept):
    assert named(given) == kept


def test_a_free_name_has_the_first_free_number_before_its_suffix():
    assert free("report.pdf", {"report.pdf"}) == "report (2).pdf"
    assert free("report.pdf", {"report (2).pdf", "report (3).pdf"}) == "report (4).pdf"
    assert free("README", set()) == "README (2)"


def test_a_day_is_told_in_words():
    assert day(MOMENT, date(2026, 11, 3)) == "today"
    assert day(MOMENT, date(2026, 11, 4)) == "3 November 2026"
    assert day("") == "earlier"


def test_the_timer_runs_only_while_something_is_read(shelf, assistant):
    assert shelf.refresh({})[2].active is False
    assistant.entries["a.md"] = _entry("a.md", b"first", ready=1)
    assistant.far = Progress(1, 1, 11, 10, 90.0)
    page, _, timer = shelf.refresh({})
    assert timer.active and "about 2 min left · you can already ask" in page
    page, _, timer = shelf.pause({})
    assert timer.active and "Paused at" in page and "paused at 50%" in page
    assert "Reading for meaning" in shelf.resume({})[0]


def test_the_library_that_fails_says_so_in_the_list(shelf, assistant):
    def fails():
        raise UnknownDocument("the library is damaged")

    assistant.documents = fails
    assert "The library is damaged." in shelf.refresh({})[0]


def test_a_document_is_tagged_and_what_went_wrong_with_that_is_said():
    assistant = Assistant()
    shelf, uploads = Shelf(assistant, Adding(assistant)), {}
    page, *_ = shelf.tag(uploads, event(document=handle("a.md"), tags="policy,new"))
    assert assistant.entries["a.md"].tags == ("policy", "new") and "policy, new" in page
    page, *_ = shelf.tag(uploads, event(document=handle("a.md"), tags="busy"))
    assert "Its tags were not changed: the library is in use." in page
    page, *_ = shelf.tag(uploads, event(document=handle("a.md"), tags="policy"))
    assert "not changed" not in page
    page, *_ = shelf.tag(uploads, event(document=handle("gone.md"), tags="policy"))
    assert "Its tags were not changed" in page
