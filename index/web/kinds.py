"""Which format an address was answered with, by what the server says of it and by the address."""

from __future__ import annotations

import re

from index.errors import UnknownFormat

_KINDS = {
    "text/html": "html",
    "application/xhtml+xml": "html",
    "multipart/related": "mhtml",
    "application/x-mimearchive": "mhtml",
    "application/pdf": "pdf",
    "application/x-pdf": "pdf",
    "application/epub+zip": "epub",
    "application/rtf": "rtf",
    "text/rtf": "rtf",
    "application/msword": "doc",
    "application/vnd.ms-excel": "xls",
    "application/vnd.ms-powerpoint": "ppt",
    "application/vnd.ms-outlook": "msg",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": "pptx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
    "application/vnd.oasis.opendocument.text": "odt",
    "application/vnd.oasis.opendocument.presentation": "odp",
    "application/vnd.oasis.opendocument.spreadsheet": "ods",
    "message/rfc822": "eml",
    "application/mbox": "mbox",
    "text/markdown": "md",
    "text/x-markdown": "md",
    "text/csv": "csv",
    "text/tab-separated-values": "tsv",
    "application/json": "json",
    "application/ld+json": "json",
    "application/x-ndjson": "jsonl",
    "application/jsonl": "jsonl",
    "application/x-ipynb+json": "ipynb",
    "image/png": "png",
    "image/jpeg": "jpg",
    "image/tiff": "tiff",
    "image/bmp": "bmp",
    "image/webp": "webp",
    "image/gif": "gif",
}
# What servers say of anything: the name tells more then, and else the content.
_ANYTHING = frozenset(
    {
        "",
        "application/octet-stream",
        "binary/octet-stream",
        "application/force-download",
        "application/x-download",
        "application/download",
        "application/zip",
        "application/x-zip-compressed",
    }
)
# A page, or anything else: the content tells a page, and the suffix "xml" is refused for all else.
_XML = frozenset({"application/xml", "text/xml"})
_CHARSET = re.compile(r";\s*charset\s*=\s*[\"']?([\w.:-]{1,40})", re.IGNORECASE)
_FILE_NAME = re.compile(r"filename\*?\s*=[^;]*?\.(\w{1,8})[\"']?\s*(?:;|$)", re.IGNORECASE)
_SUFFIX = re.compile(r"/[^/?]+\.(\w{1,8})(?:\?|$)")


def kind(content_type: str, disposition: str, target: str, formats: list[str], shown: str) -> str:
    """The suffix of the format, empty where the content is to say; raises `UnknownFormat` for none that is read."""
    said = content_type.partition(";")[0].strip().lower()
    named = _FILE_NAME.search(disposition) or _SUFFIX.search(target)
    by_name = named.group(1).lower() if named and named.group(1).lower() in formats else ""
    if said in _ANYTHING:
        return by_name
    if said in _XML:
        return by_name or "xml"
    if said == "text/plain":
        return by_name if by_name not in ("", "html", "htm", "xhtml") else "txt"
    suffix = _KINDS.get(said, by_name or "txt" if said.startswith("text/") else "")
    if suffix not in formats:
        raise UnknownFormat(
            f"{shown} is of a type that cannot be read ({said[:100]}); the formats are {', '.join(formats)}"
        )
    return suffix


def charset(content_type: str) -> str:
    """The encoding that the server says a text is in; empty where it says none."""
    match = _CHARSET.search(content_type)
    return match.group(1).lower() if match else ""
