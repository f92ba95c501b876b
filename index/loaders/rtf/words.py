"""What the control words of Rich Text Format mean (RTF specification 1.9.1), as far as they bear on text."""

from __future__ import annotations

import re

TOKEN = re.compile(
    rb"\\([a-zA-Z]{1,32})(-?\d{1,10})? ?|\\'([0-9a-fA-F]{2})|\\([^a-zA-Z])|([{}])|[\r\n]+|([^\\{}\r\n]+)|\\"
)
SIGNS = {
    "tab": "\t",
    "line": "\n",
    "emdash": "—",
    "endash": "–",
    "emspace": " ",
    "enspace": " ",
    "bullet": "•",
    "lquote": "‘",
    "rquote": "’",
    "ldblquote": "“",
    "rdblquote": "”",
    "nestcell": " ",
    "nestrow": " ",
    "chftn": "",
}
SYMBOLS = {b"~": "\u00a0", b"_": "-", b"\\": "\\", b"{": "{", b"}": "}", b"\n": "\n", b"\r": "\n", b"\t": "\t"}
# Groups that hold no text: tables, pictures, properties, names of things.
SKIPPED = frozenset(
    "colortbl pict objdata themedata colorschememapping datafield listtable listoverridetable rsidtbl generator"
    " xmlnstbl latentstyles datastore bkmkstart bkmkend nonshppict sp filetbl revtbl operator author creatim revtim"
    " printim company category keywords subject comment doccomm manager hlinkbase mmathPr pgptbl pnseclvl falt panose"
    " listlevel listname leveltext levelnumbers objclass objname objalias objsect blipuid wgrffmtfilter passwordhash"
    " oleclsid userprops docvar fchars lchars defchp defpap stylerestrictions protusertbl listpicture".split()
)
# Groups whose text is left out and counted.
COUNTED = {
    **{f"{kind}{side}": "header or footer" for kind in ("header", "footer") for side in ("", "l", "r", "f")},
    **dict.fromkeys(("annotation", "atnid", "atnauthor", "atnref", "atndate", "atntime", "atnparent"), "comment"),
    **dict.fromkeys(("ftnsep", "ftnsepc", "ftncn", "aftnsep", "aftnsepc", "aftncn"), "line above the notes"),
    "fldinst": "field code",
    "xe": "entry of an index",
    "tc": "entry of an index",
    "upr": "copy for older programs",
}
UNKNOWN = "data for other programs"
# Groups that are kept although they are marked as ones that a reader may skip.
KEPT = frozenset({"shpinst", "shptxt", "shppict", "footnote", "listtext", "pntext", "annotation", "ud"})
CHARSETS = {
    0: "cp1252", 77: "mac_roman", 128: "cp932", 129: "cp949", 134: "gb18030", 136: "cp950", 161: "cp1253",
    162: "cp1254", 163: "cp1258", 177: "cp1255", 178: "cp1256", 186: "cp1257", 204: "cp1251", 222: "cp874",
    238: "cp1250", 255: "cp437",
}  # fmt: skip
"""The encoding of each number of a character set in the table of fonts."""
