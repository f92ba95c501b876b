"""Ask your documents in plain words; every statement of the answer opens the document at the exact words."""

from assistant.assistant import Assistant
from assistant.errors import AssistantError
from assistant.settings import Settings
from assistant.types import Answer, Citation, Claim, Turn, describe

__all__ = ["Answer", "Assistant", "AssistantError", "Citation", "Claim", "Settings", "Turn", "describe"]
