"""The errors that `index` raises; each message is one sentence that can be shown to a person as it stands.

LibraryError
 ├─ UnreadableFile      a file that cannot be read as a document
 │   ├─ UnknownFormat   no loader for it
 │   │   └─ OldFormat   LibreOffice has to save it anew first
 │   ├─ EmptyFile       nothing in it, or nothing but pictures
 │   ├─ LockedFile      a password is needed
 │   ├─ HeavyFile       more memory, time or text than one file may take
 │   ├─ Cancelled       somebody said stop before it was read
 │   ├─ BadAddress      a web address that is not read: not public, or not plain
 │   ├─ FailedAddress   a web address that does not answer with a page
 │   └─ DamagedFile     broken, cut short, or not what its name says
 ├─ UnknownName         no such loader, store, reader or metric
 ├─ UnknownDocument     no document of that name in the library
 ├─ DamagedDocument     a disk has changed what the library held of a document
 ├─ LibraryBusy         another process owns the library
 ├─ LibraryReadOnly     the library lies where nothing can be written
 ├─ LibraryDamaged      the ledger cannot be read, or was written by a newer version
 ├─ EmbeddingMismatch   the library was made with another embedding model
 ├─ EmbeddingUnusable   the embedding model is missing or not what it should be
 ├─ RankerUnusable      the re-ranker is missing or not what it should be
 ├─ StoreUnusable       the vector store does not answer
 └─ BadQuery            a question that cannot be searched for
"""

from __future__ import annotations


class LibraryError(Exception):
    """Anything that went wrong in the index; `str()` is a sentence for a person."""


class UnreadableFile(LibraryError):
    """A file that cannot be read as a document."""


class UnknownFormat(UnreadableFile):
    """There is no loader for this kind of file."""


class OldFormat(UnknownFormat):
    """The file is of an old format that LibreOffice, which is installed, has to save anew before it can be read."""


class EmptyFile(UnreadableFile):
    """The file holds no text."""


class LockedFile(UnreadableFile):
    """The file needs a password."""


class HeavyFile(UnreadableFile):
    """The file takes more memory, time or text to read than one file may."""


class Cancelled(UnreadableFile):
    """Adding was cancelled before the file was read."""


class BadAddress(UnreadableFile):
    """The web address is none that is read: not public, of another scheme, or oddly spelled."""


class FailedAddress(UnreadableFile):
    """The web address does not answer, or not with a page."""


class DamagedFile(UnreadableFile):
    """The file is broken, cut short, or not what its name says."""


class UnknownName(LibraryError):
    """No file of the folder has this name."""


class UnknownDocument(LibraryError):
    """The library holds no document of this name."""


class DamagedDocument(LibraryError):
    """A disk has changed what the library held of this document, and it could not be read again yet."""


class LibraryBusy(LibraryError):
    """Another process owns the library; this one may only read it."""


class LibraryReadOnly(LibraryError):
    """The library lies where nothing can be written."""


class LibraryDamaged(LibraryError):
    """The ledger cannot be read, or a newer version wrote it."""


class EmbeddingMismatch(LibraryError):
    """The library was made with another embedding model."""


class EmbeddingUnusable(LibraryError):
    """The embedding model is missing, or not what it should be."""


class RankerUnusable(LibraryError):
    """The re-ranker is missing, or not what it should be."""


class StoreUnusable(LibraryError):
    """The vector store does not answer."""


class BadQuery(LibraryError):
    """A question that cannot be searched for."""
