"""Numbers as a spreadsheet shows them: ECMA-376 part 1, section 18.8.31 (number formats), dates in ISO 8601."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from functools import lru_cache

# ECMA-376 part 1, section 18.8.30: the formats that a workbook may name without spelling them out.
BUILT_IN = {
    0: "General", 1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%", 11: "0.00E+00",
    14: "yyyy-mm-dd", 15: "d-mmm-yy", 16: "d-mmm", 17: "mmm-yy", 18: "h:mm", 19: "h:mm:ss", 20: "h:mm", 21: "h:mm:ss",
    22: "yyyy-mm-dd h:mm", 37: "#,##0", 38: "#,##0", 39: "#,##0.00", 40: "#,##0.00", 45: "mm:ss", 46: "[h]:mm:ss",
    47: "mm:ss", 48: "0.0E+0",
}  # fmt: skip
_QUOTED = re.compile(r'"([^"]*)"|\\(.)|[_*].|\[\$([^-\]]*)[^\]]*\]|\[(?!h+\]|m+\]|s+\])[^\]]*\]', re.IGNORECASE)
_DIGITS = re.compile(r"[0#?][0#?,]*(?:\.[0#?]*)?,*|\.[0#?]+")
# Blanks between digits part thousands, as in French.
_BLANKS = re.compile("(?<=[0#])\\\\?[ \u00a0\u202f](?=[0#])")
_FRACTION = re.compile(r"s+\.0+", re.IGNORECASE)
_EPOCH, _EPOCH_1904 = datetime(1899, 12, 30), datetime(1904, 1, 1)
_LAST_DAY = 2_958_465


def shown(value: float, code: str, from_1904: bool = False) -> str:
    """The number in the format of this code; a date as "2024-05-03", with "14:30" where the format shows a time."""
    sections = _sections(code)
    section = sections[0]
    if value < 0 and len(sections) > 1 and sections[1]:
        section, value = sections[1], -value
    elif value == 0 and len(sections) > 2:
        section = sections[2]
    section = _BLANKS.sub(",", section)
    bare = _QUOTED.sub("", section)
    if not section or "general" in bare.lower() or "standard" in bare.lower():
        return general(value)
    if re.search("[ymdhs]", bare, re.IGNORECASE) and not re.search("[0#?]", _FRACTION.sub("", bare)):
        return _moment(value, bare.lower(), from_1904)
    return _number(value, section, bare)


def general(value: float) -> str:
    """A number without a format: whole where it is whole, and else with up to ten digits."""
    if value == int(value) and abs(value) < 1e15:
        return str(int(value))
    return f"{value:.10g}"


@lru_cache(maxsize=1_024)
def _sections(code: str) -> tuple[str, ...]:
    """Positive, negative, zero and text: cut at semicolons that are not quoted."""
    return tuple(re.sub(r'("[^"]*")|;', lambda found: found.group(1) or "\0", code).split("\0"))


def _moment(value: float, bare: str, from_1904: bool) -> str:
    """A serial number of days as a date, a time or both; as it is where it lies outside the calendar."""
    if not 0 <= value < _LAST_DAY:
        return general(value)
    seconds = round(value * 86_400)
    if re.search(r"\[[hms]+\]", bare):
        return f"{seconds // 3600}:{seconds // 60 % 60:02d}" + (f":{seconds % 60:02d}" if "ss" in bare else "")
    moment = (_EPOCH_1904 if from_1904 else _EPOCH) + timedelta(seconds=seconds)
    if not from_1904 and value < 60:
        # Lotus 1-2-3 took 1900 for a leap year, and every spreadsheet since has kept its count.
        moment += timedelta(days=1)
    day = "y" in bare or "d" in bare or ("m" in bare and "h" not in bare and "s" not in bare)
    clock = "h" in bare or "s" in bare
    time = moment.strftime("%H:%M:%S" if "s" in bare else "%H:%M")
    date = f"{moment.year:04d}-{moment.month:02d}" + ("" if "m" in bare and "d" not in bare else f"-{moment.day:02d}")
    return " ".join([date] * day + [time] * clock)


def _number(value: float, section: str, bare: str) -> str:
    pattern = _DIGITS.search(bare)
    if pattern is None:
        return _literal(section) or general(value)
    digits = pattern.group()
    groups = _DIGITS.findall(_plain_section(section))
    if len(groups) > 1 and "." not in bare and "/" not in bare and value == int(value):
        return _spread(str(int(value)), _plain_section(section))
    if value == 0 and not digits.strip("#?,"):
        return _around(section, "")
    whole, _, decimals = digits.rstrip(",").partition(".")
    scaled = value * 100 ** bare.count("%") / 1000 ** (len(digits) - len(digits.rstrip(",")))
    if "/" in bare:
        return general(scaled)
    places = min(len(decimals), 30)
    if re.search(r"[eE][+-]", bare):
        return f"{scaled:.{places}E}"
    text = f"{scaled:{',' if ',' in whole else ''}.{places}f}"
    for _ in range(len(decimals) - len(decimals.rstrip("#?"))):
        text = text[:-1] if text.endswith("0") else text
    text = text.rstrip(".") if "." in text else text
    least = whole.count("0")
    sign, text = ("-", text[1:]) if text.startswith("-") else ("", text)
    text = text.zfill(least + len(text) - len(text.partition(".")[0])) if "," not in text else text
    return sign + _around(section, text)


def _spread(digits: str, section: str) -> str:
    """The digits in the places of a format such as ###-####, from the right; the first group takes what is left."""
    places = list(_DIGITS.finditer(section))
    text = section
    for place in reversed(places):
        size = len(digits) if place is places[0] else min(len(place.group()), len(digits))
        part, digits = digits[len(digits) - size :], digits[: len(digits) - size]
        text = text[: place.start()] + part.rjust(place.group().count("0"), "0") + text[place.end() :]
    return text.strip()


def _around(section: str, number: str) -> str:
    """The number with what the format writes before and after it."""
    marked = _DIGITS.sub("\0", _plain_section(section))
    before, _, after = marked.partition("\0")
    return (before + number + after.replace("\0", "")).strip()


def _plain_section(section: str) -> str:
    """The section without quotes and directives; characters of quoted words are kept from being taken for digits."""
    quoted: list[str] = []

    def keep(found: re.Match[str]) -> str:
        quoted.append(found.group(1) or found.group(2) or found.group(3) or "")
        return re.sub(r"[0#?.,]", "", quoted[-1])

    return _QUOTED.sub(keep, section)


def _literal(section: str) -> str:
    return _plain_section(section).replace("@", "").strip()
