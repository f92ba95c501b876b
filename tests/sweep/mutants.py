"""Damaged copies of a sample of files: cut short, and with bytes changed; the same ones in every run."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path, PurePosixPath

SEED = 4
PDFS, OTHERS = 60, 3
_LARGEST = 2_000_000
_FLIPPED = 0.01
CUTS = {"cut at 10%": 0.1, "cut at 50%": 0.5, "cut at 90%": 0.9}
FLIPPED = "1% of bytes changed"


def write_mutants(data: Path, paths: Sequence[str], folder: Path) -> list[str]:
    """Writes four mutants of each of 60 PDFs and of three files of every other format; their paths in the folder."""
    written = []
    for path in _sample(data, paths):
        whole = (data / path).read_bytes()
        for way, damaged in _mutants(whole, random.Random(f"{SEED} {path}")):
            name = f"{way}/{path}"
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(damaged)
            written.append(name)
    return written


def way(path: str) -> str:
    """How a mutant was made."""
    return path.split("/", 1)[0]


def _sample(data: Path, paths: Sequence[str]) -> list[str]:
    by: Mapping[str, list[str]] = defaultdict(list)
    for path in paths:
        if 0 < (data / path).stat().st_size <= _LARGEST:
            by[PurePosixPath(path).suffix.lower()].append(path)
    chosen = random.Random(SEED)
    return [
        path
        for suffix, some in sorted(by.items())
        for path in chosen.sample(some, min(len(some), PDFS if suffix == ".pdf" else OTHERS))
    ]


def _mutants(whole: bytes, chance: random.Random) -> Iterator[tuple[str, bytes]]:
    for name, part in CUTS.items():
        yield name, whole[: int(len(whole) * part)]
    changed = bytearray(whole)
    for at in chance.sample(range(len(whole)), max(1, int(len(whole) * _FLIPPED))):
        changed[at] ^= chance.randrange(1, 256)
    yield FLIPPED, bytes(changed)
