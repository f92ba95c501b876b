"""What LibreOffice is told before it opens a file: no macros, no links, nothing that is updated or reported."""

from __future__ import annotations

import re
from pathlib import Path

_COMMON = "/org.openoffice.Office.Common"
_SETTINGS = (
    (f"{_COMMON}/Security/Scripting", "DisableMacrosExecution", "true"),
    (f"{_COMMON}/Security/Scripting", "MacroSecurityLevel", "3"),
    (f"{_COMMON}/Security/Scripting", "BlockUntrustedRefererLinks", "true"),
    (f"{_COMMON}/Security/Scripting", "DisableActiveContent", "true"),  # from version 7.5 on
    (f"{_COMMON}/Misc", "CrashReport", "false"),
    ("/org.openoffice.Office.Java/VirtualMachine", "Enable", "false"),
    # Links are never followed: 0 in texts, 1 in sheets.
    ("/org.openoffice.Office.Writer/Content/Update", "Link", "0"),
    ("/org.openoffice.Office.Calc/Content/Update", "Link", "1"),
    # What a sheet was saved with is what it says.
    ("/org.openoffice.Office.Calc/Formula/Load", "OOXMLRecalcMode", "1"),
    ("/org.openoffice.Office.Calc/Formula/Load", "ODFRecalcMode", "1"),
)
_ITEM = '<item oor:path="{}"><prop oor:name="{}" oor:op="fuse"><value>{}</value></prop></item>\n'


def write_profile(folder: Path, program: Path) -> None:
    """Writes a profile with these settings and nothing else, as if this LibreOffice had used it before."""
    user = folder / "user"
    (user / "extensions").mkdir(parents=True)
    # Where it finds another build's name here, or none, it starts twice (desktop/source/app/app.cxx).
    (user / "extensions" / "buildid").write_text(_build(program), encoding="utf-8")
    items = "".join(_ITEM.format(*setting) for setting in _SETTINGS)
    (user / "registrymodifications.xcu").write_text(
        f'<?xml version="1.0" encoding="UTF-8"?>\n<oor:items xmlns:oor="http://openoffice.org/2001/registry">\n'
        f"{items}</oor:items>\n",
        encoding="utf-8",
    )


def _build(program: Path) -> str:
    """The name of the build of this LibreOffice, empty where it is not told."""
    try:
        told = (program.parent / "versionrc").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
    found = re.search(r"^buildid=(.*)$", told, re.M)
    return found[1].strip() if found else ""
