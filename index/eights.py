"""MiniLM's matrices in 8 bits: a column has one scale, and what is multiplied with it is rounded as it comes."""

from __future__ import annotations

import platform
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.minilm import LAYERS, LOOKS, Mixed, Weights


def eights(weights: Weights, signed: bool | None = None) -> Mixed:
    """The weights with their matrices in 8 bits: whole numbers, -127 to 127, times the scale of their column.

    They are `signed`, or the same numbers with 128 added, which gives the same vectors; by default as is fastest among
    what this processor computes exactly.
    """
    signed = not _saturates() if signed is None else signed
    apart = dict(weights)
    for layer in range(LAYERS):
        for name, part in zip(LOOKS, np.split(apart.pop(f"{layer}.look.w"), len(LOOKS), axis=1), strict=True):
            apart[f"{layer}.{name}.w"] = part
    out: dict[str, NDArray[np.generic]] = {}
    for name, array in apart.items():
        if not name.endswith(".w"):
            out[name] = array
            continue
        scale = np.abs(array).max(axis=0) / np.float32(127)
        whole, zero = np.rint(array / scale).astype(np.int8), np.zeros(len(scale), np.int8)
        out[name], out[f"{name}.scale"], out[f"{name}.zero"] = np.ascontiguousarray(whole), scale, zero
        if not signed:
            for one in (name, f"{name}.zero"):
                out[one] = out[one].view(np.uint8) ^ np.uint8(128)
    return out


def _saturates() -> bool:
    """Whether sums of unsigned bytes times signed ones may overflow here: on x86 without its instructions for them.

    On a processor with them, passages take 1/1.6 of the time with signed ones (4 of them, turn by turn).
    """
    if platform.machine().lower() not in ("x86_64", "amd64"):
        return False
    try:
        known = Path("/proc/cpuinfo").read_text(encoding="utf-8").split()
    except OSError:
        return True
    return not {"avx512_vnni", "avx_vnni"} & set(known)
