"""The zip archive that an Office document, an OpenDocument file or a book is, opened only after its size is checked."""

from __future__ import annotations

import posixpath
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from lxml import etree

from index.errors import DamagedFile, LockedFile
from index.loaders import plain
from index.packed import crowded

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_UNPACKING = (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, KeyError)
_SAFE: dict[str, Any] = {"resolve_entities": False, "no_network": True, "load_dtd": False, "huge_tree": False}
_MOST_ENTRIES = 2_000
_MOST_BYTES = 200_000_000
# Plain XML packs 5 to 30 to one; a bomb packs a thousand to one. Small archives may pack as well as they like.
_MOST_RATIO = 200
_RATIO_FROM = 5_000_000


@dataclass(frozen=True, slots=True)
class Kind:
    """What an archive ought to be: its name, the suffix it is saved under, and the program that opens it."""

    name: str
    suffix: str
    program: str


WORD = Kind("Word document", "docx", "Word")


class Archive:
    """The parts of a document, by name; a context manager."""

    def __init__(self, path: Path, kind: Kind = WORD) -> None:
        self._name = path.name
        self._kind = kind
        self._zip = _opened(path, kind)
        self.names = self._zip.namelist()
        try:
            self._check()
        except DamagedFile:
            self._zip.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._zip.close()

    def main_part(self, usual: str = "word/document.xml") -> str:
        """The part that holds the body. Raises `DamagedFile` where there is none."""
        for kind, target, _ in self._relations("_rels/.rels", ""):
            if kind == "officeDocument" and target in self.names:
                return target
        if usual in self.names:
            return usual
        raise DamagedFile(
            f"{self._name} holds no {self._kind.name}; save it as .{self._kind.suffix} in the program that wrote it"
        )

    def related(self, part: str) -> dict[str, str]:
        """The parts that `part` points to, by the kind of the relation."""
        return {kind: target for kind, target, _ in self._links(part)}

    def linked(self, part: str) -> dict[str, str]:
        """The parts that `part` points to, by the name that it uses for each."""
        return {name: target for _, target, name in self._links(part)}

    def read(self, part: str) -> bytes:
        """The bytes of a part. Raises `LockedFile` and `DamagedFile`."""
        try:
            with self._zip.open(part) as opened:
                # Asked for all, it would unpack all that is packed, and only then cut it down to what it claims to be.
                return opened.read(self._zip.getinfo(part).file_size + 1)
        except RuntimeError as error:
            raise LockedFile(f"{self._name} needs a password; save a copy without one and add that") from error
        except _UNPACKING as error:
            raise self._damaged(f"its part {part} cannot be unpacked") from error

    def stream(self, part: str, *tags: str) -> Iterator[Any]:
        """Each element of these names as it ends, forgotten when the next one is asked for. Raises `DamagedFile`."""
        try:
            with self._zip.open(part) as opened:
                for _, element in etree.iterparse(opened, tag=[f"{{*}}{tag}" for tag in tags], **_SAFE):
                    yield element
                    element.clear()
                    while element.getprevious() is not None:
                        del element.getparent()[0]
        except RuntimeError as error:
            raise LockedFile(f"{self._name} needs a password; save a copy without one and add that") from error
        except _UNPACKING as error:
            raise self._damaged(f"its part {part} cannot be unpacked") from error
        except etree.LxmlError as error:
            raise self._damaged(f"its part {part} is not whole") from error

    def xml(self, part: str) -> Any:
        """The root element of a part; entities are not resolved and nothing is fetched. Raises `DamagedFile`."""
        raw = self.read(part)
        parser = etree.XMLParser(**_SAFE)
        try:
            return etree.fromstring(raw, parser)
        except etree.LxmlError as error:
            raise self._damaged(f"its part {part} is not whole") from error

    def _links(self, part: str) -> list[tuple[str, str, str]]:
        folder, leaf = posixpath.split(part)
        found = self._relations(f"{folder}/_rels/{leaf}.rels", folder)
        return [link for link in found if link[1] in self.names]

    def _relations(self, part: str, folder: str) -> list[tuple[str, str, str]]:
        if part not in self.names:
            return []
        found = []
        for relation in self.xml(part).iter("{*}Relationship"):
            if relation.get("TargetMode") != "External":
                target = posixpath.normpath(posixpath.join("/", folder, relation.get("Target", ""))).lstrip("/")
                found.append((relation.get("Type", "").rsplit("/", 1)[-1], target, relation.get("Id", "")))
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
        remedy = f"open it in {self._kind.program} and save a copy"
        return DamagedFile(f"{self._name} is no sound {self._kind.name}: {why}; {remedy}")


def core(archive: Archive) -> dict[str, str]:
    """The properties of an Office document: title, creator, created, modified and so on; none where they are broken."""
    if "docProps/core.xml" not in archive.names:
        return {}
    try:
        found = archive.xml("docProps/core.xml")
    except DamagedFile:
        return {}
    return {str(child.tag).rsplit("}", 1)[-1]: plain(child.text or "") for child in found}


def _opened(path: Path, kind: Kind) -> zipfile.ZipFile:
    if crowded(path):
        raise DamagedFile(
            f"{path.name} is no sound {kind.name}: it is an archive of far more than {_MOST_ENTRIES:,} files; "
            f"open it in {kind.program} and save a copy"
        )
    try:
        return zipfile.ZipFile(path)
    except (zipfile.BadZipFile, NotImplementedError, ValueError, EOFError) as error:
        raw = path.read_bytes()
        if raw.startswith(_OLE) and _ENCRYPTED in raw:
            raise LockedFile(f"{path.name} needs a password; save a copy without one and add that") from error
        if raw.startswith(_OLE):
            raise DamagedFile(
                f"{path.name} is an old Office document; save it as .{kind.suffix} and add that"
            ) from error
        raise DamagedFile(f"{path.name} is broken or cut short; open it in {kind.program} and save a copy") from error
