"""The public sets as each size of the benchmark uses them: texts under names that say nothing, cases on those names."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from assistant.evaluation.cases import drawn, load_cases
from assistant.evaluation.types import Case, Evidence, QuestionSet

SEED = 20261
NORTHWIND = (
    "Benefit_Options.pdf",
    "Northwind_Health_Plus_Benefits_Details.pdf",
    "Northwind_Standard_Benefits_Details.pdf",
    "PerksPlus.pdf",
    "employee_handbook.pdf",
    "role_library.pdf",
)

Asked = tuple[str, set[int]]
"""A question, and the pages of the joined manuals that it may be answered from."""


@dataclass(frozen=True, slots=True)
class Slice:
    """What one size of the benchmark takes of a set; None is all of it."""

    texts: int | None = None
    questions: int | None = 500


@dataclass(frozen=True, slots=True)
class Trial:
    """Texts as (source, text), the cases on them, how deep to search, the metrics, and what was left out."""

    texts: tuple[tuple[str, str], ...]
    cases: tuple[Case, ...]
    depth: int
    metrics: tuple[str, ...]
    note: str

    @property
    def characters(self) -> int:
        return sum(len(text) for _, text in self.texts)


def chunking(data: Path, part: Slice) -> Trial:
    """Chroma's questions with the excerpts that answer them; of a slice, the smallest corpora."""
    whole = load_cases(data / "chunking" / "questions_df.csv")
    texts = sorted(whole.texts, key=lambda text: len(text.text))[: part.texts]
    kept = {text.source for text in texts}
    cases = drawn(_only(whole, kept), part.questions, SEED).cases
    note = f"{len(texts)} of {len(whole.texts)} corpora, {len(cases)} of {len(whole)} questions"
    metrics = ("excerpt_recall@5", "excerpt_precision@5", "iou@5")
    return _trial([(text.source, text.text) for text in texts], cases, 10, metrics, note)


def scifact(data: Path, part: Slice) -> Trial:
    """Claims with the abstracts that bear on them; of a slice, the abstracts of its questions and random others."""
    whole = load_cases(data / "scifact")
    cases = drawn(whole, part.questions, SEED).cases
    texts = {text.source: text.text for text in whole.texts}
    if part.texts is not None:
        wanted = {piece.document for case in cases for piece in case.evidence}
        others = sorted(set(texts) - wanted)
        more = random.Random(SEED).sample(others, max(0, part.texts - len(wanted)))
        texts = {source: text for source, text in texts.items() if source in wanted.union(more)}
    note = f"{len(texts):,} of {len(whole.texts):,} abstracts, {len(cases)} of {len(whole)} questions"
    return _trial(list(texts.items()), cases, 50, ("ndcg@10",), note)


def squad(data: Path, part: Slice) -> Trial:
    """Questions of SQuAD 1.1 with the paragraph that answers them; all paragraphs are one collection."""
    whole = load_cases(data / "squad" / "dev-v1.1.json")
    texts = whole.texts[: part.texts]
    cases = drawn(_only(whole, {text.source for text in texts}), part.questions, SEED).cases
    paragraphs = tuple(
        replace(case, evidence=tuple(Evidence(piece.document) for piece in case.evidence)) for case in cases
    )
    note = f"{len(texts):,} of {len(whole.texts):,} paragraphs, {len(cases)} of {len(whole):,} questions"
    metrics = ("document_recall@5", "document_recall@1")
    return _trial([(text.source, text.text) for text in texts], paragraphs, 25, metrics, note)


def timing_texts(data: Path, characters: int) -> tuple[tuple[str, str], ...]:
    """A slice of the chunking corpora, as much of each, and no more than that many characters together."""
    texts = sorted(load_cases(data / "chunking" / "questions_df.csv").texts, key=lambda text: len(text.text))
    out, left = [], characters
    for number, text in enumerate(texts):
        share = left // (len(texts) - number)
        out.append((f"d{number}", text.text[:share]))
        left -= len(out[-1][1])
    return tuple(out)


def timing_questions(data: Path, count: int) -> tuple[str, ...]:
    """Questions of the chunking benchmark, for what a question costs; whether they are answered does not matter."""
    whole = load_cases(data / "chunking" / "questions_df.csv")
    return tuple(case.question for case in drawn(whole, count, SEED))


def joined_pdf(data: Path, out: Path) -> Path:
    """Northwind's six manuals as one PDF."""
    if not out.exists():
        import pypdfium2

        out.parent.mkdir(parents=True, exist_ok=True)
        whole = pypdfium2.PdfDocument.new()
        for name in NORTHWIND:
            with pypdfium2.PdfDocument(data / "northwind" / name) as part:
                whole.import_pages(part)
        whole.save(out)
        whole.close()
    return out


def manual_questions(data: Path, count: int) -> tuple[Asked, ...]:
    """Questions on northwind's manuals with the pages of the joined PDF that answer, give or take one."""
    import pypdfium2

    before, pages = 0, {}
    for name in NORTHWIND:
        pages[name] = before
        with pypdfium2.PdfDocument(data / "northwind" / name) as part:
            before += len(part)
    whole = drawn(load_cases(data / "northwind" / "questions.jsonl"), count, SEED)
    return tuple(
        (
            case.question,
            {pages[piece.document] + piece.page + off for piece in case.evidence for off in (-1, 0, 1)},
        )
        for case in whole
    )


def _only(questions: QuestionSet, sources: set[str]) -> QuestionSet:
    """The set with the answerable cases whose evidence lies in those sources."""
    held = (case for case in questions if case.evidence and all(piece.document in sources for piece in case.evidence))
    return replace(questions, cases=tuple(held))


def _trial(
    texts: Sequence[tuple[str, str]], cases: Sequence[Case], depth: int, metrics: tuple[str, ...], note: str
) -> Trial:
    """The trial with each source under a number, so that no system is told anything by a document's name."""
    names = {source: f"d{number}" for number, (source, _) in enumerate(texts)}
    renamed = tuple(
        replace(case, evidence=tuple(replace(piece, document=names[piece.document]) for piece in case.evidence))
        for case in cases
    )
    return Trial(tuple((names[source], text) for source, text in texts), renamed, depth, metrics, note)
