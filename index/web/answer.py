"""Asks a web address, follows where it leads, and hands out what it answers with, unpacked and within bounds."""

from __future__ import annotations

import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import certifi
import httpcore

from index.errors import BadAddress, DamagedFile, EmptyFile, FailedAddress, HeavyFile, LockedFile
from index.web.address import Address, joined, shown
from index.web.body import SAVE, too_large, unpacked
from index.web.connect import Line
from index.web.rules import Clock, Rules

AGENT = "document-assistant"
"""What we call ourselves; no cookie, no password and no address that led here is sent."""

_HEADERS = (
    ("User-Agent", AGENT),
    ("Accept", "text/html,application/xhtml+xml,application/pdf;q=0.9,*/*;q=0.8"),
    ("Accept-Encoding", "gzip"),
    ("Connection", "close"),
)
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


@dataclass(frozen=True, slots=True)
class Answer:
    """What came from `address`, where the redirects ended: its headers by name in lower case, and its body unpacked."""

    address: Address
    headers: dict[str, str]
    body: Iterator[bytes]


@contextmanager
def answered(start: Address, rules: Rules, cancel: threading.Event | None = None) -> Iterator[Answer]:
    """The answer of an address, or of where it leads; `body` is to be read within the context.

    Raises an `UnreadableFile`: `BadAddress` where it or what it leads to is not read, `Cancelled` soon after `cancel`
    is set, and what `index.web.fetch.fetched` says of the rest.
    """
    asked = said = shown(str(start))
    clock = Clock(rules.total, asked, cancel)
    address = start
    for _ in range(rules.redirects + 1):
        if address.port not in rules.ports:
            raise BadAddress(f"{said} names port {address.port}, and only the usual ones are read; {SAVE}")
        with _translated(said, rules, clock), _asked(address, rules, clock, said) as response:
            headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in response.headers}
            if response.status not in _MOVED or "location" not in headers:
                _check(response.status, headers, said, rules)
                yield Answer(address, headers, unpacked(response, headers, said, rules))
                return
        address = _next(address, headers["location"], asked)
        said = f"{asked} leads to {shown(str(address))}, which"
    raise FailedAddress(
        f"{asked} leads from address to address and never to a page (more than {rules.redirects}); "
        f"open it in a browser and add the address that it ends at"
    )


def _next(address: Address, location: str, asked: str) -> Address:
    try:
        return joined(address, location.encode("latin-1").decode("utf-8", "replace"))
    except BadAddress as error:
        raise BadAddress(f"{asked} leads elsewhere: {error}") from error


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
    trust = rules.authorities or (_authorities() if address.scheme == "https" else None)
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
        return f"{said} offers no safe connection that both sides know; {SAVE}"
    return f"{said} takes no connections; check the address, or try again later"


def _check(status: int, headers: dict[str, str], said: str, rules: Rules) -> None:
    """Raises where this is not the whole of a page of a size that is read."""
    if status in _LOCKED:
        raise LockedFile(f"{said} {_SAID[status]} (status {status}); {SAVE}")
    if status in (204, 205):
        raise EmptyFile(f"{said} answered with nothing (status {status}); {SAVE}")
    if status not in (200, 203):
        default = "has a fault of its own; try again later" if status >= 500 else f"answered with no page; {SAVE}"
        raise FailedAddress(f"{said} {_SAID.get(status, default)} (status {status})")
    length = headers.get("content-length", "")
    if length.isascii() and length.isdigit() and int(length[:20]) > rules.size:
        raise HeavyFile(too_large(said, rules))
    packed = headers.get("content-encoding", "").strip().lower()
    if packed not in ("", "identity", "gzip", "x-gzip"):
        raise DamagedFile(f"{said} was sent packed in a way that was not asked for ({packed[:40]}); {SAVE}")
