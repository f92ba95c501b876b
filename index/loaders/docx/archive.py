"""The zip archive that a Word document is, opened only after its size has been checked."""

from __future__ import annotations

import posixpath
import zipfile
import zlib
from pathlib import Path
from typing import Any

from lxml import etree

from index.errors import DamagedFile, LockedFile

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_MOST_ENTRIES = 2_000
_MOST_BYTES = 200_000_000
# Plain XML packs 5 to 30 to one; a bomb packs a thousand to one. Small archives may pack as well as they like.
_MOST_RATIO = 200
_RATIO_FROM = 5_000_000


class Archive:
    """The parts of a Word document, by name; a context manager."""

    def __init__(self, path: Path) -> None:
        self._name = path.name
        self._zip = _opened(path)
        self.names = self._zip.namelist()
        try:
            self._check()
        except DamagedFile:
            self._zip.close()
            raise

    def __enter__(self) -> Archive:
        return self

    def __exit__(self, *_: object) -> None:
        self._zip.close()

    def main_part(self) -> str:
        """The part that holds the body. Raises `DamagedFile` where there is none."""
        for kind, target in self._relations("_rels/.rels", ""):
            if kind == "officeDocument" and target in self.names:
                return target
        if "word/document.xml" in self.names:
            return "word/document.xml"
        raise DamagedFile(f"{self._name} holds no Word document; save it as .docx in the program that wrote it")

    def related(self, part: str) -> dict[str, str]:
        """The parts that `part` points to, by the kind of the relation."""
        folder, leaf = posixpath.split(part)
        found = self._relations(f"{folder}/_rels/{leaf}.rels", folder)
        return {kind: target for kind, target in found if target in self.names}

    def xml(self, part: str) -> Any:
        """The root element of a part; entities are not resolved and nothing is fetched. Raises `DamagedFile`."""
        try:
            raw = self._zip.read(part)
        except RuntimeError as error:
            raise LockedFile(f"{self._name} needs a password; save a copy without one and add that") from error
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, KeyError) as error:
            raise self._damaged(f"its part {part} cannot be unpacked") from error
        parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
        try:
            return etree.fromstring(raw, parser)
        except etree.LxmlError as error:
            raise self._damaged(f"its part {part} is not whole") from error

    def _relations(self, part: str, folder: str) -> list[tuple[str, str]]:
        if part not in self.names:
            return []
        found = []
        for relation in self.xml(part).iter("{*}Relationship"):
            if relation.get("TargetMode") != "External":
                target = posixpath.normpath(posixpath.join("/", folder, relation.get("Target", ""))).lstrip("/")
                found.append((relation.get("Type", "").rsplit("/", 1)[-1], target))
        return found

    def _check(self) -> None:
        entries = self._zip.infolist()
        size = sum(entry.file_size for entry in entries)
        packed = sum(entry.compress_size for entry in entries)
        if len(entries) > _MOST_ENTRIES:
            raise self._damaged(f"it is an archive of {len(entries):,} files, more than {_MOST_ENTRIES:,}")
        if size > _MOST_BYTES:
            raise self._damaged(f"it unpacks to {size // 1_000_000:,} MB, more than {_MOST_BYTES // 1_000_000:,} MB")
        if size > _RATIO_FROM and size > _MOST_RATIO * packed:
            raise self._damaged("it unpacks to more than 200 times its size")

    def _damaged(self, why: str) -> DamagedFile:
        return DamagedFile(f"{self._name} is no sound Word document: {why}; open it in Word and save a copy")


def _opened(path: Path) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(path)
    except (zipfile.BadZipFile, NotImplementedError, ValueError, EOFError) as error:
        raw = path.read_bytes()
        if raw.startswith(_OLE) and _ENCRYPTED in raw:
            raise LockedFile(f"{path.name} needs a password; save a copy without one and add that") from error
        if raw.startswith(_OLE):
            raise DamagedFile(f"{path.name} is an old Office document; save it as .docx and add that") from error
        raise DamagedFile(f"{path.name} is broken or cut short; open it in Word and save a copy") from error
