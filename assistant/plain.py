"""What is said to a greeting, to thanks and to a question about the assistant itself: a plain word, with no source."""

from __future__ import annotations

import re

ASK = "Ask me anything about your documents, and I will show you where the answer stands."
ABOUT = (
    "I answer from your documents: I look things up, list and count what is in them, summarise a document or a section "
    "of it, and put two things side by side. Each sentence carries a number that opens the document at the exact words."
)
_REPLIES = (
    (r"\b(?:thanks?|thank you|thx|cheers)\b", "You are welcome."),
    (r"\b(?:good)?bye\b|\bsee you\b|\bgood night\b", "Goodbye. Your documents stay where they are."),
    (r"\b(?:who|what|are you|help|how does|what can)\b(?!.*how are you)", ABOUT),
)


def reply(said: str) -> str:
    """The reply to something that asks nothing of the documents."""
    found = next((text for pattern, text in _REPLIES if re.search(pattern, said, re.IGNORECASE)), f"Hello. {ASK}")
    return found
