"""Pictures and scanned pages: what they show is read, in order and in its place, and what was not read is told."""

from __future__ import annotations

import struct
import subprocess
import sys
import zlib
from itertools import chain, repeat
from pathlib import Path

import numpy as np
import pypdfium2
import pytest
from PIL import Image, ImageDraw, ImageFont

from index.allowance import allowing
from index.errors import DamagedFile, EmptyFile, HeavyFile
from index.loaders.pdf.lines import Sheet
from index.loaders.pdf.recognise import recognised
from index.loaders.pdf.turn import Turn
from index.loaders.png.pixels import frames
from index.read import read
from index.types import Block, Document, ink
from tests.index.documents import FILLER, HEADING, SENTENCE, draw, page_stream, write_pdf, write_pdf_streams
from tests.index.documents_pictures import draw_page, joined, write_picture, write_scan

RECOGNISED = "read from pictures by text recognition, which can misread"
INSTALL = "install it with pip install 'document-assistant[ocr]' and add the file again"


def texts(document: Document, kind: str) -> list[str]:
    return [document.text[block.start : block.end] for block in document.blocks if block.kind == kind]


def block_at(document: Document, words: str) -> Block:
    at = document.text.index(words)
    return next(block for block in document.blocks if block.start <= at < block.end)


def balanced(document: Document) -> bool:
    assert document.seen is not None and document.seen > 0
    return document.seen + document.written == ink(document.text) + sum(document.dropped.values())


def words_at(
    page: Image.Image, words: str, place: tuple[int, int], size: int = 26
) -> tuple[float, float, float, float]:
    """Writes words on a page; returns the box of their ink as fractions of the page."""
    pen = ImageDraw.Draw(page)
    font = ImageFont.load_default(size)
    pen.text(place, words, fill="black", font=font)
    left, top, right, bottom = pen.textbbox(place, words, font=font)
    return left / page.width, top / page.height, right / page.width, bottom / page.height


def near(box, expected, apart=0.03) -> bool:
    return all(abs(one - other) < apart for one, other in zip(box, expected, strict=True))


@pytest.mark.parametrize("suffix", ["jpg", "jpeg", "tif", "tiff", "bmp", "gif", "webp"])
def test_every_kind_of_picture_is_a_document_of_one_page(suffix, tmp_path):
    document = read(write_picture(tmp_path / f"ferries.{suffix}", HEADING, [FILLER, SENTENCE]))
    assert SENTENCE in document.text and texts(document, "heading") == [HEADING]
    assert [(page.number, page.start, page.end) for page in document.pages] == [(1, 0, len(document.text))]
    assert document.media_type.startswith("image/") and document.title == HEADING
    assert document.warnings == (f"page 1 was {RECOGNISED}",) and document.missing == ()
    assert balanced(document)


def test_a_picture_under_another_name_is_read_as_what_it_is(tmp_path):
    write_picture(tmp_path / "a.png", HEADING, [SENTENCE]).rename(tmp_path / "a.pdf")
    document = read(tmp_path / "a.pdf")
    assert SENTENCE in document.text and "is a PNG picture although its name ends in .pdf" in document.warnings[0]


def test_each_picture_of_a_file_is_a_page(tmp_path):
    pages = [draw_page(f"Sheet {number}", [words]) for number, words in ((1, SENTENCE), (2, FILLER))]
    pages[0].save(tmp_path / "a.tif", save_all=True, append_images=pages[1:])
    document = read(tmp_path / "a.tif")
    first, second = (document.text[page.start : page.end] for page in document.pages)
    assert "Sheet 1" in first and SENTENCE in first
    assert "Sheet 2" in second and FILLER.split(",")[0] in second
    assert {block.page for block in document.blocks} == {1, 2}
    assert document.warnings == (f"pages 1-2 were {RECOGNISED}",)


def test_pictures_that_change_nothing_are_no_pages(tmp_path):
    pages = [draw_page("One", []), draw_page("One", []), draw_page("Two", [])]
    pages[0].save(tmp_path / "a.tif", save_all=True, append_images=pages[1:])
    assert len(list(frames(tmp_path / "a.tif"))) == 2


GREY = draw_page(HEADING, [SENTENCE]).convert("L")


def deep(grey: Image.Image) -> Image.Image:
    return Image.fromarray(np.asarray(grey).astype(np.uint16) * 257)


def see_through(grey: Image.Image, colour: int) -> Image.Image:
    """Type of a colour on nothing."""
    image = Image.new("RGBA", grey.size, (colour, colour, colour, 0))
    image.putalpha(Image.eval(grey, lambda value: 255 - value))
    return image


@pytest.mark.parametrize(
    ("image", "suffix"),
    [
        (deep(GREY), "png"),
        (deep(GREY), "tif"),
        (GREY.convert("1", dither=Image.Dither.NONE), "png"),
        (GREY.convert("1", dither=Image.Dither.NONE), "tif"),
        (GREY.convert("RGB").convert("CMYK"), "jpg"),
        (GREY.convert("RGB").convert("P", palette=Image.Palette.ADAPTIVE), "gif"),
        (GREY.convert("LA"), "png"),
        (GREY.convert("F"), "tif"),
        (see_through(GREY, 0), "png"),
    ],
)
def test_pictures_of_every_depth_show_the_same(image, suffix, tmp_path):
    image.save(tmp_path / f"a.{suffix}")
    (frame,) = frames(tmp_path / f"a.{suffix}")
    assert frame.pixels.dtype == np.uint8 and frame.pixels.shape == (*np.asarray(GREY).shape, 3)
    assert np.abs(frame.pixels.astype(float) - np.asarray(GREY, float)[:, :, None]).mean() < 2


def test_light_type_on_nothing_is_seen_on_black(tmp_path):
    see_through(GREY, 255).save(tmp_path / "a.png")
    (frame,) = frames(tmp_path / "a.png")
    assert np.abs(255 - frame.pixels.astype(float) - np.asarray(GREY, float)[:, :, None]).mean() < 2


def test_a_picture_that_a_camera_took_sideways_stands_upright(tmp_path):
    exif = Image.Exif()
    exif[0x0112] = 6
    GREY.rotate(90, expand=True).save(tmp_path / "a.jpg", exif=exif, quality=95)
    (frame,) = frames(tmp_path / "a.jpg")
    assert np.abs(frame.pixels.astype(float) - np.asarray(GREY, float)[:, :, None]).mean() < 3


def test_a_large_picture_is_made_smaller(tmp_path):
    GREY.resize((GREY.width * 4, GREY.height * 4)).save(tmp_path / "a.png")
    (frame,) = frames(tmp_path / "a.png")
    assert max(frame.pixels.shape) == 2000


def test_the_box_of_a_line_lies_where_the_line_is_drawn(tmp_path):
    page = Image.new("RGB", (900, 600), "white")
    upper = words_at(page, SENTENCE, (60, 90))
    lower = words_at(page, "Tickets are sold on board.", (300, 480))
    page.save(tmp_path / "a.png")
    document = read(tmp_path / "a.png")
    assert near(block_at(document, SENTENCE).box, upper)
    assert near(block_at(document, "Tickets are").box, lower)


@pytest.mark.parametrize("turned", [90, 180, 270])
def test_a_page_that_lay_sideways_or_upside_down_is_read_and_highlights_as_it_is_shown(turned, tmp_path):
    page = Image.new("RGB", (900, 600), "white")
    words_at(page, HEADING, (60, 60), 40)
    words_at(page, FILLER[:60], (60, 200))
    left, top, right, bottom = words_at(page, SENTENCE, (60, 480))
    boxes = {
        90: (top, 1 - right, bottom, 1 - left),
        180: (1 - right, 1 - bottom, 1 - left, 1 - top),
        270: (1 - bottom, left, 1 - top, right),
    }
    page.rotate(turned, expand=True).save(tmp_path / "a.png")
    document = read(tmp_path / "a.png")
    assert document.text.index(HEADING) < document.text.index(FILLER[:40]) < document.text.index(SENTENCE)
    assert near(block_at(document, SENTENCE).box, boxes[turned])


def test_a_page_that_lay_askew_is_read_in_order(tmp_path):
    page = draw_page(HEADING, [FILLER, SENTENCE, FILLER])
    page.rotate(3, fillcolor="white", expand=True, resample=Image.Resampling.BICUBIC).save(tmp_path / "a.png")
    text = read(tmp_path / "a.png").text
    assert f"{FILLER}\n\n{SENTENCE}\n\n{FILLER}" in text


def test_turning_a_box_back_and_forth_gives_the_box():
    box = (0.1, 0.2, 0.3, 0.25)
    assert Turn().back(box, 600, 800) == box
    assert Turn(2).back(Turn(2).back(box, 600, 800), 600, 800) == box
    assert Turn(3).back(Turn(1).back(box, 600, 800), 800, 600) == box
    left, top, right, bottom = Turn(0, 10).back(box, 600, 800)
    assert left < 0.2 < right and top < bottom and right - left < 0.25


def test_columns_are_read_one_after_the_other(tmp_path):
    left = [f"The left side goes on with line {word}" for word in "one two three four five six".split()]
    right = [f"the right side has its words {word}" for word in "seven eight nine ten more last".split()]
    page = Image.new("RGB", (1200, 500), "white")
    words_at(page, "A heading over both of the columns of this page, from side to side of it", (60, 30), 30)
    for at, (one, other) in enumerate(zip(left, right, strict=True)):
        words_at(page, one, (60, 110 + 36 * at))
        words_at(page, other, (660, 114 + 36 * at))
    page.save(tmp_path / "a.png")
    text = " ".join(read(tmp_path / "a.png").text.split())
    assert " ".join(left) in text and " ".join(right) in text
    assert text.index(left[-1]) < text.index(right[0])


def test_cells_of_a_table_stay_in_their_rows(tmp_path):
    page = Image.new("RGB", (1000, 420), "white")
    for row, cells in enumerate(
        [("Harbour", "Ferries", "Staff")] + [(f"Port {n}", f"{n}1", f"{n}7") for n in range(2, 8)]
    ):
        for column, cell in enumerate(cells):
            words_at(page, cell, (80 + 320 * column, 40 + 48 * row))
    page.save(tmp_path / "a.png")
    assert "Port 3 31 37" in read(tmp_path / "a.png").text


def test_scanned_pages_of_a_pdf_are_read_without_what_runs_on_top_of_each(tmp_path):
    size = (900, 1200)
    trees = ("oak", "elm", "ash")
    pages = [draw_page("Report 7", [f"This page is about the {tree}.", SENTENCE], size) for tree in trees]
    document = read(write_scan(tmp_path / "a.pdf", pages))
    assert document.text.count(SENTENCE) == 3 and "about the elm." in document.text
    assert document.warnings == (f"pages 1-3 were {RECOGNISED}",)
    assert document.dropped["running header or footer"] == 3 * ink("Report 7")
    assert balanced(document)
    assert near(block_at(document, "This page is about the ash.").box[:2], (70 / 900, 146 / 1200))


def test_pages_with_text_are_taken_as_they_are_beside_pages_that_are_pictures(tmp_path):
    typed = write_pdf(tmp_path / "typed.pdf", [["Typed words stand here."], []])
    scan = write_scan(tmp_path / "scan.pdf", [draw_page(HEADING, [SENTENCE])])
    document = read(joined(tmp_path / "a.pdf", [typed, scan]))
    assert document.text.startswith("Typed words stand here.") and SENTENCE in document.text
    assert document.warnings == (f"page 3 was {RECOGNISED}", "page 2 holds no text")
    assert document.missing == () and balanced(document)


def test_a_scan_with_a_stamp_on_it_is_read_and_the_stamp_not_twice(tmp_path):
    scan = write_scan(tmp_path / "scan.pdf", [draw_page(HEADING, [SENTENCE])])
    stamp = write_pdf_streams(tmp_path / "stamp.pdf", [draw("Received 3 May 2024", 60, 20)])
    with pypdfium2.PdfDocument(scan) as under, pypdfium2.PdfDocument(stamp) as over:
        page = under[0]
        page.insert_obj(over.page_as_xobject(0, under).as_pageobject())
        page.gen_content()
        under.save(tmp_path / "a.pdf")
    document = read(tmp_path / "a.pdf")
    assert document.text.count("Received 3 May 2024") == 1 and SENTENCE in document.text
    assert document.warnings == (f"page 1 was {RECOGNISED}",) and balanced(document)


class Guesses:
    """Stands in for the models: finds three lines on any page, and is sure of the first only."""

    def find(self, pixels):
        return np.array([[(10, y), (200, y), (200, y + 20), (10, y + 20)] for y in (10, 50, 90)], np.float32)

    def cut(self, pixels, corners):
        return [pixels] * len(corners)

    def upside_down(self, lines):
        return [False] * len(lines)

    def read(self, lines):
        return [("sure words", 0.98), ("un sure", 0.3), (" ", 0.99)]


def test_what_is_recognised_badly_is_left_out_and_counted():
    page = recognised(np.zeros((120, 300, 3), np.uint8), Sheet(1, "", 300, 120, ()), Guesses())
    assert [line.text for line in page.sheet.lines] == ["sure words"]
    assert (page.found, page.unsure) == (len("surewords") + len("unsure"), len("unsure"))


def test_pages_that_there_is_no_time_for_are_named(tmp_path):
    scan = write_scan(tmp_path / "a.pdf", [draw_page(f"Page {word}", [SENTENCE]) for word in ("one", "two", "three")])
    answers = chain([True], repeat(False))
    with allowing(lambda page, of: next(answers)):
        document = read(scan)
    late = "which were not read, since there was no time for more; split the file and add the parts"
    assert "Page one" in document.text and "Page two" not in document.text and len(document.pages) == 3
    assert document.missing == (f"pages 2-3 hold only pictures, {late}",)
    assert document.warnings == (f"page 1 was {RECOGNISED}", *document.missing)
    none = r"^a\.pdf holds only pictures, and there was no time"
    with allowing(lambda page, of: False), pytest.raises(EmptyFile, match=none):
        read(scan)


def test_pictures_without_text_are_empty(tmp_path):
    Image.linear_gradient("L").save(tmp_path / "a.png")
    with pytest.raises(EmptyFile, match=r"^a\.png shows no text that can be recognised; "):
        read(tmp_path / "a.png")
    with pytest.raises(EmptyFile, match=r"^b\.pdf holds no text, nor do its pictures show any"):
        read(write_scan(tmp_path / "b.pdf", [Image.linear_gradient("L").convert("RGB")]))


def vast_png(path: Path, width: int, height: int) -> Path:
    """Writes the head of a picture of any size; what follows is never looked at."""
    head = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    parts = (struct.pack(">I", 13), head, struct.pack(">I", zlib.crc32(head)), b"\0\0\0cIDAT", bytes(99))
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + b"".join(parts))
    return path


@pytest.mark.parametrize("size", [(10_000, 10_000), (60_000, 60_000)])
def test_a_picture_of_too_many_pixels_is_refused_before_it_is_unpacked(size, tmp_path):
    with pytest.raises(HeavyFile, match=r"^a\.png has more than 89 million pixels, .*save it smaller and add that$"):
        read(vast_png(tmp_path / "a.png", *size))


@pytest.mark.parametrize("suffix", ["png", "jpg", "tif", "gif", "bmp", "webp"])
def test_a_picture_that_is_cut_short_is_damaged(suffix, tmp_path):
    path = write_picture(tmp_path / f"a.{suffix}", HEADING, [SENTENCE])
    whole = path.read_bytes()
    for kept in (30, len(whole) // 2):
        path.write_bytes(whole[:kept])
        with pytest.raises(DamagedFile, match=rf"^a\.{suffix} is (broken or cut short|no picture)"):
            read(path)


def without_recognition(path: Path) -> str:
    """What becomes of a file where the extra is not installed."""
    code = (
        "import sys; sys.modules['rapidocr'] = None\n"
        "from pathlib import Path; from index.errors import UnreadableFile; from index.read import read\n"
        "try:\n document = read(Path(sys.argv[1])); print(document.missing, document.warnings == document.missing)\n"
        "except UnreadableFile as error: print(type(error).__name__, error)"
    )
    done = subprocess.run([sys.executable, "-c", code, str(path)], capture_output=True, text=True, check=True)
    return done.stdout.strip()


def test_without_text_recognition_a_person_is_told_how_to_have_it(tmp_path):
    scan = write_scan(tmp_path / "scan.pdf", [draw_page(HEADING, [SENTENCE])] * 2)
    mixed = joined(tmp_path / "mixed.pdf", [write_pdf(tmp_path / "typed.pdf", [["Typed words."]]), scan])
    picture = write_picture(tmp_path / "a.jpg", HEADING, [SENTENCE])
    lacks = "text recognition is not installed"
    assert without_recognition(picture) == f"EmptyFile a.jpg is a picture, and {lacks}; {INSTALL}"
    assert without_recognition(scan) == f"EmptyFile scan.pdf holds only pictures and no text, and {lacks}; {INSTALL}"
    told = f"pages 2-3 hold only pictures, which were not read, since {lacks}; {INSTALL}"
    assert without_recognition(mixed) == f'("{told}",) True'


def test_page_streams_are_not_mistaken_for_pictures(tmp_path):
    document = read(write_pdf_streams(tmp_path / "a.pdf", [page_stream([SENTENCE])]))
    assert document.text == SENTENCE and document.warnings == ()
