"""One pass over the tokens of Rich Text Format, writing down paragraphs, rows and notes."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass, replace

from index.loaders import Account, Writing, plain
from index.loaders.rtf.words import CHARSETS, COUNTED, KEPT, SIGNS, SKIPPED, SYMBOLS, TOKEN, UNKNOWN
from index.loaders.xlsx.table import write_cells
from index.types import ink

_HEADING = re.compile(r"heading ([1-9])", re.IGNORECASE)
_ENDS = frozenset({"par", "sect", "page", "column"})
_MOST_GROUPS = 10_000
# What is said there is no text of the document.
_WITHOUT_TEXT = frozenset({"nowhere", "fonts", "styles", "style", "title"})
_LEFT_OUT = frozenset({"hidden text", "deleted text", UNKNOWN, *COUNTED.values()})


@dataclass(frozen=True, slots=True)
class _State:
    """What a group inherits: where its text goes ("" for the body), what it is encoded in, how it is formatted."""

    place: str = ""
    skip: int = 1
    encoding: str = ""
    hidden: bool = False
    deleted: bool = False
    style: int = -1
    outline: int = 9
    in_table: bool = False


class Reader:
    """The text in `writing`, and what is left out in its account."""

    def __init__(self) -> None:
        self.writing = Writing()
        self.account: Account = self.writing.account
        self.is_cut = False
        self._state = _State()
        self._stack: list[_State] = []
        self._bytes = bytearray()
        self._default = "cp1252"
        self._texts: dict[str, list[str]] = {}
        self._fonts: dict[int, str] = {}
        self._font = -1
        self._styles: dict[int, str] = {}
        self._cells: list[str] = []
        self._rows: list[list[str]] = []
        self._starred = False
        self._skipping = 0
        self._said: dict[str, list[str]] = {}

    def title(self) -> str:
        """The title in the properties; empty where there is none."""
        return " ".join(plain(self._taken("title")).split())

    def read(self, raw: bytes) -> None:
        """Writes the whole document, its notes last."""
        at = 0
        while at < len(raw):
            match = TOKEN.match(raw, at)
            if match is None:
                break
            at = match.end()
            word, number, code, symbol, brace, text = match.groups()
            if word == b"bin":
                at += max(0, int(number or 0))
            elif word:
                self._word(word.decode(), int(number) if number else None)
            elif brace:
                self._brace(brace)
            elif symbol == b"*":
                # The mark counts only where it opens a group.
                self._starred = raw[max(0, match.start() - 8) : match.start()].rstrip(b"\r\n")[-1:] == b"{"
            elif symbol:
                self._say(SYMBOLS.get(symbol, ""))
            elif code or text:
                self._characters(bytes.fromhex(code.decode()) if code else text)
        self.is_cut = bool(self._stack)
        self._flush()
        self._finish()

    def _finish(self) -> None:
        """Writes what is left, wherever the text broke off, then the notes, and settles the account."""
        self._state = _State()
        self._table()
        self._end()
        for note in self._taken("notes").split("\0"):
            self.writing.add(self.account.plain(note))
        for reason in _LEFT_OUT & self._texts.keys():
            self.account.drop(self._taken(reason), reason)
        for texts in self._said.values():
            self.account.see(_joined(texts))

    def _brace(self, brace: bytes) -> None:
        self._flush()
        self._starred = False
        self._skipping = 0
        if brace == b"{":
            if len(self._stack) < _MOST_GROUPS:
                self._stack.append(self._state)
        elif self._stack:
            closed, self._state = self._state, self._stack.pop()
            if closed.place == "notes" and self._state.place != "notes":
                self._texts.setdefault("notes", []).append("\0")
            elif closed.place == "style" and self._state.place in ("style", "styles"):
                self._styles[closed.style] = self._taken("style").rstrip(";").strip()

    def _word(self, word: str, number: int | None) -> None:
        if word == "u":
            self._flush()
            self._say(chr((number or 0) & 0xFFFF or 0xFFFD))
            self._skipping = self._state.skip
            return
        self._flush()
        starred, self._starred = self._starred, False
        if word in SKIPPED:
            self._state = replace(self._state, place="nowhere")
        elif word in COUNTED or (starred and word not in KEPT):
            self._leave(COUNTED.get(word, UNKNOWN))
        elif word in SIGNS:
            self._say(SIGNS[word])
        elif word in _ENDS:
            self._end()
        elif word == "cell" and not self._state.place:
            self._cells.append(" ".join(self.account.plain(self._taken("")).split()))
            self.account.drop(self._taken("mark"), "mark of a list")
        elif word == "row" and not self._state.place:
            self._rows.append(self._cells)
            self._cells = []
        else:
            self._destination(word)
            self._format(word, number)

    def _destination(self, word: str) -> None:
        places = {"stylesheet": "styles", "fonttbl": "fonts", "info": "nowhere", "title": "title", "footnote": "notes"}
        if word in places and self._state.place in ("", "nowhere") and (word != "title" or self._state.place):
            self._state = replace(self._state, place=places[word])
        elif word in ("listtext", "pntext") and not self._state.place:
            self._state = replace(self._state, place="mark")

    def _format(self, word: str, number: int | None) -> None:
        state, on = self._state, number != 0
        if word in ("s", "cs", "ds", "ts") and state.place in ("styles", "style"):
            state = replace(state, place="style", style=(number or 0) if word == "s" else -1)
        elif word == "s":
            state = replace(state, style=number or 0)
        elif word == "pard":
            state = replace(state, style=-1, outline=9, in_table=False)
        elif word == "plain":
            state = replace(state, hidden=False, deleted=False)
        elif word == "outlinelevel":
            state = replace(state, outline=9 if number is None else number)
        elif word in ("intbl", "v", "deleted"):
            name = {"intbl": "in_table", "v": "hidden", "deleted": "deleted"}[word]
            state = replace(state, **{name: on})  # type: ignore[arg-type]
        elif word == "uc":
            state = replace(state, skip=max(0, number or 0))
        elif word == "ansicpg":
            self._default = _codec(f"cp{number}") or self._default
        elif word == "f" and state.place == "fonts":
            self._font = number or 0
        elif word == "f":
            state = replace(state, encoding=self._fonts.get(number or 0, ""))
        elif word == "fcharset":
            # 0 is ANSI, which means the document's own code page; 1 and 2 say nothing.
            self._fonts[self._font] = CHARSETS.get(number or 0, "") if number else ""
        self._state = state

    def _characters(self, raw: bytes) -> None:
        """Characters in the encoding of the font; those that stand in for a Unicode one before them are skipped."""
        skipped = min(self._skipping, len(raw))
        self._skipping -= skipped
        self._bytes += raw[skipped:]
        self._starred = False

    def _flush(self) -> None:
        if self._bytes:
            raw, self._bytes = bytes(self._bytes), bytearray()
            self._say(raw.decode(self._state.encoding or self._default, "replace"))

    def _say(self, text: str) -> None:
        self._flush()
        state = self._state
        place = state.place
        if place not in _WITHOUT_TEXT:
            place = "hidden text" if state.hidden else "deleted text" if state.deleted else place
            self._said.setdefault(place, []).append(text)
        if place not in ("nowhere", "fonts", "styles"):
            self._texts.setdefault(place, []).append(text)

    def _end(self) -> None:
        """Ends a paragraph; one inside a table goes on in its cell."""
        self._flush()
        if self._state.place == "notes":
            self._say("\n")
        elif self._state.place:
            return
        elif self._state.in_table or self._cells:
            self._say(" ")
        else:
            self._table()
            found = self._taken("mark")
            self.account.drop(found, "mark of a list")
            mark = " ".join(plain(found).split())
            text = self.account.plain(self._taken(""))
            level = self._level()
            kind = "heading" if level else "item" if mark else "text"
            text = " ".join(text.split()) if level else text
            self.account.written += ink(_bullet(mark)) if mark and text else 0
            self.writing.add(f"{_bullet(mark)} {text}" if mark and text else text, kind, level)

    def _level(self) -> int:
        match = _HEADING.match(self._styles.get(self._state.style, ""))
        level = int(match.group(1)) if match else self._state.outline + 1
        return min(level, 6) if 0 < level < 10 else 0

    def _table(self) -> None:
        rows, self._rows = self._rows, []
        if self._cells:
            rows, self._cells = [*rows, self._cells], []
        if rows:
            write_cells(self.writing, rows)

    def _taken(self, place: str) -> str:
        """What was said in a place, which is empty then; the halves of wide characters joined."""
        if place in self._said:
            # Halves of a wide character that are taken apart are no longer one, here neither.
            self._said[place].append("\n")
        return _joined(self._texts.pop(place, []))

    def _leave(self, reason: str) -> None:
        """Goes to where text is counted and left out; inside such a place all is left out for the first reason."""
        if self._state.place not in _LEFT_OUT | _WITHOUT_TEXT:
            self._state = replace(self._state, place=reason)


def _joined(texts: list[str]) -> str:
    return "".join(texts).encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def _bullet(mark: str) -> str:
    return mark if any(letter.isalnum() for letter in mark) and len(mark) > 1 else "•"


def _codec(name: str) -> str:
    try:
        return codecs.lookup(name).name
    except LookupError:
        return ""
