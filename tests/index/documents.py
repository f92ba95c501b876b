"""Writes small documents of every format for the tests, by hand, so that no test needs a file or a further package."""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Callable, Mapping, Sequence
from html import escape
from pathlib import Path

from tests.index.documents_json import write_ipynb, write_json, write_jsonl
from tests.index.documents_mail import write_eml, write_mbox, write_mhtml, write_msg
from tests.index.documents_open import write_epub, write_odp, write_ods, write_odt
from tests.index.documents_pictures import write_picture
from tests.index.documents_slides import write_pptx
from tests.index.documents_tables import write_csv, write_tsv, write_xlsx

SENTENCE = "The ferry to Holm leaves at seven minutes past nine."
HEADING = "Timetable of the Ferries"
FILLER = "Tickets are sold on board by the second officer, who also keeps the log of the crossing."

_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
# PDF 32000-1:2008, algorithm 2: what fills a password up to 32 bytes.
_PAD = bytes.fromhex("28BF4E5E4E758A4164004E56FFFA01082E2E00B6D0683E802F0CA9FE6453697A")


def write_txt(path: Path, heading: str, paragraphs: Sequence[str]) -> Path:
    """Writes plain text."""
    path.write_text("\n\n".join([heading, *paragraphs]) + "\n", encoding="utf-8")
    return path


def write_md(path: Path, heading: str, paragraphs: Sequence[str]) -> Path:
    """Writes Markdown."""
    path.write_text("\n\n".join([f"# {heading}", *paragraphs]) + "\n", encoding="utf-8")
    return path


def write_html(path: Path, heading: str, paragraphs: Sequence[str], head: str = "", raw: str = "") -> Path:
    """Writes a web page; `raw` goes in front of the heading as it stands."""
    body = "".join(f"<p>{escape(paragraph)}</p>\n" for paragraph in paragraphs)
    page = f"<!doctype html><html><head>{head}</head><body>{raw}<h1>{escape(heading)}</h1>\n{body}</body></html>"
    path.write_text(page, encoding="utf-8")
    return path


def write_docx(
    path: Path, heading: str, paragraphs: Sequence[str], raw: str = "", parts: Mapping[str, str] | None = None
) -> Path:
    """Writes a Word document; `raw` is the XML of further body elements, `parts` of further parts, by name."""
    body = f'<w:p><w:pPr><w:pStyle w:val="Heading1"/></w:pPr>{run(heading)}</w:p>'
    body += "".join(f"<w:p>{run(paragraph)}</w:p>" for paragraph in paragraphs) + raw
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("_rels/.rels", _relations({"officeDocument": "word/document.xml"}))
        links = {Path(name).stem: Path(name).name for name in parts or {} if name.startswith("word/")}
        archive.writestr("word/_rels/document.xml.rels", _relations({"styles": "styles.xml"} | links))
        archive.writestr("word/document.xml", word_part("document", f"<w:body>{body}</w:body>"))
        style = '<w:style w:type="paragraph" w:styleId="Heading1"><w:name w:val="heading 1"/></w:style>'
        archive.writestr("word/styles.xml", word_part("styles", style))
        for name, text in (parts or {}).items():
            archive.writestr(name, text)
    return path


def write_rtf(path: Path, heading: str, paragraphs: Sequence[str]) -> Path:
    """Writes Rich Text Format."""
    body = "".join(f"\\pard {paragraph}\\par\n" for paragraph in paragraphs)
    styles = "{\\stylesheet{\\s1 heading 1;}}"
    path.write_text("{\\rtf1\\ansi" + styles + f"\\pard\\s1 {heading}\\par\n{body}" + "}", encoding="ascii")
    return path


def run(text: str) -> str:
    """The XML of a run of Word text."""
    return f'<w:r><w:t xml:space="preserve">{escape(text, quote=False)}</w:t></w:r>'


def word_part(root: str, inside: str) -> str:
    """The XML of a whole part of a Word document."""
    return f'<?xml version="1.0" encoding="UTF-8"?><w:{root} xmlns:w="{_W}">{inside}</w:{root}>'


def _relations(targets: Mapping[str, str]) -> str:
    rows = "".join(
        f'<Relationship Id="r{number}" Type="{_OFFICE}/{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(targets.items())
    )
    return f'<?xml version="1.0"?><Relationships xmlns="{_PACKAGE}/relationships">{rows}</Relationships>'


def write_pdf(
    path: Path, pages: Sequence[Sequence[str]], labels: str = "", rotate: int = 0, password: str | None = None
) -> Path:
    """Writes a PDF with the given lines on each page; a line that starts with "# " is a heading, an empty one a gap.

    `labels` is the PDF's number tree of page labels, `0 << /S /r >>` say. `rotate` turns the pages by that many degrees
    clockwise. A `password` encrypts the document (RC4, 40 bits).
    """
    streams = [page_stream(lines) for lines in pages]
    return write_pdf_streams(path, streams, labels, f"/Rotate {rotate}" if rotate else "", password)


def write_pdf_streams(
    path: Path, streams: Sequence[bytes], labels: str = "", page_entries: str = "", password: str | None = None
) -> Path:
    """Writes a PDF from the content streams of its pages; F1 is Helvetica, F2 the same in bold; pages are A4."""
    kids = " ".join(f"{5 + 2 * number} 0 R" for number in range(len(streams)))
    names = f"/PageLabels << /Nums [{labels}] >>" if labels else ""
    font = "<< /Type /Font /Subtype /Type1 /BaseFont /{} /Encoding /WinAnsiEncoding >>"
    objects = [
        f"<< /Type /Catalog /Pages 2 0 R {names} >>".encode(),
        f"<< /Type /Pages /Kids [{kids}] /Count {len(streams)} >>".encode(),
        font.format("Helvetica").encode(),
        font.format("Helvetica-Bold").encode(),
    ]
    owner, key = _keys(password) if password is not None else (b"", b"")
    for number, stream in enumerate(streams):
        content = 6 + 2 * number
        fonts = "/Resources << /Font << /F1 3 0 R /F2 4 0 R >> >>"
        entries = f"/Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] {page_entries} {fonts}"
        objects.append(f"<< {entries} /Contents {content} 0 R >>".encode())
        written = _rc4(_object_key(key, content), stream) if key else stream
        objects.append(b"<< /Length %d >>\nstream\n" % len(written) + written + b"\nendstream")
    trailer = b""
    if key:
        user = _rc4(key, _PAD).hex()
        lock = f"<< /Filter /Standard /V 1 /R 2 /O <{owner.hex()}> /U <{user}> /P -4 >>"
        objects.append(lock.encode())
        trailer = f"/Encrypt {len(objects)} 0 R /ID [<{'00' * 16}> <{'00' * 16}>]".encode()
    path.write_bytes(_file(objects, trailer))
    return path


def page_stream(lines: Sequence[str], left: float = 72, top: float = 770) -> bytes:
    """The content stream that draws the lines downwards from a point: 11 points, headings 20, gaps half a line."""
    parts = []
    for line in lines:
        size = 20 if line.startswith("# ") else 11
        top -= 14 if line and size == 11 else 30 if line else 9
        parts.append(draw(line.removeprefix("# "), left, top, size))
    return b"\n".join(parts)


def draw(line: str, x: float, y: float, size: float = 11, font: str = "F1") -> bytes:
    """The operators that draw one line with its base line at a point, from the lower left corner of the page."""
    escaped = line.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)").encode("cp1252")
    return f"BT /{font} {size} Tf {x} {y} Td (".encode() + escaped + b") Tj ET"


def _file(objects: Sequence[bytes], trailer: bytes) -> bytes:
    written = bytearray(b"%PDF-1.6\n")
    offsets = []
    for number, content in enumerate(objects, 1):
        offsets.append(len(written))
        written += b"%d 0 obj\n" % number + content + b"\nendobj\n"
    start = len(written)
    written += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    written += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    written += b"trailer\n<< /Size %d /Root 1 0 R " % (len(objects) + 1) + trailer + b" >>\n"
    return bytes(written + b"startxref\n%d\n%%%%EOF\n" % start)


def _keys(password: str) -> tuple[bytes, bytes]:
    """The owner entry and the file's key (PDF 32000-1:2008, algorithms 2 and 3, revision 2)."""
    padded = (password.encode("cp1252") + _PAD)[:32]
    owner = _rc4(hashlib.md5(padded).digest()[:5], padded)
    permissions = (-4).to_bytes(4, "little", signed=True)
    return owner, hashlib.md5(padded + owner + permissions + bytes(16)).digest()[:5]


def _object_key(key: bytes, number: int) -> bytes:
    return hashlib.md5(key + number.to_bytes(3, "little") + bytes(2)).digest()[:10]


def _rc4(key: bytes, data: bytes) -> bytes:
    state = list(range(256))
    other = 0
    for at in range(256):
        other = (other + state[at] + key[at % len(key)]) % 256
        state[at], state[other] = state[other], state[at]
    out = bytearray()
    one = two = 0
    for byte in data:
        one = (one + 1) % 256
        two = (two + state[one]) % 256
        state[one], state[two] = state[two], state[one]
        out.append(byte ^ state[(state[one] + state[two]) % 256])
    return bytes(out)


def _write_pdf(path: Path, heading: str, paragraphs: Sequence[str]) -> Path:
    pages = [[f"# {heading}", "", *paragraphs[:1]], *([paragraph] for paragraph in paragraphs[1:])]
    return write_pdf(path, pages)


WRITERS: dict[str, Callable[[Path, str, Sequence[str]], Path]] = {
    "csv": write_csv,
    "docx": write_docx,
    "eml": write_eml,
    "epub": write_epub,
    "html": write_html,
    "ipynb": write_ipynb,
    "json": write_json,
    "jsonl": write_jsonl,
    "mbox": write_mbox,
    "mhtml": write_mhtml,
    "md": write_md,
    "msg": write_msg,
    "odp": write_odp,
    "ods": write_ods,
    "odt": write_odt,
    "pdf": _write_pdf,
    "png": write_picture,
    "pptx": write_pptx,
    "rtf": write_rtf,
    "tsv": write_tsv,
    "txt": write_txt,
    "xlsx": write_xlsx,
}
"""How to write a document of each format: its path, its heading, its paragraphs."""
