"""Web addresses: one spelling for each, and no spelling that two readers could take for two hosts."""

from __future__ import annotations

import re
from dataclasses import dataclass
from ipaddress import AddressValueError, IPv4Address, IPv6Address
from typing import TypeGuard
from urllib.parse import quote, unquote, urljoin

import idna

from index.errors import BadAddress

PORTS = {"http": 80, "https": 443}
"""The schemes that are read, and the port of each where an address names none."""

LONGEST = 2_000
"""Characters of an address; the longest that all browsers take is about that."""

_ADDRESS = re.compile(r"\s*[a-z][a-z0-9+.-]+://", re.IGNORECASE)
_PARTS = re.compile(r"([a-z][a-z0-9+.-]+)://([^/?#]*)([^?#]*)(\?[^#]*)?(?:#.*)?", re.IGNORECASE | re.DOTALL)
_PLACE = re.compile(r"(?:\[([0-9A-Fa-f:.]+)\]|([^:\[\]]+))(?::([0-9]{0,5}))?")
_NAME = re.compile(r"(?=.{1,253}$)(?:[a-z0-9_-]{1,63}\.)*[a-z0-9_-]{1,63}")
# What a browser takes for a number of four bytes: the last label is a number, in whatever notation.
_NUMBER = re.compile(r"(?:.*\.)?(?:[0-9]+|0x[0-9a-f]*)")
_NEVER = re.compile(r"[\x00-\x1f\x7f\\]")
_SAFE = "/%:@!$&'()*+,;=~-._?"
_SHOWN = 200


@dataclass(frozen=True, slots=True)
class Address:
    """A web address without its fragment; `str()` is its one spelling, which parses to the same again.

    `host` is a name in ASCII or the plain number of a host, IPv6 without brackets. `target` is the path with the query.
    """

    scheme: str
    host: str
    port: int
    target: str

    @property
    def place(self) -> str:
        """The host as it stands in an address and in the header `Host`, with its port where that is not the usual."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == PORTS[self.scheme] else f"{host}:{self.port}"

    def __str__(self) -> str:
        return f"{self.scheme}://{self.place}{self.target}"


def is_address(text: object) -> TypeGuard[str]:
    """Whether somebody means an address, of whatever scheme, and not a file."""
    return isinstance(text, str) and _ADDRESS.match(text) is not None


def shown(text: str) -> str:
    """An address as a message may repeat it: in one line, not too long, and without a password."""
    line = re.sub(r"(?<=://)[^/?#]*@", "", " ".join(_NEVER.sub(" ", text).split()))
    return line if len(line) <= _SHOWN else f"{line[:_SHOWN]}…"


def title(text: str) -> str:
    """What to call a document that has no title of its own: the last part of the path, or else the host."""
    match = _PARTS.fullmatch(text)
    path = unquote(match.group(3)).rstrip("/") if match else ""
    return path.rpartition("/")[2] or (match.group(2) if match else text)


def parsed(text: str) -> Address:
    """The address; raises `BadAddress` where it is none that may be read, whatever stands behind it."""
    text = text.strip()
    if len(text) > LONGEST:
        raise _forbidden(
            text, f"has {len(text):,} characters, and at most {LONGEST:,} are read; look for a shorter one"
        )
    match = _PARTS.fullmatch(text)
    if match is None or _NEVER.search(text):
        raise _forbidden(text, "is not spelled as a web address is; copy it from the browser's address bar")
    scheme, place, path, query = match.group(1).lower(), match.group(2), match.group(3), match.group(4) or ""
    if scheme not in PORTS:
        raise _forbidden(text, f"is not read, since {scheme} is neither http nor https; save the file and add that")
    if "@" in place:
        raise _forbidden(text, "holds a user name or a password, which is not sent; save the page and add the file")
    found = _PLACE.fullmatch(place)
    if found is None:
        raise _forbidden(text, "names no host; copy it from the browser's address bar")
    host = _number_6(found.group(1), text) if found.group(1) else _name(found.group(2), text)
    port = int(found.group(3)) if found.group(3) else PORTS[scheme]
    return Address(scheme, host, port, _target(path, query))


def joined(base: Address, location: str) -> Address:
    """Where an answer from `base` leads; raises `BadAddress`."""
    if _NEVER.search(location):
        raise _forbidden(location, "is not spelled as a web address is; save the page and add the file")
    try:
        return parsed(urljoin(str(base), location.strip()))
    except ValueError as error:
        raise _forbidden(location, "is not spelled as a web address is; save the page and add the file") from error


def _number_6(number: str, text: str) -> str:
    try:
        return str(IPv6Address(number))
    except AddressValueError as error:
        raise _forbidden(text, "names no host; copy it from the browser's address bar") from error


def _name(name: str, text: str) -> str:
    """A host's name in ASCII; a number in any but the plain notation is no name."""
    try:
        host = name.lower() if name.isascii() else idna.encode(name, uts46=True).decode("ascii")
    except idna.IDNAError as error:
        raise _forbidden(text, "names no host; copy it from the browser's address bar") from error
    host = host.removesuffix(".")
    if not _NAME.fullmatch(host):
        raise _forbidden(text, "names no host; copy it from the browser's address bar")
    if _NUMBER.fullmatch(host):
        try:
            return str(IPv4Address(host))
        except AddressValueError as error:
            raise _forbidden(text, "spells a host's number in an odd way; write the host's name") from error
    return host


def _target(path: str, query: str) -> str:
    """The path without dots, and the query, in ASCII."""
    parts: list[str] = []
    for part in path.split("/")[1:]:
        if part == "..":
            del parts[-1:]
        elif part != ".":
            parts.append(part)
    if path.endswith(("/.", "/..")):
        parts.append("")
    return quote(f"/{'/'.join(parts)}{query}".encode("utf-8", "replace"), safe=_SAFE)


def _forbidden(text: str, why: str) -> BadAddress:
    return BadAddress(f"{shown(text)} {why}")
