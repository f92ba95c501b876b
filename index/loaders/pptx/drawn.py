"""The diagrams and charts that stand in slides and texts, each in a part of its own."""

from __future__ import annotations

from typing import Any

from index.loaders import Writing
from index.loaders.docx.archive import Archive
from index.loaders.docx.body import tag
from index.loaders.docx.said import said
from index.loaders.docx.styles import attribute
from index.loaders.pptx.chart import chart
from index.loaders.xlsx.table import write_cells


def is_drawn(part: str) -> bool:
    """Whether a part is a diagram or a chart, by its name."""
    return "diagram" in part or "chart" in part


class Drawn:
    """Writes what a part's diagrams and charts say, and keeps in `read` which parts they were."""

    def __init__(self, archive: Archive, writing: Writing) -> None:
        self.read: set[str] = set()
        self._archive = archive
        self._writing = writing

    def write(self, frame: Any, linked: dict[str, str]) -> None:
        """Writes what an element points to by the names in `linked`; copies for older programs are passed over."""
        for relation in frame.iter("{*}relIds", "{*}chart"):
            is_chart = tag(relation) == "chart"
            part = linked.get(attribute(relation, "id" if is_chart else "dm"), "")
            if part and not any(tag(outer) == "Fallback" for outer in relation.iterancestors()):
                self.read.add(part)
                if is_chart:
                    self._chart(self._archive.xml(part))
                else:
                    self._diagram(self._archive.xml(part))

    def _chart(self, root: Any) -> None:
        words, rows = chart(root, self._writing.account)
        for text in words:
            self._writing.add(text)
        write_cells(self._writing, rows)

    def _diagram(self, root: Any) -> None:
        account = self._writing.account
        account.see(said(root))
        for paragraph in root.iter("{*}p"):
            self._writing.add(account.plain("".join(run.text or "" for run in paragraph.iter("{*}t"))))
