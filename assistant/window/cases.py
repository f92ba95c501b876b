"""The question set that verdicts from the window go to: `cases.jsonl` in the library's folder."""

from __future__ import annotations

import errno
import threading

from assistant import Assistant

# The error is a part of what `cases` promises, and the window may import nothing else of the evaluation.
from assistant.evaluation.cases import BadQuestionSet, save_case  # type: ignore[attr-defined]
from assistant.window.foot import judged
from assistant.window.said import Said, history
from assistant.window.verdict import GOOD, MISSING, WRONG, Verdict

FILE = "cases.jsonl"
READ_ONLY = "nothing was saved: this library can only be read here"
FORBIDDEN = (errno.EACCES, errno.EPERM, errno.EROFS)


class Cases:
    """Keeps verdicts on answers as cases of a question set; may be used from several threads."""

    def __init__(self, assistant: Assistant) -> None:
        self._assistant = assistant
        self._writing = threading.Lock()

    def keep(self, said: tuple[Said, ...], turn: int, kind: str, correction: str = "") -> Verdict | None:
        """What became of a verdict on the answer of a turn, counted from 1; None where there is nothing to judge.

        The case holds the question as it stands alone and the turns before it. "good" adds the answer and its
        evidence, "wrong" the correction or, where that is blank, only that it was wrong; "missing" says that the
        documents hold no answer.
        """
        if kind not in (GOOD, WRONG, MISSING) or not 1 <= turn <= len(said) or not judged(said[turn - 1]):
            return None
        index = self._assistant.index
        if not index.writable:
            return Verdict(problem=READ_ONLY)
        answer = said[turn - 1].answer
        correct = "" if kind == MISSING else _written(correction) or None
        try:
            with self._writing:
                save_case(
                    index.folder / FILE,
                    _written(answer.asked or said[turn - 1].question),
                    answer,
                    None if kind == GOOD else correct,
                    right=kind == GOOD,
                    history=history(said[: turn - 1]),
                )
        except (OSError, BadQuestionSet) as error:
            return Verdict(problem=_told(error))
        return Verdict(kind, index.folder.resolve().name)


def _written(text: str) -> str:
    """The text as a file can hold it: a page can send halves of a character."""
    return text.strip().encode("utf-8", "replace").decode("utf-8")


def _told(error: OSError | BadQuestionSet) -> str:
    if not isinstance(error, OSError):
        return f"nothing was saved: {str(error).splitlines()[0].rstrip(':')}; mend or move that file"
    if error.errno in FORBIDDEN:
        return READ_ONLY
    return f"nothing was saved: {FILE} cannot be written ({(error.strerror or str(error)).lower()})"
