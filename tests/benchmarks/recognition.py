"""How well scanned pages are read, and what that takes: `python -m tests.benchmarks.recognition`.

Pages whose text is known, since it stands in a PDF, are drawn as a scanner would give them: as they are, and tilted,
blurred, noisy and packed as JPEG. What is read from the drawing is held against the text. Times are of the processor,
which other work on the machine disturbs less than the clock on the wall.
"""

from __future__ import annotations

import argparse
import io
import re
import resource
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import pypdfium2
from PIL import Image, ImageFilter

from index.loaders.pdf.engine import engine
from index.loaders.pdf.headings import with_headings
from index.loaders.pdf.lines import Sheet
from index.loaders.pdf.order import ordered
from index.loaders.pdf.paragraphs import paragraphs
from index.loaders.pdf.recognise import recognised
from index.loaders.pdf.writing import write

ROOT = Path(__file__).resolve().parents[2]
FEWEST = 800
"""Characters of a page that is taken: others are covers and leave little to measure."""
SCANS = {"as it is, 171 dpi": (171, False), "poor, 171 dpi": (171, True), "poor, 100 dpi": (100, True)}


def main() -> None:
    """Prints the figures for each kind of scan."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--folder", type=Path, default=ROOT.parent / "shared" / "data" / "northwind")
    parser.add_argument("--pages", type=int, default=2, help="of each PDF")
    parser.add_argument("--threads", type=int, default=1)
    given = parser.parse_args()
    pages = [page for path in sorted(given.folder.glob("*.pdf")) for page in _pages(path, given.pages)]
    _say(f"{len(pages)} pages of {given.folder.name}, {sum(len(text) for _, text in pages):,} characters")
    for name, (dots, poor) in SCANS.items():
        rows = [_measured(_scan(picture, dots, poor), text, given.threads) for picture, text in pages]
        errors, length, found, words, seconds, wall = (sum(column) for column in zip(*rows, strict=True))
        _say(
            f"{name}: {errors / length:.2%} of characters wrong or misplaced, {found / words:.2%} of words right, "
            f"{seconds / len(pages):.1f} s of processor and {wall / len(pages):.1f} s a page on {given.threads} threads"
        )
    _say(f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MB at most")


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def _pages(path: Path, count: int) -> list[tuple[Image.Image, str]]:
    """Pages from all over the document, each drawn at 300 dots an inch, and their text."""
    found = []
    with pypdfium2.PdfDocument(path) as pdf:
        for number in np.linspace(0, len(pdf) - 1, 4 * count).astype(int):
            page = pdf[int(number)]
            text = page.get_textpage().get_text_range().replace("\ufffe", "").replace("\x02", "")
            if len(text) > FEWEST and len(found) < count:
                found.append((page.render(scale=300 / 72).to_pil().convert("L"), text))
    return found


def _scan(picture: Image.Image, dots: int, poor: bool) -> Any:
    """The page as a scanner gives it: rows, columns, blue-green-red."""
    picture = picture.resize((picture.width * dots // 300, picture.height * dots // 300), Image.Resampling.BOX)
    if poor:
        picture = picture.rotate(1.2, Image.Resampling.BICUBIC, fillcolor=255).filter(ImageFilter.GaussianBlur(0.7))
        noise = np.random.default_rng(0).normal(-10, 12, (picture.height, picture.width))
        picture = Image.fromarray(np.clip(np.asarray(picture, float) + noise, 0, 255).astype(np.uint8))
        packed = io.BytesIO()
        picture.save(packed, "JPEG", quality=40)
        picture = Image.open(packed)
    return np.ascontiguousarray(np.asarray(picture.convert("RGB")))


def _measured(pixels: Any, text: str, threads: int) -> tuple[float, ...]:
    """Wrong characters of how many, right words of how many, and the seconds that it took."""
    models = engine(threads)
    began, wall = time.process_time(), time.perf_counter()
    page = recognised(pixels, Sheet(1, "", pixels.shape[1], pixels.shape[0], ()), models)
    seconds, wall = time.process_time() - began, time.perf_counter() - wall
    sheet = ordered(page.sheet)
    read = write(with_headings(paragraphs(sheet), []), [sheet]).text
    one, other = _folded(text), _folded(read)
    words, found = Counter(re.findall(r"\w+", text)), Counter(re.findall(r"\w+", read))
    return _apart(one, other), len(one), sum((words & found).values()), sum(words.values()), seconds, wall


def _folded(text: str) -> str:
    """Without white space and the marks of lists, and with one kind of quotation mark."""
    return re.sub(r"[\s•●○▪·-]", "", text.translate(str.maketrans("’‘“”–—", "''\"\"--")))


def _apart(one: str, other: str) -> int:
    """The edits that make one text of the other (Levenshtein's distance, a row at a time)."""
    letters = np.array([ord(letter) for letter in other])
    steps = np.arange(len(other) + 1)
    row = steps.copy()
    for number, letter in enumerate(one, 1):
        best = np.concatenate([[number], np.minimum(row[1:] + 1, row[:-1] + (letters != ord(letter)))])
        row = np.minimum.accumulate(best - steps) + steps
    return int(row[-1])


if __name__ == "__main__":
    main()
