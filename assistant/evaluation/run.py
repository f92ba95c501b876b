"""The folder of a run: what was asked of what, and each result the moment it is there."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import IO

from assistant.evaluation.errors import RunMismatch
from assistant.evaluation.lines import write_whole
from assistant.evaluation.record import Record, line_of, record_of

FORMAT = 1
CONFIG, RESULTS, SUMMARY, PAGE = "run.json", "results.jsonl", "summary.json", "report.html"


class Run:
    """The results of a run, kept in a folder line by line, or in memory alone where there is no folder.

    Opening a folder that holds the same run goes on with it. Raises `RunMismatch` where it holds another.
    """

    def __init__(self, folder: Path | None, config: Mapping[str, object]) -> None:
        self.folder = folder
        self.config = {"format": FORMAT, **config}
        self.records: dict[str, Record] = {}
        self._file: IO[str] | None = None
        if folder is not None:
            self._agree(folder)
            self.records = {record[0].id: record for record in read_results(folder / RESULTS, mend=True)}

    def keep(self, record: Record) -> None:
        """Keeps a result; it is on the disk when this returns."""
        self.records[record[0].id] = record
        if self.folder is not None:
            if self._file is None:
                self._claim(self.folder)
                self._file = (self.folder / RESULTS).open("a", encoding="utf-8", newline="")
            self._file.write(line_of(*record) + "\n")
            self._file.flush()
            os.fsync(self._file.fileno())

    def rewrite(self, records: Iterable[Record]) -> None:
        """Puts the records in place of those that are kept, such as when they were scored with other metrics."""
        self.close()
        self.records = {record[0].id: record for record in records}
        if self.folder is not None:
            self._claim(self.folder)
            lines = (line_of(*record) for record in self.records.values())
            write_whole(self.folder / RESULTS, "".join(line + "\n" for line in lines))

    def close(self) -> None:
        """Closes the file of results; more can still be kept."""
        if self._file is not None:
            self._file.close()
            self._file = None

    def _claim(self, folder: Path) -> None:
        """Writes down what the folder's results are of, before the first of them."""
        folder.mkdir(parents=True, exist_ok=True)
        if not (folder / CONFIG).exists():
            write_whole(folder / CONFIG, json.dumps(self.config, indent=2, ensure_ascii=False) + "\n")

    def _agree(self, folder: Path) -> None:
        path = folder / CONFIG
        now = json.loads(json.dumps(self.config))
        if not path.exists():
            if (folder / RESULTS).exists():
                raise RunMismatch(f"{folder} holds {RESULTS} and no {CONFIG}, so it is not known what was asked there")
            return
        try:
            then = json.loads(path.read_text(encoding="utf-8"))
        except ValueError:
            raise RunMismatch(f"{path} is damaged; give another folder, or remove this one") from None
        differ = differences(then if isinstance(then, dict) else {}, now)
        if differ:
            raise RunMismatch(
                f"{folder} holds another run: {'; '.join(differ)}; "
                "give another folder, or the same questions and options"
            )


def differences(then: Mapping[str, object], now: Mapping[str, object], above: str = "") -> list[str]:
    """What differs between two configurations, a phrase each: "seed was 0 and is 1"."""
    out: list[str] = []
    for name in [*then, *(name for name in now if name not in then)]:
        before, after = then.get(name), now.get(name)
        if isinstance(before, dict) and isinstance(after, dict):
            out += differences(before, after, f"{above}{name}.")
        elif before != after:
            out.append(f"{above}{name} was {_short(before)} and is {_short(after)}")
    return out


def read_results(path: Path, mend: bool = False) -> list[Record]:
    """The records of a file of results; a last line that was cut off is left out, and with `mend` cut away.

    Raises `RunMismatch` with the number of a line that cannot be read.
    """
    if not path.exists():
        return []
    data = path.read_bytes()
    whole = data[: data.rfind(b"\n") + 1]
    if mend and len(whole) < len(data):
        with path.open("r+b") as file:
            file.truncate(len(whole))
    records = []
    for number, line in enumerate(whole.decode("utf-8", errors="replace").split("\n"), 1):
        try:
            records += [record_of(line)] if line.strip() else []
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            raise RunMismatch(f"{path} line {number} is no result of this version ({error})") from None
    return records


def _short(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 24 else f"{text[:12]}…{text[-4:]}"
