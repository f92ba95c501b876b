"""What stands at a web address is fetched whole, from where it was checked, or refused in a sentence."""

import gzip
import os
import shutil
import socket
import ssl
import threading
import time
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from index.errors import (
    BadAddress,
    Cancelled,
    DamagedFile,
    EmptyFile,
    FailedAddress,
    HeavyFile,
    LibraryReadOnly,
    LockedFile,
    UnknownFormat,
)
from index.web.fetch import fetched
from index.web.rules import MEGABYTE, Rules
from tests.index.served import certificate, here, refused, serving

PAGE = b"<html><body><p>The ferry leaves at nine.</p></body></html>"


@pytest.fixture
def site():
    with serving() as there:
        yield there


@contextmanager
def raw(answer):
    """A port whose every connection is handled by a function of its socket."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        stop = threading.Event()

        def run():
            while not stop.is_set():
                try:
                    line = listening.accept()[0]
                except OSError:
                    return
                threading.Thread(target=serve, args=(line,), daemon=True).start()

        def serve(line):
            with line:
                try:
                    line.recv(65536)
                    answer(line, stop)
                except OSError:
                    pass

        threading.Thread(target=run, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}/"
        finally:
            stop.set()
            listening.shutdown(socket.SHUT_RDWR)


def test_a_page_comes_as_it_is_into_a_file_that_is_gone_afterwards(site, tmp_path):
    url = site.says("/a", PAGE, Last_Modified="Wed, 01 Apr 2026 10:00:00 GMT")
    with fetched(url + "#part", tmp_path / "spool", here()) as page:
        assert page.path.read_bytes() == PAGE
        assert page.path.suffix == ".html" and page.address == page.final == url
        assert datetime.fromtimestamp(page.path.stat().st_mtime, UTC).date().isoformat() == "2026-04-01"
    assert list((tmp_path / "spool").iterdir()) == []


def test_nothing_is_sent_but_the_address_and_what_we_are(site, tmp_path):
    site.says("/b", PAGE, Set_Cookie="known=you; Path=/")
    with fetched(site.leads("/a", "/b"), tmp_path, here()):
        pass
    assert [path for path, _ in site.asked] == ["/a", "/b"]
    for _, headers in site.asked:
        assert sorted(headers) == ["accept", "accept-encoding", "connection", "host", "user-agent"]
        assert headers["host"] == f"127.0.0.1:{site.port}" and headers["user-agent"] == "document-assistant"


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_page_that_has_moved_is_found_and_keeps_the_name_it_was_asked_by(site, tmp_path, status):
    site.says("/new", PAGE)
    with fetched(site.leads("/old", "new", status), tmp_path, here()) as page:
        assert (page.address, page.final) == (site.url("/old"), site.url("/new"))
        assert page.path.read_bytes() == PAGE


def test_five_redirects_are_followed_and_no_sixth(site, tmp_path):
    for number in range(6):
        site.leads(f"/{number}", f"/{number + 1}")
    site.says("/6", PAGE)
    with fetched(site.url("/1"), tmp_path, here()) as page:
        assert page.final == site.url("/6")
    assert "from address to address" in refused(FailedAddress, site.url("/0"), tmp_path, here())


def test_a_circle_of_redirects_ends(site, tmp_path):
    site.leads("/a", "/b")
    assert "from address to address" in refused(FailedAddress, site.leads("/b", "/a"), tmp_path, here())
    assert len(site.asked) == 6


@pytest.mark.parametrize(
    "location",
    "http://10.0.0.1/ http://169.254.169.254/latest/meta-data/ http://[::ffff:10.0.0.1]/ http://inside/ file:///etc/passwd"
    " ftp://127.0.0.1/ http://127.1/ http://2130706433/ http://a:b@127.0.0.1/".split(),
)
def test_a_redirect_to_where_nobody_may_ask_is_refused(site, tmp_path, location):
    rules = here(resolve=lambda host, port: ["192.168.0.1"])
    sentence = refused(BadAddress, site.leads("/a", location), tmp_path, rules)
    assert site.url("/a") in sentence and len(site.asked) == 1


def test_a_redirect_to_an_unusual_port_is_refused(site, tmp_path):
    rules = here(ports={site.port})
    assert "22/, which names port 22" in refused(BadAddress, site.leads("/a", "http://127.0.0.1:22/"), tmp_path, rules)


def test_a_name_is_looked_up_once_and_the_connection_goes_to_what_was_checked(site, tmp_path):
    """The second answer is another one, as of a name that is rebound between the check and the connection."""
    lookups = []

    def rebinding(host, port):
        lookups.append(host)
        return ["127.0.0.1"] if len(lookups) == 1 else ["127.0.0.2"]

    site.says("/a", PAGE)
    rules = here(resolve=rebinding, allowed=lambda address: str(address) == "127.0.0.1")
    with fetched(site.url("/a", "ferry.example"), tmp_path, rules) as page:
        assert page.path.read_bytes() == PAGE
    assert lookups == ["ferry.example"]
    assert site.asked[0][1]["host"] == f"ferry.example:{site.port}"


def test_a_name_that_is_rebound_before_a_redirect_is_checked_anew(site, tmp_path):
    answers = iter([["127.0.0.1"], ["127.0.0.2"]])
    rules = here(resolve=lambda host, port: next(answers), allowed=lambda address: str(address) == "127.0.0.1")
    site.leads("/a", "/b")
    site.says("/b", PAGE)
    refused(BadAddress, site.url("/a", "ferry.example"), tmp_path, rules)
    assert [path for path, _ in site.asked] == ["/a"]


def test_the_next_address_of_a_host_is_tried_where_the_first_takes_no_connection(site, tmp_path):
    site.says("/a", PAGE)
    rules = here(resolve=lambda host, port: ["127.0.0.9", "127.0.0.1"])
    with fetched(site.url("/a", "ferry.example"), tmp_path, rules) as page:
        assert page.path.read_bytes() == PAGE


def test_a_proxy_of_the_environment_is_not_asked(site, tmp_path, monkeypatch):
    for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    monkeypatch.delenv("no_proxy", raising=False)
    with fetched(site.says("/a", PAGE), tmp_path, here()) as page:
        assert page.path.read_bytes() == PAGE


@pytest.mark.parametrize(
    ("status", "kind", "said"),
    [
        (401, LockedFile, "asks for a login"),
        (403, LockedFile, "does not let this program read it"),
        (407, LockedFile, "asks for a login"),
        (404, FailedAddress, "no such page"),
        (410, FailedAddress, "gone for good"),
        (418, FailedAddress, "answered with no page"),
        (429, FailedAddress, "asked too often"),
        (451, FailedAddress, "legal reasons"),
        (500, FailedAddress, "fault of its own"),
        (503, FailedAddress, "try again later"),
        (204, EmptyFile, "answered with nothing"),
        (206, FailedAddress, "answered with no page"),
        (302, FailedAddress, "answered with no page"),
    ],
)
def test_an_answer_that_is_no_page_is_told_with_its_status(site, tmp_path, status, kind, said):
    sentence = refused(kind, site.says("/a", PAGE if status != 204 else b"", status), tmp_path, here())
    assert said in sentence and f"status {status}" in sentence and sentence.startswith(site.url("/a"))


def test_an_empty_answer_is_told(site, tmp_path):
    assert "empty page" in refused(EmptyFile, site.says("/a", b""), tmp_path, here())


def test_a_port_where_nobody_listens_is_told(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    assert "takes no connections" in refused(FailedAddress, f"http://127.0.0.1:{port}/", tmp_path, here())


class TestSize:
    def test_a_file_that_says_it_is_too_large_is_not_fetched(self, site, tmp_path):
        url = site.says("/a", b"", Content_Length=str(51 * MEGABYTE))
        assert "larger than the 50 MB" in refused(HeavyFile, url, tmp_path, here())

    def test_an_endless_body_is_broken_off(self, site, tmp_path):
        sent = []

        def answer(request):
            request.send_response(200)
            request.end_headers()
            while not site.stop.is_set():
                sent.append(request.wfile.write(b"x" * 65536))

        site.answers["/a"] = answer
        refused(HeavyFile, site.url("/a"), tmp_path, here(size=MEGABYTE))
        assert sum(sent) < 16 * MEGABYTE

    def test_as_much_as_is_allowed_comes_and_not_a_byte_more(self, site, tmp_path):
        with fetched(site.says("/a", b"x" * 5_000), tmp_path, here(size=5_000)) as page:
            assert page.path.stat().st_size == 5_000
        packed = gzip.compress(b"x" * 5_001)
        for url in (site.says("/b", b"x" * 5_001), site.says("/c", packed, Content_Encoding="gzip")):
            refused(HeavyFile, url, tmp_path, here(size=5_000))

    def test_a_gzip_bomb_is_stopped_when_it_has_unpacked_to_the_limit(self, site, tmp_path):
        bomb = gzip.compress(b"\0" * (100 * MEGABYTE), 6)
        assert len(bomb) < MEGABYTE
        began = time.monotonic()
        refused(HeavyFile, site.says("/a", bomb, Content_Encoding="gzip"), tmp_path, here())
        assert time.monotonic() - began < 10

    def test_a_full_disk_is_no_fault_of_the_page(self, site, tmp_path):
        (tmp_path / "spool").write_text("in the way")
        with (
            pytest.raises(LibraryReadOnly, match="free some space"),
            fetched(site.says("/a", PAGE), tmp_path / "spool", here()),
        ):
            pass


class TestPacked:
    @pytest.mark.parametrize("name", ["gzip", "x-gzip", "GZIP"])
    def test_a_packed_page_is_unpacked(self, site, tmp_path, name):
        halves = gzip.compress(PAGE[:20]) + gzip.compress(PAGE[20:]) + b"\0\0"
        for number, body in enumerate((gzip.compress(PAGE), halves)):
            url = site.says(f"/{number}", body, Content_Encoding=name)
            with fetched(url, tmp_path, here()) as page:
                assert page.path.read_bytes() == PAGE

    @pytest.mark.parametrize("name", ["br", "zstd", "deflate", "gzip, gzip", "compress"])
    def test_what_was_not_asked_for_is_told(self, site, tmp_path, name):
        assert name in refused(DamagedFile, site.says("/a", PAGE, Content_Encoding=name), tmp_path, here())

    @pytest.mark.parametrize("body", [PAGE, gzip.compress(PAGE)[:-4], b"\x1f\x8b\x08" + b"\xff" * 50])
    def test_a_packed_page_that_is_damaged_is_told(self, site, tmp_path, body):
        refused(DamagedFile, site.says("/a", body, Content_Encoding="gzip"), tmp_path, here())


class TestTime:
    def test_a_host_that_drips_is_left_when_the_time_is_over(self, tmp_path):
        def drip(line, stop):
            line.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n")
            while not stop.wait(0.05):
                line.sendall(b"x")

        self.left(drip, tmp_path)

    def test_a_host_that_drips_its_headers_is_left_too(self, tmp_path):
        def drip(line, stop):
            line.sendall(b"HTTP/1.1 200 OK\r\n")
            while not stop.wait(0.05):
                line.sendall(b"X-A: b\r\n")

        self.left(drip, tmp_path)

    def test_a_host_that_never_comes_to_the_point_is_left_too(self, tmp_path):
        def drip(line, stop):
            while not stop.wait(0.05):
                line.sendall(b"HTTP/1.1 103 Early Hints\r\n\r\n")

        self.left(drip, tmp_path)

    def test_redirects_share_the_time(self, site, tmp_path):
        def slowly(request):
            time.sleep(0.4)
            request.send_response(302)
            request.send_header("Location", "/a")
            request.end_headers()

        site.answers["/a"] = slowly
        sentence = refused(HeavyFile, site.url("/a"), tmp_path, here(total=1.0))
        assert "not fetched within 1 s" in sentence and len(site.asked) <= 3

    def test_a_host_that_falls_silent_is_left(self, tmp_path):
        with raw(lambda line, stop: stop.wait(5)) as url:
            assert "fell silent for 0.3 s" in refused(FailedAddress, url, tmp_path, here(read=0.3))

    def test_a_resolver_that_hangs_is_left(self, tmp_path):
        over = threading.Event()

        def hang(host, port):
            over.wait(5)
            return []

        began = time.monotonic()
        sentence = refused(HeavyFile, "http://ferry.example/", tmp_path, here(resolve=hang, total=0.3))
        assert "not fetched within 0.3 s" in sentence and time.monotonic() - began < 3
        over.set()

    @pytest.mark.parametrize("hangs", [True, False])
    def test_nobody_has_to_wait_who_has_cancelled(self, tmp_path, hangs):
        cancel = threading.Event()

        def drip(line, stop):
            while not stop.wait(0.05):
                line.sendall(b"HTTP/1.1 103 Early Hints\r\n\r\n")

        def resolve(host, port):
            if hangs:
                cancel.wait(5)
                time.sleep(2)
            return ["127.0.0.1"]

        timer = threading.Timer(0.3, cancel.set)
        began = time.monotonic()
        with raw(drip) as url:
            timer.start()
            address = url.replace("127.0.0.1", "ferry.example")
            with pytest.raises(Cancelled), fetched(address, tmp_path, here(resolve=resolve), cancel):
                pass
        assert time.monotonic() - began < 2
        assert list(tmp_path.iterdir()) == []

    def left(self, drip, folder):
        began = time.monotonic()
        with raw(drip) as url:
            assert "not fetched within 0.8 s" in refused(HeavyFile, url, folder, here(total=0.8))
        assert 0.7 < time.monotonic() - began < 4


class TestBroken:
    @pytest.mark.parametrize(
        "said",
        [
            b"SSH-2.0-OpenSSH_9.2\r\n",
            b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\nContent-Type: text/html\r\n\r\nhalf",
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Type: text/html\r\n\r\n5\r\nhalf",
            b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhalf",
            b"HTTP/1.1 200 OK\r\nX: " + b"y" * 300_000,
            b"",
        ],
    )
    def test_what_is_cut_short_or_no_answer_at_all_is_told(self, tmp_path, said):
        with raw(lambda line, stop: line.sendall(said)) as url:
            refused(DamagedFile, url, tmp_path, here())

    def test_a_connection_that_is_reset_is_told(self, tmp_path):
        def reset(line, stop):
            line.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\nhalf")
            line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")

        with raw(reset) as url:
            assert "broke off" in refused(FailedAddress, url, tmp_path, here())


@pytest.mark.skipif(shutil.which("openssl") is None, reason="no openssl to make certificates with")
class TestSafety:
    @pytest.fixture
    def safe(self, tmp_path):
        made, key = certificate(tmp_path, "ferry.example")
        ours = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        ours.load_cert_chain(made, key)
        self.names = []
        ours.sni_callback = lambda line, name, context: self.names.append(name)
        with serving(ours) as there:
            there.says("/a", PAGE)
            yield there, ssl.create_default_context(cafile=made)

    def test_the_name_that_is_proven_is_that_of_the_address_and_not_the_number_that_was_checked(self, safe, tmp_path):
        site, trust = safe
        rules = here(resolve=lambda host, port: ["127.0.0.1"], authorities=trust)
        with fetched(f"https://ferry.example:{site.port}/a", tmp_path / "spool", rules) as page:
            assert page.path.read_bytes() == PAGE
        assert self.names == ["ferry.example"]
        assert site.asked[0][1]["host"] == f"ferry.example:{site.port}"

    @pytest.mark.parametrize(("host", "known"), [("other.example", True), ("ferry.example", False)])
    def test_a_host_that_cannot_prove_its_name_is_told(self, safe, tmp_path, host, known):
        site, trust = safe
        rules = here(resolve=lambda host, port: ["127.0.0.1"], authorities=trust if known else None)
        sentence = refused(FailedAddress, f"https://{host}:{site.port}/a", tmp_path, rules)
        assert "cannot prove that it is what it says it is" in sentence
        assert site.asked == []

    def test_a_host_without_a_safe_connection_is_told(self, site, tmp_path):
        sentence = refused(FailedAddress, f"https://127.0.0.1:{site.port}/a", tmp_path, here())
        assert "no safe connection" in sentence


class TestKinds:
    @pytest.mark.parametrize(
        ("said", "path", "more", "suffix"),
        [
            ("text/html", "/a.pdf", {}, ".html"),
            ("text/html; charset=KOI8-R", "/a", {}, ".koi8-r.html"),
            ('text/html;charset="utf-8"', "/a", {}, ".utf-8.html"),
            ("text/html; charset=../../x", "/a", {}, ".html"),
            ("application/xhtml+xml", "/a", {}, ".html"),
            ("application/pdf", "/a", {}, ".pdf"),
            ("text/plain; charset=utf-8", "/README", {}, ".txt"),
            ("text/plain", "/README.md", {}, ".md"),
            ("text/plain", "/source.html", {}, ".txt"),
            ("text/csv", "/a", {}, ".csv"),
            ("text/x-python", "/a.py", {}, ".txt"),
            ("application/octet-stream", "/a.docx?download=1", {}, ".docx"),
            ("application/octet-stream", "/get", {"Content_Disposition": 'attachment; filename="r.xlsx"'}, ".xlsx"),
            ("application/octet-stream", "/get", {"Content_Disposition": "inline; filename*=UTF-8''r%20.pdf"}, ".pdf"),
            ("application/octet-stream", "/get", {}, ""),
            ("application/octet-stream", "/get.exe", {}, ""),
            ("", "/a.pdf", {}, ".pdf"),
            ("application/xml", "/feed", {}, ".xml"),
            ("APPLICATION/JSON", "/a", {}, ".json"),
        ],
    )
    def test_the_format_is_what_the_server_says_or_else_what_the_name_says(
        self, site, tmp_path, said, path, more, suffix
    ):
        with fetched(site.says(path, PAGE, Content_Type=said, **more), tmp_path, here()) as page:
            assert page.path.name == f"page{suffix}"
            assert os.listdir(tmp_path) == [page.path.parent.name]

    @pytest.mark.parametrize("said", ["video/mp4", "audio/mpeg", "application/javascript", "font/woff2", "x/../../y"])
    def test_a_type_that_cannot_be_read_is_refused_before_it_is_fetched(self, site, tmp_path, said):
        sentence = refused(UnknownFormat, site.says("/a", PAGE, Content_Type=said), tmp_path, here())
        assert said in sentence and "the formats are" in sentence


def test_the_rules_that_hold_where_none_are_given_are_the_strict_ones(site, tmp_path):
    rules = Rules()
    assert (rules.redirects, rules.size, rules.total, set(rules.ports)) == (5, 50 * MEGABYTE, 60.0, {80, 443})
    assert "private network" in refused(BadAddress, "http://127.0.0.1/", tmp_path)
    open_port = replace(rules, ports={site.port})
    assert "private network" in refused(BadAddress, site.says("/a", PAGE), tmp_path, open_port)
    assert site.asked == []
