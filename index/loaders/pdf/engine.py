"""Finds the lines of text in a picture and reads them: the models of rapidocr, on one thread or two."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import rapidocr
from numpy.typing import NDArray
from omegaconf import OmegaConf
from onnxruntime import InferenceSession, SessionOptions
from rapidocr.ch_ppocr_cls import TextClassifier
from rapidocr.ch_ppocr_det import TextDetector
from rapidocr.ch_ppocr_rec import TextRecInput, TextRecognizer
from rapidocr.inference_engine.onnxruntime.main import ONNXRuntimeError
from rapidocr.utils.process_img import get_rotate_crop_image
from rapidocr.utils.typings import EngineType, OCRVersion

Pixels = NDArray[np.uint8]
Corners = NDArray[np.float32]

# Lines are found in a copy no longer than this, which takes 320 MB of memory; 1,600 take 480 and 2,000 take 640, and
# all find the same 82 lines of small type on an A4 page (linn.pdf of OCRmyPDF), with 96 % of its words read right.
_LONGEST = 1280
_SHORTEST = 736
_GRID = 32
_MODELS = {
    "Det": "PP-OCRv6_det_small.onnx",
    "Cls": "ch_ppocr_mobile_v2.0_cls_mobile.onnx",
    "Rec": "PP-OCRv6_rec_small.onnx",
}
# More than two would take the processor from whoever asks meanwhile.
_THREADS = min(os.cpu_count() or 1, 2)


@dataclass(frozen=True, slots=True)
class Engine:
    """The three models; none is ever fetched, since each is given as the file in the package."""

    finder: Any
    turner: Any
    reader: Any

    def find(self, pixels: Pixels) -> Corners:
        """The four corners of each line, upper left first, clockwise as read, in pixels; of shape (n, 4, 2)."""
        height, width = pixels.shape[:2]
        scale = min(_LONGEST / max(height, width), max(_SHORTEST / min(height, width), 1.0))
        size = tuple(max(_GRID, round(side * scale / _GRID) * _GRID) for side in (width, height))
        with _out_of_memory():
            found = self.finder(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA)).boxes
        if found is None:
            return np.zeros((0, 4, 2), np.float32)
        return np.asarray(found * np.array([width / size[0], height / size[1]]), np.float32)

    def cut(self, pixels: Pixels, corners: Corners) -> list[Pixels]:
        """Each line as a picture of its own, laid level; one that runs up the page is turned to the right."""
        with _out_of_memory():
            return [get_rotate_crop_image(pixels, line.copy()) for line in corners]

    def upside_down(self, lines: Sequence[Pixels]) -> list[bool]:
        """Which lines look as if they stood on their heads: of upright ones about 1 in 50 does too."""
        with _out_of_memory():
            found = self.turner(list(lines)).cls_res
        return ["180" in label and score > 0.5 for label, score in found]

    def read(self, lines: Sequence[Pixels]) -> list[tuple[str, float]]:
        """The text of each line, and how sure it is, 0 to 1."""
        with _out_of_memory():
            found = self.reader(TextRecInput(img=list(lines), return_word_box=False))
        return [(str(text), float(score)) for text, score in zip(found.txts, found.scores, strict=True)]


@cache
def engine(threads: int = _THREADS) -> Engine:
    """The models, on so many threads, loaded once in a process: a second, and 80 MB."""
    logging.getLogger("RapidOCR").setLevel(logging.ERROR)
    cv2.setNumThreads(1)
    with _out_of_memory():
        return Engine(
            # `find` brings the picture to its size; this limit only keeps the package from changing it again.
            _stage(TextDetector, "Det", threads, OCRVersion.PPOCRV6, limit_type="max", limit_side_len=1e5),
            _stage(TextClassifier, "Cls", threads, OCRVersion.PPOCRV4),
            # One line at a time: no line is padded to the length of another, which takes a fifth less time.
            _stage(TextRecognizer, "Rec", threads, OCRVersion.PPOCRV6, rec_batch_num=1),
        )


def _stage(kind: Any, section: str, threads: int, version: OCRVersion, **changed: Any) -> Any:
    """One of the three models, with the settings that the package has for it but for those that are changed."""
    settings: Any = OmegaConf.load(Path(rapidocr.__file__).with_name("config.yaml"))
    session = _session(_MODELS[section], threads)
    given = {"engine_type": EngineType.ONNXRUNTIME, "ocr_version": version, "session": session, "font_path": None}
    return kind(OmegaConf.create({**settings[section], **given, **changed}, flags={"allow_objects": True}))


def _session(model: str, threads: int) -> InferenceSession:
    options = SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    # Memory that is kept for the next run counts against the limit of a reader: 2.2 GB in place of 1.6 on one page.
    options.enable_cpu_mem_arena = False
    options.log_severity_level = 4
    # A thread that waits must not count as work.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return InferenceSession(
        str(Path(rapidocr.__file__).parent / "models" / model), sess_options=options, providers=["CPUExecutionProvider"]
    )


@contextmanager
def _out_of_memory() -> Iterator[None]:
    """The one thing that these models, which are always the same, fail for."""
    try:
        yield
    except (ONNXRuntimeError, RuntimeError, cv2.error) as error:
        raise MemoryError(str(error)) from error
