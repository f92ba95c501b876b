"""Connections to the very addresses that were looked at and allowed: a name is resolved once, and never asked again."""

from __future__ import annotations

import ssl
from collections.abc import Iterable
from ipaddress import ip_address
from typing import Any

import httpcore

from index.errors import BadAddress, FailedAddress
from index.web.public import IP
from index.web.rules import Clock, Rules

_TRIES = 4
"""Addresses of one host that are tried, one after another."""


class Line(httpcore.NetworkBackend):
    """Opens connections where the rules allow it. `shown` is the address for messages."""

    def __init__(self, rules: Rules, clock: Clock, shown: str) -> None:
        self._rules = rules
        self._clock = clock
        self._shown = shown
        self._plain = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """A connection to the first address of the host that answers, after each of them was found to be allowed."""
        failure: httpcore.ConnectError | httpcore.ConnectTimeout | None = None
        for address in self._addresses(host, port)[:_TRIES]:
            try:
                stream = self._plain.connect_tcp(str(address), port, self._clock.within(timeout), local_address)
                return _Timed(stream, self._clock)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = failure or error
        raise failure or FailedAddress(f"{self._shown} has no address in the internet; check how it is spelled")

    def connect_unix_socket(
        self, path: str, timeout: float | None = None, socket_options: Iterable[Any] | None = None
    ) -> httpcore.NetworkStream:
        """Raises `BadAddress`: there is no such web address."""
        raise BadAddress(f"{self._shown} is no web address")

    def _addresses(self, host: str, port: int) -> list[IP]:
        try:
            numbers = [str(ip_address(host))]
        except ValueError:
            numbers = self._resolved(host, port)
        addresses = [ip_address(number) for number in dict.fromkeys(numbers)]
        if not all(self._rules.allowed(address) for address in addresses):
            raise BadAddress(
                f"{self._shown} lies in a private network or on this computer, and only public addresses are read; "
                "save the page and add the file"
            )
        return addresses

    def _resolved(self, host: str, port: int) -> list[str]:
        try:
            return list(self._clock.ask(lambda: self._rules.resolve(host, port)))
        except (OSError, UnicodeError) as error:
            raise FailedAddress(
                f"{self._shown} is not found: there is no host {host}, or no connection to the internet; check both"
            ) from error


class _Timed(httpcore.NetworkStream):
    """A connection on which nothing waits longer than the time that is left for it all."""

    def __init__(self, stream: httpcore.NetworkStream, clock: Clock) -> None:
        self._stream = stream
        self._clock = clock

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, self._clock.within(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, self._clock.within(timeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        stream = self._stream.start_tls(ssl_context, server_hostname, self._clock.within(timeout))
        return _Timed(stream, self._clock)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)
