"""Plain text in whatever encoding it was saved; the canonical text is the file's own characters."""

from __future__ import annotations

import codecs
import re
from pathlib import Path

from charset_normalizer import from_bytes

from index.errors import DamagedFile
from index.types import Block, Document, ink

# The 32-bit marks come first: the 16-bit little-endian mark is the start of the 32-bit one.
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_CONTROL = re.compile("[\x00-\x06\x0e-\x1a\x1c-\x1f\x7f]")
_SAMPLE = 65_536
# So few bytes beyond ASCII tell a guesser nothing: it takes "café" for Chinese.
_FEW = 24
_FOREIGN_WORD = re.compile(r"[^\W\d_a-zA-Z]{3,}")
# A line is looked at from its start only: a long one of nothing but blanks would be gone over from each of them.
_PARAGRAPH = re.compile(r"^[^\n]*\S[^\n]*(?:\n[^\n]*\S[^\n]*)*", re.MULTILINE)
_ASCII = bytes(range(128))


def load(path: Path) -> Document:
    """The text file, its paragraphs as blocks."""
    text = decode(path.read_bytes(), path.name)
    return as_it_stands(text, path, "text/plain")


def as_it_stands(text: str, path: Path, media_type: str, warnings: tuple[str, ...] = ()) -> Document:
    """The document whose text is a file's own, character by character."""
    blocks = tuple(paragraphs(text))
    return Document(path.name, path.stem, text, blocks, (), "", media_type, warnings=warnings, seen=ink(text))


def decode(raw: bytes, name: str) -> str:
    r"""The characters of `raw`, without a byte order mark and with every line ending as "\n".

    The encoding is what the mark says, or UTF-8 where that fits, or the best guess. Raises `DamagedFile` for bytes that
    are no text.
    """
    text = _characters(raw, name)
    del raw  # of hundreds of megabytes there is no room for three
    if len(_CONTROL.findall(text[:_SAMPLE])) > len(text[:_SAMPLE]) // 100 or "\0" in text:
        raise DamagedFile(f"{name} holds binary data and no text; save it as text in the program that wrote it")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def paragraphs(text: str) -> list[Block]:
    """A block for each run of lines that are not blank, without the blanks around it."""
    found = []
    for match in _PARAGRAPH.finditer(text):
        run = match.group()
        start = match.start() + len(run) - len(run.lstrip())
        found.append(Block(start, match.start() + len(run.rstrip())))
    return found


def _characters(raw: bytes, name: str) -> str:
    for mark, encoding in _MARKS:
        if raw.startswith(mark):
            return raw[len(mark) :].decode(encoding, "replace")
    try:
        return raw.decode(_wide(raw) or "utf-8")
    except UnicodeDecodeError:
        return _guessed(raw, name)


def _wide(raw: bytes) -> str:
    """The 16-bit encoding whose zero bytes these are, in text without a mark; empty for any other."""
    sample = raw[:_SAMPLE]
    if len(sample) < 4 or len(raw) % 2:
        return ""
    even, odd = sample[0::2].count(0) * 2 / len(sample), sample[1::2].count(0) * 2 / len(sample)
    if odd > 0.4 and even < 0.05:
        return "utf-16-le"
    return "utf-16-be" if even > 0.4 and odd < 0.05 else ""


def _guessed(raw: bytes, name: str) -> str:
    """An 8-bit or East Asian encoding: Western where so little speaks, else what charset-normalizer finds best."""
    high = raw.translate(None, _ASCII)
    western = raw.decode("cp1252", "replace")
    if len(high) <= _FEW and "\ufffd" not in western and not _FOREIGN_WORD.search(western):
        return western
    best = from_bytes(raw[: 4 * _SAMPLE]).best()
    if best is None:
        raise DamagedFile(f"{name} is in no encoding that can be told; save it as UTF-8 text and add that")
    return raw.decode(best.encoding, "replace")
