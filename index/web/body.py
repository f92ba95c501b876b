"""What an address answers with, unpacked piece by piece and counted, so that it never becomes larger than allowed."""

from __future__ import annotations

import zlib
from collections.abc import Iterator

import httpcore

from index.errors import DamagedFile, EmptyFile, HeavyFile
from index.web.rules import MEGABYTE, Rules

SAVE = "save the page from a browser and add the file"
"""What works where an address does not."""

_PIECE = 256 * 1024
_GZIP = 16 + zlib.MAX_WBITS


def unpacked(response: httpcore.Response, headers: dict[str, str], said: str, rules: Rules) -> Iterator[bytes]:
    """The body piece by piece, unpacked; neither it nor what came over the line is larger than the rules allow."""
    came = seen = 0
    gzip = _Gzip() if "gzip" in headers.get("content-encoding", "").lower() else None
    for chunk in response.iter_stream():
        came += len(chunk)
        for piece in gzip.pieces(chunk, said) if gzip else [chunk]:
            seen += len(piece)
            if max(came, seen) > rules.size:
                raise HeavyFile(too_large(said, rules))
            yield piece
    if gzip is not None and came and not gzip.whole:
        raise DamagedFile(f"{said} came incomplete; try again later")
    if not seen:
        raise EmptyFile(f"{said} answered with an empty page; {SAVE}")


def too_large(said: str, rules: Rules) -> str:
    """What to say of a body that is larger than the rules allow."""
    return (
        f"{said} is larger than the {rules.size // MEGABYTE:,} MB that are fetched from an address; save it and add "
        "the file"
    )


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
