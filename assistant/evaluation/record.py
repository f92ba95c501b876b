"""A case and its result as one line of JSON, and back."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, fields
from typing import Any

from assistant.evaluation.types import Case, Evidence, Loss, Place, Result
from assistant.types import Cost

Record = tuple[Case, Result]

ASKED = ("id", "question", "answers", "answerable", "kind", "reference", "history")
PLACES = ("citations", "hits", "found")


def line_of(case: Case, result: Result) -> str:
    """The line, without its end; fields that say nothing are left out of places and evidence."""
    asked = {name: getattr(case, name) for name in ASKED}
    made = {field.name: getattr(result, field.name) for field in fields(Result) if field.name != "id"}
    made["evidence"] = [_lean(asdict(piece)) for piece in result.evidence]
    made["losses"] = [_lean(asdict(loss)) for loss in result.losses]
    made["cost"] = asdict(result.cost) if result.cost else None
    for name in PLACES:
        made[name] = [_lean(asdict(place)) for place in made[name]]
    return json.dumps(asked | made, ensure_ascii=False)


def record_of(line: str) -> Record:
    """The case and the result of a line that `line_of` wrote; raises ValueError, TypeError or KeyError."""
    held: dict[str, Any] = json.loads(line)
    evidence = tuple(Evidence(**piece) for piece in held.pop("evidence"))
    history = tuple((question, answer) for question, answer in held.pop("history"))
    asked = {name: held.pop(name) for name in ASKED if name in held}
    case = Case(**(asked | {"answers": tuple(asked["answers"])}), evidence=evidence, history=history)
    made = held | {name: tuple(Place(**place) for place in held[name]) for name in PLACES}
    made["losses"] = tuple(Loss(**loss) for loss in held["losses"])
    made["cost"] = Cost(**held["cost"]) if held.get("cost") else None
    made["notes"] = tuple(held["notes"])
    if held["scores"] is not None:
        made["scores"] = {name: tuple(value) for name, value in held["scores"].items()}
    return case, Result(id=case.id, evidence=evidence, **made)


def _lean(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value not in (None, "") or name in ("start", "end")}
