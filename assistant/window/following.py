"""One quiet line on how far reading for meaning is, and how long it will take."""

from __future__ import annotations

from assistant.spoken import roughly
from index.types import Progress


class Following:
    """Takes the share of what is being read: of the passages that came since all was last done."""

    def __init__(self) -> None:
        self._before = 0

    def line(self, far: Progress) -> str:
        """The line as the first row of the list; nothing where nothing is left to read."""
        if far.ready >= far.passages:
            self._before = far.ready
            return _row(f"Reading page {far.page:,} of {far.of:,}.") if far.of else ""
        before = min(self._before, far.ready)
        share = min(99, (far.ready - before) * 100 // (far.passages - before))
        if far.paused:
            said = f"Paused at {share}%. Passages not read yet are found by their words only."
            return _row(said, '<button type="button" class="quiet" data-resume>Resume</button>')
        left = f" · {roughly(far.left)} left" if far.left else ""
        said = f"Reading for meaning: {share}%{left} · you can already ask"
        return _row(said, '<button type="button" class="quiet" data-pause>Pause</button>')


def _row(said: str, button: str = "") -> str:
    return f'<li class="following" data-key="following"><span>{said}</span>{button}</li>'
