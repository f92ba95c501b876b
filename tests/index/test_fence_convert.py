"""Old Office files: saved anew by a LibreOffice that reaches nothing and nobody, and then read like any other."""

from __future__ import annotations

import hashlib
import os
import shutil
import signal
import socket
import struct
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from index.errors import Cancelled, DamagedFile, HeavyFile, LockedFile, OldFormat, UnreadableFile
from index.fence import Fence
from index.fence.convert import Converter
from index.fence.limits import Held
from index.fence.office import Allowance, Office
from index.fence.process import Setting
from index.fence.profile import write_profile
from index.fence.spool import Copy
from index.index import Index
from index.office import NEW, program
from index.read import read
from tests.index.documents import HEADING, SENTENCE, WRITERS, write_pdf
from tests.index.documents_mail import write_compound
from tests.index.office import flat, play, write_old
from tests.stub import WordEmbedder

ROOT = Path(__file__).parent.parent.parent
pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the system has no such fence")
LIBREOFFICE = pytest.mark.skipif(program() is None and not os.environ.get("CI"), reason="LibreOffice is not installed")
STREAMS = {"doc": "WordDocument", "ppt": "PowerPoint Document", "xls": "Workbook"}
FENCES = [(), ("namespace",), ("filter",), ("files",)]


@pytest.fixture(scope="module")
def old(tmp_path_factory):
    """A file of each old format, which shows a picture from a server that listens."""
    folder = tmp_path_factory.mktemp("old")
    with socket.create_server(("127.0.0.1", 0)) as listener:
        address = f"http://127.0.0.1:{listener.getsockname()[1]}/picture.png"
        stop = threading.Event()
        answering = threading.Thread(target=refuse, args=(listener, stop))
        answering.start()
        files = {kind: write_old(folder, kind, SENTENCE, address) for kind in NEW}
        stop.set()
        answering.join()
        yield files, listener


def refuse(listener, stop):
    """Ends each connection at once, so that whoever waits for an answer goes on."""
    listener.settimeout(0.1)
    while not stop.is_set():
        try:
            listener.accept()[0].close()
        except TimeoutError:
            continue


def connections(listener, work):
    """How many connections came while this was done, and what came of it."""
    listener.settimeout(0.1)
    stop, count = threading.Event(), []

    def accept():
        while not stop.is_set():
            try:
                listener.accept()[0].close()
            except TimeoutError:
                continue
            count.append(1)

    accepting = threading.Thread(target=accept)
    accepting.start()
    try:
        done = work()
    finally:
        time.sleep(0.2)
        stop.set()
        accepting.join()
    return len(count), done


def copied(folder, kind="doc"):
    """A copy in a spool of a file that only its name and its streams make an old one."""
    folder.mkdir(exist_ok=True)
    path = write_compound(folder / f"ferries.{kind}", {STREAMS[kind]: b"old"})
    return Copy(folder, path, hashlib.sha256(path.read_bytes()).hexdigest())


def saved(copy, allowance=None, without=(), cancel=None):
    """What a converter reads, which is what was made of the copy, with no reader beside it."""
    converter = Converter(allowance, without)
    held = Held("namespace", ())
    why = OldFormat("an old file")
    return converter.read(copy, copy.path.name, lambda made, name: (read(made.path, name), held), why, cancel)


def running(mark):
    """How many processes have this word in their command."""
    found = 0
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            found += mark in (entry / "cmdline").read_bytes()
        except OSError:
            continue
    return found


def gone(mark, patience=5.0):
    until = time.monotonic() + patience
    while running(mark) and time.monotonic() < until:
        time.sleep(0.05)
    return not running(mark)


@LIBREOFFICE
@pytest.mark.parametrize("kind", NEW)
def test_an_old_file_is_added_whole_and_everything_said_of_it_is_of_the_old_file(kind, old, tmp_path):
    path = old[0][kind]
    with Index.open(tmp_path / "library", embedder=WordEmbedder(), store="memory") as index:
        [receipt] = index.add(path)
        assert (receipt.state, receipt.problem) == ("added", "")
        assert receipt.warnings[0].startswith(f"{path.name} was saved anew by LibreOffice")
        document = index.document(path.name)
        assert SENTENCE in document.text and document.title == path.stem
        assert document.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
        assert document.media_type in (
            "application/msword",
            "application/vnd.ms-excel",
            "application/vnd.ms-powerpoint",
        )
        [kept] = (tmp_path / "library" / "files").iterdir()
        assert kept.read_bytes() == path.read_bytes() and kept.suffix == f".{kind}"
        assert list((tmp_path / "library" / "spool").iterdir()) == []
        assert index.add(path)[0].state == "unchanged"


@LIBREOFFICE
def test_two_files_at_once_are_each_read_as_what_they_are(old, tmp_path):
    fence, found = Fence(tmp_path / "spool"), {}
    shutil.copyfile(old[0]["xls"], tmp_path / "sheet.doc")
    paths = [old[0]["doc"], tmp_path / "sheet.doc"]
    threads = [
        threading.Thread(target=lambda path: found.update({path: fence.read(path)}), args=(path,)) for path in paths
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    fence.close()
    assert all(SENTENCE in document.text for document in found.values()) and len(found) == 2
    assert "is an old Excel workbook (.xls) although its name ends in .doc" in found[paths[1]].warnings[0]


@LIBREOFFICE
@pytest.mark.parametrize("without", FENCES[:3])
def test_no_connection_is_made_for_a_picture_that_lies_elsewhere(without, old, tmp_path):
    files, listener = old
    shutil.copyfile(files["doc"], tmp_path / "a.doc")
    fence = Fence(tmp_path / "spool", Setting(without=without))
    count, document = connections(listener, lambda: fence.read(tmp_path / "a.doc"))
    fence.close()
    assert SENTENCE in document.text
    assert count == 0


@LIBREOFFICE
def test_without_any_fence_there_would_be_a_connection_and_the_document_says_so(old, tmp_path):
    files, listener = old
    copy = Copy(tmp_path, Path(shutil.copyfile(files["doc"], tmp_path / "a.doc")), "")
    count, (_, held) = connections(listener, lambda: saved(copy, without=("namespace", "filter", "files")))
    assert count > 0
    assert held.network == ""


@LIBREOFFICE
@pytest.mark.slow
@pytest.mark.parametrize("careless", [True, False])
def test_a_macro_runs_where_it_may_and_not_in_the_profile_of_ours(careless, tmp_path):
    source, profile, ran = tmp_path / "macro.fodt", tmp_path / "profile", tmp_path / "ran"
    macro = f'n = FreeFile\nOpen "{ran}" For Output As #n\nClose #n'
    source.write_text(flat("doc", SENTENCE, macro=macro.replace('"', "&quot;")))
    write_profile(profile, program())
    if careless:
        settings = profile / "user" / "registrymodifications.xcu"
        told = settings.read_text().replace("<value>3<", "<value>0<")
        lines = [
            line for line in told.splitlines() if "DisableMacrosExecution" not in line and "ActiveCont" not in line
        ]
        settings.write_text("\n".join(lines))
    office = subprocess.Popen(
        [str(program()), f"-env:UserInstallation={profile.as_uri()}", "--headless", "--norestore", str(source)],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip
    try:
        until = time.monotonic() + (60 if careless else 15)
        while not ran.exists() and time.monotonic() < until:
            time.sleep(0.1)
        assert (tmp_path / ".~lock.macro.fodt#").exists()  # it is open, so its macros had their chance
        assert ran.exists() == careless
    finally:
        os.killpg(office.pid, signal.SIGTERM)  # so that it takes its pipe in /tmp away
        office.wait(60)


@LIBREOFFICE
def test_a_file_that_libreoffice_cannot_open_is_refused(tmp_path):
    fence = Fence(tmp_path / "spool")
    with pytest.raises(DamagedFile, match=r"^ferries\.xls cannot be opened by LibreOffice; open it in Office"):
        fence.read(copied(tmp_path / "there", "xls").path)
    fence.close()


@pytest.mark.parametrize("kind", NEW)
def test_what_the_program_writes_is_read_under_the_old_name(kind, tmp_path, monkeypatch):
    play(tmp_path / "bin", monkeypatch, f'mkdir out && cp "$(dirname "$0")/made" out/anew.{NEW[kind]}')
    WRITERS[NEW[kind]](tmp_path / "bin" / "made", HEADING, [SENTENCE])
    copy = copied(tmp_path / "spool", kind)
    os.utime(copy.path, (86_400, 86_400))
    document, held = saved(copy)
    assert SENTENCE in document.text and document.title == HEADING
    assert document.dates["modified"].startswith("1970-01-02")
    assert held.network == "namespace"
    assert hashlib.sha256(copy.path.read_bytes()).hexdigest() == copy.sha256


@pytest.mark.parametrize(
    "script",
    [
        "exit 1",
        "exit 127",
        "kill -SEGV $$",
        "mkdir out; : > out/anew.docx",
        "mkdir out; ln -s {secret} out/anew.docx",
        "ln -s {folder} out",
    ],
)
def test_a_program_that_fails_or_leaves_a_link_makes_no_document(script, tmp_path, monkeypatch):
    secret = WRITERS["docx"](tmp_path / "anew.docx", HEADING, [SENTENCE])
    play(tmp_path / "bin", monkeypatch, script.format(secret=secret, folder=tmp_path))
    with pytest.raises(
        DamagedFile, match=r"^ferries\.doc cannot be opened by LibreOffice; .* save it as \.docx and add"
    ):
        saved(copied(tmp_path / "spool"))


@pytest.mark.parametrize("without", FENCES)
def test_a_program_that_hangs_is_ended_with_all_that_it_started(without, tmp_path, monkeypatch):
    mark = f"3{time.time_ns() % 10**9}.25"
    play(tmp_path / "bin", monkeypatch, f"sleep {mark} & setsid sleep {mark} & sleep {mark}")
    with pytest.raises(
        HeavyFile, match=r"^ferries\.doc could not be read, .* did not save it anew within 1 s; try when"
    ):
        saved(copied(tmp_path / "spool"), Allowance(wall=1.0), without)
    assert gone(mark.encode())


@pytest.mark.parametrize(
    ("script", "allowance", "sentence"),
    [
        ("while :; do :; done", Allowance(processor=1), "takes LibreOffice more than 1 s of processor time"),
        ("mkdir out; yes > out/anew.docx", Allowance(written=2 << 20), "takes LibreOffice more than 2 MB on the disk"),
    ],
)
def test_a_limit_that_is_hit_is_named(script, allowance, sentence, tmp_path, monkeypatch):
    play(tmp_path / "bin", monkeypatch, script)
    with pytest.raises(HeavyFile, match=rf"^ferries\.doc {sentence}"):
        saved(copied(tmp_path / "spool"), allowance)


WORKBOOK_PASSWORD = {"Workbook": struct.pack("<HH16xHH6x", 0x0809, 16, 0x002F, 6)}


def test_a_workbook_with_a_password_that_every_program_knows_is_read_and_another_is_refused(tmp_path, monkeypatch):
    WRITERS["xlsx"]((tmp_path / "made"), HEADING, [SENTENCE])
    path = write_compound(tmp_path / "ferries.xls", WORKBOOK_PASSWORD)
    fence = Fence(tmp_path / "spool")
    play(tmp_path / "bin", monkeypatch, 'mkdir out && cp "$(dirname "$0")/made" out/anew.xlsx')
    shutil.copyfile(tmp_path / "made", tmp_path / "bin" / "made")
    assert SENTENCE in fence.read(path).text
    play(tmp_path / "bin", monkeypatch, "exit 1")
    with pytest.raises(LockedFile, match=r"^ferries\.xls needs a password; save a copy without one and add that$"):
        fence.read(path)
    fence.close()


def test_a_locked_document_of_another_kind_is_not_given_to_libreoffice(tmp_path, monkeypatch):
    play(tmp_path / "bin", monkeypatch, 'mkdir out && cp "$(dirname "$0")/made" out/anew.docx')
    WRITERS["docx"](tmp_path / "bin" / "made", HEADING, [SENTENCE])
    fence = Fence(tmp_path / "spool")
    assert SENTENCE in fence.read(copied(tmp_path / "there").path).text
    path = write_compound(tmp_path / "ferries.doc", {"WordDocument": struct.pack("<H8xH", 0xA5EC, 0x0100)})
    for locked in (path, write_pdf(tmp_path / "locked.pdf", [[SENTENCE]], password="secret")):
        with pytest.raises(LockedFile, match=rf"^{locked.name} needs a password"):
            fence.read(locked)
    fence.close()


def told(folder, monkeypatch, script, without=()):
    """What a program of this script finds out, as it writes it into the file `seen`."""
    play(folder / "bin", monkeypatch, script)
    copy = copied(folder / "spool")
    office = Office(program(), copy.path, "doc", Allowance(), without)
    assert office.wait(60, lambda: None)
    _, said = office.end()
    return (office.folder / "seen").read_text(), said


def attempts(port):
    return f"exec 3<>/dev/tcp/127.0.0.1/{port} && echo connected; kill -0 {os.getpid()} && echo there"


@pytest.mark.parametrize("without", FENCES)
def test_files_of_others_are_out_of_reach(without, tmp_path, monkeypatch):
    (tmp_path / "secret").write_text("a secret")
    home = Path("/var/tmp") / f"of-others-{os.getpid()}"
    home.write_text("a secret")
    try:
        script = (
            f"cat {tmp_path}/secret {home} > seen; echo more >> {home}; echo new > {home}.new; cat /etc/shadow >> seen"
        )
        seen, said = told(tmp_path, monkeypatch, script, without)
        reached = "files" in without
        assert said["files"] is not reached
        assert ("a secret" in seen) is reached
        assert (home.read_text() != "a secret") is reached
        assert home.with_name(f"{home.name}.new").exists() is reached
    finally:
        home.unlink()
        home.with_name(f"{home.name}.new").unlink(missing_ok=True)


@pytest.mark.parametrize("without", FENCES)
def test_neither_network_nor_other_processes_are_within_reach(without, tmp_path, monkeypatch):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        script = f"({attempts(port)}; echo over) > seen"
        listener.settimeout(0.2)
        seen, said = told(tmp_path, monkeypatch, script, without)
        with pytest.raises(TimeoutError):
            listener.accept()
    assert seen == "over\n"
    assert said == {
        "own": "namespace" not in without,
        "files": "files" not in without,
        "filtered": "filter" not in without,
    }


def test_without_fences_the_same_program_reaches_both(tmp_path, monkeypatch):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        script = f"({attempts(port)}) > seen"
        seen, said = told(tmp_path, monkeypatch, script, ("namespace", "filter", "files"))
    assert seen == "connected\nthere\n"
    assert not any(said.values())


def test_the_program_knows_no_keys_and_has_an_empty_home_of_its_own(tmp_path, monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", "secret")
    monkeypatch.setenv("ASSISTANT_MODEL", "openai:secret")
    seen, _ = told(tmp_path, monkeypatch, "(env; ls -A $HOME; ulimit -c; ulimit -v) > seen")
    assert "HOME=" in seen and "secret" not in seen
    assert seen.splitlines()[-5:] == ["anew.doc", "profile", "seen", "0", str(Allowance().memory >> 10)]


def test_cancelling_and_closing_end_the_program(tmp_path, monkeypatch):
    mark = f"3{time.time_ns() % 10**9}.5"
    play(tmp_path / "bin", monkeypatch, f"sleep {mark}")
    cancel = threading.Event()
    threading.Timer(0.7, cancel.set).start()
    with pytest.raises(Cancelled, match=r"^ferries\.doc was not added, since adding was cancelled"):
        saved(copied(tmp_path / "spool"), cancel=cancel)
    assert gone(mark.encode())
    fence = Fence(tmp_path / "fence")
    threading.Timer(1.5, fence.close).start()
    with pytest.raises(UnreadableFile, match="the library was closed before this file was read"):
        fence.read(copied(tmp_path / "there").path)
    assert gone(mark.encode())
    assert not (tmp_path / "fence").exists()


OWNER = """
import sys, time
from pathlib import Path
from index.fence.office import Allowance, Office
from index.office import program
office = Office(program(), Path(sys.argv[1]), "doc", Allowance(), sys.argv[2:])
print("started", flush=True)
time.sleep(600)
"""


@pytest.mark.parametrize("without", FENCES)
def test_the_program_dies_with_its_owner(without, tmp_path, monkeypatch):
    mark = f"3{time.time_ns() % 10**9}.75"
    play(tmp_path / "bin", monkeypatch, f"sleep {mark} & sleep {mark}")
    owner = subprocess.Popen(
        [sys.executable, "-c", OWNER, str(copied(tmp_path / "spool").path), *without],
        cwd=ROOT, stdout=subprocess.PIPE, start_new_session=True,
    )  # fmt: skip
    assert owner.stdout.readline() == b"started\n"
    until = time.monotonic() + 20
    while running(mark.encode()) < 2 and time.monotonic() < until:
        time.sleep(0.05)
    assert running(mark.encode()) >= 2
    owner.kill()
    owner.communicate()
    assert gone(mark.encode())


def test_a_program_that_cannot_be_started_is_told(tmp_path, monkeypatch):
    play(tmp_path / "bin", monkeypatch, "exit 0")
    (tmp_path / "bin" / "soffice").write_text("#!/no/such/shell\n")
    with pytest.raises(UnreadableFile, match=r"^ferries\.doc was left out, since LibreOffice does not start here; "):
        saved(copied(tmp_path / "spool"))
