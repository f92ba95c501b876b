"""The page that a sweep writes: what became of the files, by format, and why."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from tests.sweep.mutants import CUTS, FLIPPED, SEED, way
from tests.sweep.outcome import DIED, DOWN, KINDS, LIMIT, PART, REFUSED, Outcome, pattern
from tests.sweep.watch import Log

_SHOWN = 3
_BOUND = 1.5 * 2**30


def page(log: Log, files: int, about: Mapping[str, object]) -> str:
    """The whole page, in Markdown."""
    outcomes = sorted(log.outcomes.values(), key=lambda one: one.path)
    return "\n".join(
        [*_head(log, files, outcomes, about), *_formats(outcomes), *_reasons(outcomes), *_account(outcomes)]
    )


def _head(log: Log, files: int, outcomes: Sequence[Outcome], about: Mapping[str, object]) -> Iterator[str]:
    bad = [one for one in outcomes if one.kind in (DIED, LIMIT, DOWN)]
    machine = about["machine"]
    yield "# Sweep\n\nWritten by `make sweep`; do not edit.\n"
    yield (
        f"{len(outcomes):,} of {files:,} files were added to a fresh library the way the product adds them (fence, "
        "splitting, ledger), two at a time. The vectors are a stand-in's, so that reading is measured and not "
        "embedding; the service therefore holds no model and no Chroma. "
        + ("Pictures were read by the extra `ocr`.\n" if about["pictures"] else "The extra `ocr` was left out.\n")
    )
    yield (
        f"A virtual machine with {machine['cores']} cores ({machine['processor']}), {machine['memory_gb']} GB, Python "
        f"{machine['python']}, load at the end {machine['load']:.1f}; code of commit {about['commit']}.\n"
    )
    yield "| what must hold | measured | |\n|---|---|---|"
    share = len(bad) / max(1, len(outcomes))
    yield _held("parser died or limit hit: under 1% of the files", f"{len(bad)} files, {share:.2%}", share < 0.01)
    down = sum(one.kind == DOWN for one in outcomes)
    yield _held("no file takes the service down", f"{down} did", down == 0)
    most = log.memory
    yield _held(
        "the service stays under 1.5 GiB",
        f"at most {most.service / 2**20:,.0f} MiB (the largest process that it starts: {most.reader / 2**20:,.0f} MiB; "
        f"all together {most.together / 2**20:,.0f} MiB)",
        most.service < _BOUND,
    )
    yield _held("it ends within an hour", f"{log.seconds / 60:.1f} minutes", log.seconds < 3600)
    astray = sum(one.unexplained != 0 for one in outcomes)
    counted = sum(one.seen is not None for one in outcomes)
    yield _held(
        "no character is lost without a named reason",
        f"{astray} of {counted:,} counted documents have an open account",
        astray == 0,
    )


def _held(what: str, found: str, holds: bool) -> str:
    return f"| {what} | {found} | {'holds' if holds else '**does not hold**'} |"


def _formats(outcomes: Sequence[Outcome]) -> Iterator[str]:
    yield "\n## By format\n"
    yield f"| format | files | {' | '.join(KINDS)} | pages | characters | slowest |"
    yield f"|---|---|{'---|' * (len(KINDS) + 3)}"
    by: defaultdict[str, list[Outcome]] = defaultdict(list)
    for one in outcomes:
        by[one.format].append(one)
    for name, some in [*sorted(by.items(), key=lambda item: -len(item[1])), ("all", list(outcomes))]:
        count = Counter(one.kind for one in some)
        kinds = " | ".join(str(count[kind] or "") for kind in KINDS)
        read = [one for one in some if one.state != "refused"]
        yield (
            f"| {name} | {len(some):,} | {kinds} | {sum(one.pages for one in read):,} | "
            f"{sum(one.characters for one in read):,} | {max((one.seconds for one in some), default=0):.1f} s |"
        )
    same = sum(bool(one.same_as) for one in outcomes)
    yield f"\nOf the files that were read, {same} hold what another file holds.\n" if same else ""


def _reasons(outcomes: Sequence[Outcome]) -> Iterator[str]:
    yield "## Parser died, limit hit\n"
    yield from _listed(outcomes)
    yield "\n## Refused, and why\n"
    yield from _grouped(outcomes, lambda one: [one.problem] if one.kind == REFUSED else [])
    yield "\n## Read in part, and what is missing\n"
    yield from _grouped(outcomes, lambda one: one.missing if one.kind == PART else [])
    yield "\n## Remarks on what was read\n"
    yield from _grouped(outcomes, lambda one: [said for said in one.warnings if said not in one.missing])


def _grouped(outcomes: Iterable[Outcome], sentences: Callable[[Outcome], Iterable[str]]) -> Iterator[str]:
    """Sentences of one pattern together, the most frequent first, with some of the files."""
    groups: defaultdict[str, list[str]] = defaultdict(list)
    for one in outcomes:
        for said in {pattern(sentence, one.source) for sentence in sentences(one)}:
            groups[said].append(one.path)
    yield "| files | the sentence, in general | such as |\n|---|---|---|"
    for said, paths in sorted(groups.items(), key=lambda item: (-len(item[1]), item[0])):
        formats = Counter(path.rpartition(".")[2].lower() for path in paths)
        kinds = ", ".join(f"{name} {count}" for name, count in formats.most_common(4))
        yield f"| {len(paths)} ({kinds}) | {_cell(said)} | {', '.join(f'`{path}`' for path in paths[:_SHOWN])} |"


def _account(outcomes: Sequence[Outcome]) -> Iterator[str]:
    counted = [one for one in outcomes if one.seen is not None and one.state != "refused"]
    yield "\n## The account of characters\n"
    yield "Characters that are not white space: what the extractors saw and put in, and where each of it is.\n"
    yield "| format | documents counted | seen | put in | in passages | left out | unexplained | in documents |"
    yield "|---|---|---|---|---|---|---|---|"
    for name in sorted({one.format for one in outcomes if one.state != "refused"}):
        some = [one for one in counted if one.format == name]
        read = sum(one.format == name and one.state != "refused" for one in outcomes)
        left, open_ = sum(sum(one.dropped.values()) for one in some), [one for one in some if one.unexplained]
        yield (
            f"| {name} | {len(some):,} of {read:,} | {sum(one.seen for one in some):,} | "
            f"{sum(one.written for one in some):,} | {sum(one.kept for one in some):,} | {left:,} | "
            f"{sum(abs(one.unexplained) for one in open_):,} | {len(open_)} |"
        )
    yield "\nLeft out on purpose:\n\n| reason | characters | documents |\n|---|---|---|"
    reasons: Counter[str] = Counter()
    held: Counter[str] = Counter()
    for one in outcomes:
        reasons.update(one.dropped)
        held.update(dict.fromkeys(one.dropped, 1))
    for reason, count in reasons.most_common():
        yield f"| {_cell(reason)} | {count:,} | {held[reason]:,} |"
    if any(one.unexplained for one in counted):
        yield "\nWith an open account:\n"
        yield from (f"- `{one.path}`: {one.unexplained:,}" for one in counted if one.unexplained)


def damage(log: Log) -> Iterator[str]:
    """What became of damaged copies."""
    outcomes = sorted(log.outcomes.values(), key=lambda one: one.path)
    yield "\n## Damaged files\n"
    yield (
        f"{len(outcomes)} mutants of a sample of files (seed {SEED}), in {log.seconds / 60:.1f} minutes; the service "
        f"took {log.memory.service / 2**20:,.0f} MiB at most, the largest process that it starts "
        f"{log.memory.reader / 2**20:,.0f} MiB. The slowest file took "
        f"{max((one.seconds for one in outcomes), default=0):.0f} s.\n"
    )
    yield f"| | files | {' | '.join(KINDS)} |"
    yield f"|---|---|{'---|' * len(KINDS)}"
    for name in (*CUTS, FLIPPED):
        for kind, some in (("PDF", True), ("other formats", False)):
            count = Counter(one.kind for one in outcomes if way(one.path) == name and (one.format == "pdf") == some)
            cells = " | ".join(str(count[each] or "") for each in KINDS)
            yield f"| {name}, {kind} | {count.total()} | {cells} |"
    yield "\n" + "\n".join(_listed(outcomes))
    yield "\nRefused, and why:\n"
    yield from _grouped(outcomes, lambda one: [one.problem] if one.kind == REFUSED else [])


def _listed(outcomes: Sequence[Outcome]) -> list[str]:
    """Those that went wrong, one by one."""
    found = [one for one in outcomes if one.kind in (DIED, LIMIT, DOWN)]
    return [f"- `{one.path}`: {one.problem or 'took the service down'}" for one in found] or ["No reader died."]


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ").replace("<", "&lt;")
