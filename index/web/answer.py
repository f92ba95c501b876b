"""Asks a web address, follows where it leads, and hands out what it answers with, unpacked and within bounds."""

from __future__ import annotations

import ssl
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import certifi
import httpcore

from index.errors import BadAddress, DamagedFile, EmptyFile, FailedAddress, HeavyFile, LockedFile
from index.web.address import Address, joined, shown
from index.web.connect import Line
from index.web.rules import MEGABYTE, Clock, Rules

AGENT = "document-assistant"
"""What we call ourselves; no cookie, no password and no address that led here is sent."""

_HEADERS = (
    ("User-Agent", AGENT),
    ("Accept", "text/html,application/xhtml+xml,application/pdf;q=0.9,*/*;q=0.8"),
    ("Accept-Encoding", "gzip"),
    ("Connection", "close"),
)
_SAVE = "save the page from a browser and add the file"
_MOVED = frozenset({301, 302, 303, 307, 308})
_SAID = {
    400: "does not understand the request",
    401: "asks for a login",
    402: "asks for money",
    403: "does not let this program read it",
    404: "says that there is no such page; check how the address is spelled",
    407: "asks for a login",
    410: "says that the page is gone for good; look for it elsewhere",
    429: "was asked too often; try again later",
    451: "may not show this page for legal reasons; look for it elsewhere",
    503: "has too much to do or is being mended; try again later",
}
_LOCKED = frozenset({401, 402, 403, 407})
_PIECE = 256 * 1024
_GZIP = 16 + zlib.MAX_WBITS


@dataclass(frozen=True, slots=True)
class Answer:
    """What came from `address`, where the redirects ended: its headers by name in lower case, and its body unpacked."""

    address: Address
    headers: dict[str, str]
    body: Iterator[bytes]


@contextmanager
def answered(start: Address, rules: Rules) -> Iterator[Answer]:
    """The answer of an address, or of where it leads; `body` is to be read within the context.

    Raises an `UnreadableFile`: for its own address `BadAddress`, and what `index.web.fetch.fetched` says of the rest.
    """
    said = shown(str(start))
    clock = Clock(rules.total, said)
    address = start
    for _ in range(rules.redirects + 1):
        if address.port not in rules.ports:
            raise BadAddress(f"{said} names port {address.port}, and only the usual ones are read; {_SAVE}")
        with _translated(said, rules, clock), _asked(address, rules, clock, said) as response:
            headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in response.headers}
            if response.status not in _MOVED or "location" not in headers:
                _check(response.status, headers, said, rules)
                yield Answer(address, headers, _unpacked(response, headers, said, rules))
                return
        address = joined(address, headers["location"].encode("latin-1").decode("utf-8", "replace"))
    raise FailedAddress(
        f"{said} leads from address to address and never to a page (more than {rules.redirects}); "
        f"open it in a browser and add the address that it ends at"
    )


@contextmanager
def _asked(address: Address, rules: Rules, clock: Clock, said: str) -> Iterator[httpcore.Response]:
    """The answer of one address, on a connection of its own."""
    line = Line(rules, clock, said)
    url = httpcore.URL(
        scheme=address.scheme.encode(),
        host=address.host.encode(),
        port=address.port,
        target=address.target.encode(),
    )
    headers = [("Host", address.place), *_HEADERS]
    timeouts = {"connect": rules.connect, "read": rules.read, "write": rules.read}
    trust = rules.authorities or _authorities()
    with (
        httpcore.ConnectionPool(ssl_context=trust, network_backend=line) as pool,
        pool.stream("GET", url, headers=headers, extensions={"timeout": timeouts}) as response,
    ):
        yield response


def _authorities() -> ssl.SSLContext:
    trust = ssl.create_default_context()
    trust.load_verify_locations(certifi.where())
    return trust


@contextmanager
def _translated(said: str, rules: Rules, clock: Clock) -> Iterator[None]:
    """Says in our words what the connection says in its own."""
    try:
        yield
    except httpcore.ConnectTimeout as error:
        clock.check()
        raise FailedAddress(f"{said} does not answer within {rules.connect:g} s; try again later") from error
    except httpcore.TimeoutException as error:
        clock.check()
        raise FailedAddress(f"{said} fell silent for {rules.read:g} s; try again later") from error
    except httpcore.ConnectError as error:
        raise FailedAddress(_not_connected(said, error)) from error
    except httpcore.NetworkError as error:
        raise FailedAddress(f"{said} broke off the connection; try again later") from error
    except httpcore.RemoteProtocolError as error:
        raise DamagedFile(f"{said} came incomplete or in no form that can be read; try again later") from error


def _not_connected(said: str, error: httpcore.ConnectError) -> str:
    cause = error.args[0] if error.args else error
    if isinstance(cause, ssl.SSLCertVerificationError):
        why = cause.verify_message or "unknown reason"
        return f"{said} cannot prove that it is what it says it is ({why}); open it in a browser to see what is wrong"
    if isinstance(cause, ssl.SSLError):
        return f"{said} offers no safe connection that both sides know; {_SAVE}"
    return f"{said} takes no connections; check the address, or try again later"


def _check(status: int, headers: dict[str, str], said: str, rules: Rules) -> None:
    """Raises where this is not the whole of a page of a size that is read."""
    if status in _LOCKED:
        raise LockedFile(f"{said} {_SAID[status]} (status {status}); {_SAVE}")
    if status in (204, 205):
        raise EmptyFile(f"{said} answered with nothing (status {status}); {_SAVE}")
    if status not in (200, 203):
        default = "has a fault of its own; try again later" if status >= 500 else f"answered with no page; {_SAVE}"
        raise FailedAddress(f"{said} {_SAID.get(status, default)} (status {status})")
    length = headers.get("content-length", "")
    if length.isascii() and length.isdigit() and int(length[:20]) > rules.size:
        raise HeavyFile(_too_large(said, rules))
    packed = headers.get("content-encoding", "").strip().lower()
    if packed not in ("", "identity", "gzip", "x-gzip"):
        raise DamagedFile(f"{said} was sent packed in a way that was not asked for ({packed[:40]}); {_SAVE}")


def _unpacked(response: httpcore.Response, headers: dict[str, str], said: str, rules: Rules) -> Iterator[bytes]:
    """The body piece by piece, unpacked; neither it nor what came over the line is larger than the rules allow."""
    came = seen = 0
    gzip = _Gzip() if "gzip" in headers.get("content-encoding", "").lower() else None
    for chunk in response.iter_stream():
        came += len(chunk)
        for piece in gzip.pieces(chunk, said) if gzip else [chunk]:
            seen += len(piece)
            if max(came, seen) > rules.size:
                raise HeavyFile(_too_large(said, rules))
            yield piece
    if gzip is not None and came and not gzip.whole:
        raise DamagedFile(f"{said} came incomplete; try again later")
    if not seen:
        raise EmptyFile(f"{said} answered with an empty page; {_SAVE}")


class _Gzip:
    """Unpacks a stream in pieces of a bounded size, so that a small one cannot become a huge one unseen."""

    def __init__(self) -> None:
        self._inflate = zlib.decompressobj(_GZIP)

    @property
    def whole(self) -> bool:
        """Whether the stream has come to its end."""
        return self._inflate.eof

    def pieces(self, chunk: bytes, said: str) -> Iterator[bytes]:
        """What so many more bytes of the stream hold; raises `DamagedFile` where they are no such stream."""
        rest = chunk
        while rest:
            if self._inflate.eof:
                if not rest.startswith(b"\x1f"):
                    return  # padding, which all unpackers pass over
                self._inflate = zlib.decompressobj(_GZIP)
            try:
                piece = self._inflate.decompress(rest, _PIECE)
            except zlib.error as error:
                raise DamagedFile(f"{said} came damaged ({error}); try again later") from error
            rest = self._inflate.unconsumed_tail or self._inflate.unused_data
            yield piece


def _too_large(said: str, rules: Rules) -> str:
    return (
        f"{said} is larger than the {rules.size // MEGABYTE:,} MB that are fetched from an address; save it and add "
        "the file"
    )
