"""Letters that Word keeps as places in a symbol font."""

from __future__ import annotations

# Adobe Symbol encoding, the letters and the signs that turn up in formulas; Word adds F000 to each place.
_LETTERS = "ΑΒΧΔΕΦΓΗΙϑΚΛΜΝΟΠΘΡΣΤΥςΩΞΨΖ"
_SMALL = "αβχδεφγηιϕκλμνοπθρστυϖωξψζ"
_SIGNS = {
    0xA3: "≤", 0xA5: "∞", 0xAB: "↔", 0xAC: "←", 0xAD: "↑", 0xAE: "→", 0xAF: "↓", 0xB0: "°", 0xB1: "±", 0xB3: "≥",
    0xB4: "×", 0xB6: "∂", 0xB7: "•", 0xB8: "÷", 0xB9: "≠", 0xBA: "≡", 0xBB: "≈", 0xC5: "⊕", 0xC7: "∩", 0xC8: "∪",
    0xCC: "⊂", 0xCE: "∈", 0xCF: "∉", 0xD1: "∇", 0xD5: "∏", 0xD6: "√", 0xD9: "∧", 0xDA: "∨", 0xDE: "⇒", 0xE5: "∑",
    0xF2: "∫",
}  # fmt: skip
_PLACES = {
    **{ord("A") + at: letter for at, letter in enumerate(_LETTERS)},
    **{ord("a") + at: letter for at, letter in enumerate(_SMALL)},
    **_SIGNS,
}
_UNKNOWN = ""


def symbol(font: str, place: str) -> str:
    """The letter at a place ("F061") of the font Symbol; empty for other fonts, which draw."""
    try:
        number = int(place, 16)
    except ValueError:
        return _UNKNOWN
    if 0xF000 <= number <= 0xF0FF:
        number -= 0xF000
        return _PLACES.get(number, chr(number) if 0x20 < number < 0x7F else _UNKNOWN) if font == "Symbol" else _UNKNOWN
    return chr(number) if 0x20 < number < 0xD800 else _UNKNOWN
