"""The pixels of a picture, frame by frame, of whatever kind and depth; to be imported where Pillow is installed."""

from __future__ import annotations

import importlib
import struct
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image, ImageOps, UnidentifiedImageError

from index.errors import DamagedFile, HeavyFile

if TYPE_CHECKING:
    from index.loaders.pdf.engine import Pixels

_FORMATS = {"PNG": "Png", "JPEG": "Jpeg", "TIFF": "Tiff", "BMP": "Bmp", "GIF": "Gif", "WEBP": "WebP"}
for _plugin in _FORMATS.values():
    importlib.import_module(f"PIL.{_plugin}ImagePlugin")
# Pixels of the longer side that are kept: A4 at 171 dots an inch.
_LONGEST = 2000
# The limit of Pillow, beyond which it only warns: A4 at 950 dots an inch, in 360 MB of memory.
_MOST_PIXELS = 89_478_485
_BROKEN = (
    OSError,
    SyntaxError,
    ValueError,
    TypeError,
    KeyError,
    IndexError,
    AttributeError,
    EOFError,
    OverflowError,
    ZeroDivisionError,
    struct.error,
)
"""What Pillow raises for broken files, by reading its plug-ins."""


@dataclass(frozen=True, slots=True)
class Frame:
    """One picture of a file, as it is shown: rows, columns, blue-green-red, the longer side at most 2,000 pixels.

    `media_type` says of what kind the file is, `after` how many more frames it is said to hold.
    """

    pixels: Pixels
    media_type: str
    after: int


def frames(path: Path) -> Iterator[Frame]:
    """The frames of the file, without those that show the same as the one before.

    Raises `HeavyFile` where one has more than 89 million pixels, and `DamagedFile` where the file is broken.
    """
    try:
        yield from _frames(path)
    except Image.DecompressionBombError as error:
        raise _heavy(path) from error
    except MemoryError as error:
        raise HeavyFile(
            f"{path.name} takes more memory to unpack than there is; save it smaller and add that"
        ) from error
    except UnidentifiedImageError as error:
        raise DamagedFile(f"{path.name} is no picture that can be read; save it as .png and add that") from error
    except _BROKEN as error:
        raise DamagedFile(f"{path.name} is broken or cut short; open it in a picture viewer and save a copy") from error


def _frames(path: Path) -> Iterator[Frame]:
    last = None
    with _quietly(lambda: Image.open(path, formats=tuple(_FORMATS))) as image:
        if image.format == "JPEG":
            image.draft("RGB", (_LONGEST, _LONGEST))
        # An MPO file is what cameras write under the name .jpg: behind the picture it holds the same once more, smaller
        # or from beside it.
        count = 1 if image.format == "MPO" else getattr(image, "n_frames", 1)
        kind = "JPEG" if image.format == "MPO" else str(image.format)
        for number in range(count):
            image.seek(number)
            if image.width * image.height > _MOST_PIXELS:
                raise _heavy(path)
            shown = _quietly(lambda: _shown(image))
            pixels = np.ascontiguousarray(np.asarray(shown)[:, :, ::-1])
            if number == count - 1:
                # What is unpacked must not take the memory that recognition needs.
                image.close()
            if last is None or not np.array_equal(last, pixels):
                yield Frame(pixels, Image.MIME[kind], count - number - 1)
            last = pixels


def _quietly(work: Callable[[], Image.Image]) -> Image.Image:
    """What comes of the work, whatever Pillow has to say meanwhile."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return work()


def _heavy(path: Path) -> HeavyFile:
    most = f"{_MOST_PIXELS // 1_000_000} million pixels"
    return HeavyFile(f"{path.name} has more than {most}, which is the most that is read; save it smaller and add that")


def _shown(frame: Image.Image) -> Image.Image:
    """The frame in colours of 8 bits, upright, on paper where it is transparent, and no larger than it needs to be."""
    # Palettes and single bits are mixed only once they are colours and greys.
    image = _eight_bits(frame) if frame.mode in ("1", "P", "PA") else frame
    if max(image.size) > _LONGEST:
        image = image.resize(_smaller(image.size), Image.Resampling.BOX)
    image = _eight_bits(ImageOps.exif_transpose(image))
    if image.mode == "RGBA":
        image = Image.alpha_composite(Image.new("RGBA", image.size, _paper(image)), image)
    return image.convert("RGB")


def _smaller(size: tuple[int, int]) -> tuple[int, int]:
    scale = _LONGEST / max(size)
    return max(1, round(size[0] * scale)), max(1, round(size[1] * scale))


def _eight_bits(frame: Image.Image) -> Image.Image:
    """In greys, in colours, or in colours with transparency."""
    if frame.mode in ("I", "F") or frame.mode.startswith("I;"):
        values = np.nan_to_num(np.asarray(frame, np.float32))
        low, high = float(values.min()), float(values.max())
        return Image.fromarray(((values - low) * (255 / max(high - low, 1e-6))).astype(np.uint8))
    if frame.has_transparency_data:
        return frame.convert("RGBA")
    return frame.convert("L" if frame.mode in ("1", "L") else "RGB")


def _paper(image: Image.Image) -> tuple[int, int, int, int]:
    """White, or black under what is light by itself."""
    pixels = np.asarray(image, np.float32)
    ink = pixels[:, :, 3]
    light = float((pixels[:, :, :3].mean(axis=2) * ink).sum() / max(float(ink.sum()), 1.0))
    return (0, 0, 0, 255) if light > 160 and float(ink.mean()) < 128 else (255, 255, 255, 255)
