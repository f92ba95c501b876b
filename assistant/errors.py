"""The assistant's own errors; each message is one sentence that is safe to show in the window.

AssistantError
 ├─ BadQuestion       nothing that can be asked
 ├─ NoDocuments       a question before any document is there
 ├─ BadSetting        a setting that cannot be
 └─ ModelFailed       a chat model that cannot be reached, or that failed
     └─ TooLong       what it was given does not fit its window
"""

from __future__ import annotations


class AssistantError(Exception):
    """Anything that went wrong in the assistant; `str()` is a sentence for a person."""


class BadQuestion(AssistantError):
    """Nothing that can be asked."""


class NoDocuments(AssistantError):
    """There is no document to look in yet."""


class BadSetting(AssistantError):
    """A setting that cannot be."""


class ModelFailed(AssistantError):
    """A chat model cannot be reached, or failed.

    `passing` says that it may work when tried again, `after` how many seconds later, where the server says so.
    """

    def __init__(self, message: str, passing: bool = False, after: float | None = None) -> None:
        super().__init__(message)
        self.passing = passing
        self.after = after


class TooLong(ModelFailed):
    """What a chat model was given does not fit its window."""
