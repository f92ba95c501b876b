"""Saves an old Office document in its new format with LibreOffice, which runs beside us and reaches nothing."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
from dataclasses import replace
from pathlib import Path

from index import loaders
from index.errors import DamagedFile, LockedFile, UnknownFormat, UnreadableFile
from index.named import named
from index.types import Document

_PROGRAMS = ("soffice", "libreoffice")
_SECONDS = 120
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OLDER = (b"\xdb\xa5", b"\x31\xbe", b"\x09\x08", b"\x09\x04", b"\x09\x02", b"\x09\x00")
_WORDS = {"docx": "an old Word document", "xlsx": "an old Excel workbook", "pptx": "an old PowerPoint presentation"}


def converted(path: Path, suffix: str, seconds: float = _SECONDS) -> Document:
    """The document that LibreOffice saves under the new suffix; the title is the old file's where it has no other.

    Raises `UnknownFormat` where LibreOffice is not installed, `DamagedFile` where it cannot read the file or takes
    longer than `seconds`.
    """
    head = path.read_bytes()[:8]
    if not head.startswith((_OLE, *_OLDER)):
        raise DamagedFile(f"{path.name} is not {_WORDS[suffix]}, whatever its name says; save it as .{suffix}")
    program = next((found for name in _PROGRAMS if (found := shutil.which(name))), None)
    if program is None:
        raise UnknownFormat(f"{path.name} is {_WORDS[suffix]}, which is not read here; {_remedy(suffix)}")
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        made = _saved(path, suffix, program, Path(folder), seconds)
        try:
            document: Document = named(loaders, suffix).load(made)
        except UnreadableFile as error:
            raise type(error)(path.name + str(error).removeprefix(made.name)) from error
    title = path.stem if document.title == made.stem else document.title
    return replace(document, source=path.name, title=title)


def _remedy(suffix: str) -> str:
    return f"open it in Office or LibreOffice, save it as .{suffix} and add that"


def _saved(path: Path, suffix: str, program: str, folder: Path, seconds: float) -> Path:
    """The file that LibreOffice writes into the folder, from a copy, under a profile that is nobody's."""
    copy = folder / f"in.{suffix.removesuffix('x')}"
    shutil.copyfile(path, copy)
    out = folder / "out"
    command = [
        program,
        f"-env:UserInstallation={(folder.absolute() / 'profile').as_uri()}",
        *"--headless --invisible --nologo --nodefault --nolockcheck --norestore --convert-to".split(),
        suffix,
        "--outdir",
        str(out),
        str(copy),
    ]
    # It reaches no other host: macros do not run in this mode, and links are not followed on conversion.
    try:
        process = subprocess.Popen(
            command,
            cwd=folder,
            env={"PATH": os.environ.get("PATH", ""), "HOME": str(folder), "TMPDIR": str(folder)},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
    except (OSError, ValueError) as error:
        # Behind the fence no program can be started (index/fence/filter.py).
        what = f"{path.name} is {_WORDS[suffix]}, and LibreOffice may not be started while a file is read"
        raise UnknownFormat(f"{what}; {_remedy(suffix)}") from error
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired as error:
        _end(process)
        late = f"LibreOffice did not finish within {seconds:g} seconds"
        raise DamagedFile(f"{path.name} could not be read, {late}; save it as .{suffix} and add that") from error
    made = out / f"in.{suffix}"
    if not made.is_file():
        if "EncryptionInfo".encode("utf-16-le") in path.read_bytes():
            raise LockedFile(f"{path.name} needs a password; save a copy without one and add that")
        raise DamagedFile(f"{path.name} cannot be opened by LibreOffice; open it in Office and save it as .{suffix}")
    return made


def _end(process: subprocess.Popen[bytes]) -> None:
    """Ends the program and what it has started."""
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        return
    process.wait()
