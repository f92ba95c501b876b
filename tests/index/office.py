"""Programs that play LibreOffice, and old documents that the real one writes."""

from __future__ import annotations

import subprocess
from pathlib import Path

from index.office import program

_NAMES = " ".join(
    f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{long}:1.0"'
    for short, long in (
        ("office", "office"), ("text", "text"), ("table", "table"), ("draw", "drawing"), ("script", "script"),
        ("svg", "svg-compatible"), ("style", "style"),
    )
)  # fmt: skip
_MORE = (
    'xmlns:xlink="http://www.w3.org/1999/xlink" xmlns:ooo="http://openoffice.org/2004/office" '
    'xmlns:dom="http://www.w3.org/2001/xml-events"'
)
_TYPES = {"doc": ("text", "text"), "xls": ("spreadsheet", "spreadsheet"), "ppt": ("presentation", "presentation")}
_BODIES = {
    "doc": "<text:p>{}{}</text:p>",
    "xls": '<table:table table:name="Sheet"><table:table-row><table:table-cell><text:p>{}</text:p></table:table-cell>'
    "</table:table-row></table:table>{}",
    "ppt": '<draw:page draw:name="One"><draw:frame svg:x="1cm" svg:y="1cm" svg:width="9cm" svg:height="2cm">'
    "<draw:text-box><text:p>{}</text:p></draw:text-box></draw:frame>{}</draw:page>",
}
_PICTURE = (
    '<draw:frame text:anchor-type="as-char" svg:x="1cm" svg:y="5cm" svg:width="2cm" svg:height="2cm">'
    '<draw:image xlink:href="{}" xlink:type="simple"/></draw:frame>'
)


def play(folder: Path, monkeypatch, script: str) -> None:
    """Puts a program called soffice, of this script, where programs are looked for; it starts in its own folder."""
    folder.mkdir(exist_ok=True)
    (folder / "soffice").write_text(f"#!/bin/bash\n{script}\n")
    (folder / "soffice").chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")


def flat(kind: str, text: str, picture: str = "", macro: str = "") -> str:
    """An OpenDocument file in one piece of XML, with a picture from this address, or a macro that runs once opened."""
    name, body = _TYPES[kind]
    held = _BODIES[kind].format(text, _PICTURE.format(picture) if picture else "")
    return (
        f'<?xml version="1.0"?><office:document {_NAMES} {_MORE} office:version="1.3" '
        f'office:mimetype="application/vnd.oasis.opendocument.{name}">{_scripts(macro) if macro else ""}'
        f"<office:body><office:{body}>{held}</office:{body}></office:body></office:document>"
    )


def write_old(folder: Path, kind: str, text: str, picture: str = "") -> Path:
    """A file of an old format, as the LibreOffice that is installed saves it."""
    source = folder / f"ferries-{kind}.f{ {'doc': 'odt', 'xls': 'ods', 'ppt': 'odp'}[kind] }"
    source.write_text(flat(kind, text, picture))
    run(folder / "profile", "--convert-to", kind, "--outdir", str(folder), str(source))
    return source.with_suffix(f".{kind}")


def run(profile: Path, *arguments: str) -> None:
    """Runs the LibreOffice that is installed without any fence."""
    subprocess.run(
        [str(program()), f"-env:UserInstallation={profile.as_uri()}", "--headless", *arguments],
        check=True, capture_output=True, timeout=300,
    )  # fmt: skip


def _scripts(macro: str) -> str:
    where = "vnd.sun.star.script:Standard.One.Main?language=Basic&amp;location=document"
    return (
        '<office:scripts><office:script script:language="ooo:Basic"><ooo:libraries><ooo:library-embedded '
        'ooo:name="Standard"><ooo:module ooo:name="One"><ooo:source-code>Sub Main\n'
        f"{macro}\nEnd Sub</ooo:source-code></ooo:module></ooo:library-embedded></ooo:libraries></office:script>"
        '<office:event-listeners><script:event-listener script:language="ooo:script" script:event-name="dom:load" '
        f'xlink:href="{where}" xlink:type="simple"/></office:event-listeners></office:scripts>'
    )
