"""Trains the reader: resumable, on a processor or a GPU, and to be finished at any time.

    python -m assistant.readers.training.train --data FOLDER --run FOLDER [--minutes 110] [--device cuda --batch 32]

FOLDER of the data holds `squadshifts/` and `policyqa/`. The run's folder keeps `checkpoint.pt` (written every few
minutes), `log.jsonl` (the curve) and, at the end, `weights.safetensors`. The same command goes on where it was stopped.
The learning rate rises, stays, and falls to nothing over the last steps: before `--steps` or `--minutes` are used up,
or from when the process gets SIGUSR1 ("finish now"). SIGTERM writes a checkpoint and stops.
"""

from __future__ import annotations

import argparse
import json
import logging
import signal
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from types import FrameType
from typing import Any

import torch

from assistant.readers.trained.pairs import Pairs
from assistant.readers.training import data, derive, model
from assistant.readers.training.batches import Row, batches
from assistant.readers.training.evaluate import sampled, summary
from assistant.readers.training.mine import Mined
from assistant.readers.training.network import Network
from assistant.readers.training.siblings import Siblings
from index.embed import bundled_weights

log = logging.getLogger(__name__)

MIX = data.Mix(
    kinds={
        data.ANSWERED: 1.0,
        "name": 0.5,
        "number": 0.8,
        "antonym": 0.25,
        "negation": 0.06,
        "roles": 0.6,
        "sibling": 0.07,
        "renamed": 0.5,
        "renamed both": 0.5,
        "neighbour": 0.07,
        "cut": 0.12,
        "mined": 0.15,
    },
    domains={"wiki": 1.0, "amazon": 0.7, "reddit": 0.7, "policy": 0.3},
)
"""An epoch: about two answered examples to each that lacks an answer."""

SECOND = data.Mix(
    kinds={**MIX.kinds, "number": 0.5, "antonym": 0.3, "roles": 0.8, "neighbour": 0.1, "cut": 0.35, "mined": 0.6},
    domains=MIX.domains,
)
"""An epoch of the second stage: more passages that a search would bring and that lack the answer."""

MIXES = {"first": MIX, "second": SECOND}


@dataclass(frozen=True, slots=True)
class Plan:
    """How a run goes; everything that its outcome depends on beside the data and the code.

    `begin` is a file of weights to go on from, without which the run begins with the bundled model; `mix` names one of
    `MIXES`. Raises `ValueError` for another mix.
    """

    seed: int = 7
    begin: str = ""
    mix: str = "first"
    batch: int = 16
    rate: float = 2e-4
    weight_decay: float = 0.01
    dropout: float = 0.0
    longest: int = 192
    frozen: int = 1
    warmup: int = 150
    decay: int = 400
    steps: int = 100_000
    minutes: float = 110.0
    precision: str = "bfloat16"
    device: str = "cpu"
    kinds: dict[str, float] = field(init=False)
    domains: dict[str, float] = field(init=False)

    def __post_init__(self) -> None:
        if self.mix not in MIXES:
            raise ValueError(f"mix is {self.mix!r}; it can be {' or '.join(map(repr, MIXES))}")
        object.__setattr__(self, "kinds", dict(MIXES[self.mix].kinds))
        object.__setattr__(self, "domains", dict(MIXES[self.mix].domains))


class Run:
    """One training: the network, its optimizer, and how far it is."""

    def __init__(self, plan: Plan, folder: Path, base: Path) -> None:
        self.plan, self.folder = plan, folder
        begun = model.load(base, Path(plan.begin)) if plan.begin else model.fresh(base, plan.dropout, plan.seed)
        self.network = begun.to(plan.device)
        model.freeze(self.network, plan.frozen)
        self.optimizer = torch.optim.AdamW(model.groups(self.network, plan.weight_decay), lr=plan.rate, fused=True)
        self.step, self.seen, self.seconds, self.falls_from = 0, 0, 0.0, 0
        self.stopping = False

    def rate(self) -> float:
        """The learning rate of this step."""
        plan = self.plan
        rising = min((self.step + 1) / plan.warmup, 1.0)
        falling = 1 - (self.step - self.falls_from) / plan.decay if self.falls_from else 1.0
        return plan.rate * rising * max(falling, 0.0)

    def finish(self) -> None:
        """Lets the learning rate fall from here on."""
        self.falls_from = self.falls_from or max(self.step, 1)

    @property
    def over(self) -> bool:
        """Whether the learning rate has come to nothing."""
        return bool(self.falls_from) and self.step >= self.falls_from + self.plan.decay

    def learn(self, rows: list[Row]) -> float:
        """One step; the loss before it."""
        began = time.monotonic()
        for group in self.optimizer.param_groups:
            group["lr"] = self.rate()
        inputs = [each.to(self.plan.device) for each in model.batch([pair for pair, _ in rows])]
        wanted = model.Targets(*(each.to(self.plan.device) for each in model.targets([place for _, place in rows])))
        half = self.plan.precision == "bfloat16"
        with torch.autocast(self.plan.device, torch.bfloat16, enabled=half):
            scores = self.network(*inputs)
        loss = model.loss(scores, wanted)
        loss.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(self.network.parameters(), 1.0)
        self.optimizer.step()
        self.optimizer.zero_grad(set_to_none=True)
        self.step, self.seen = self.step + 1, self.seen + len(rows)
        self.seconds += time.monotonic() - began
        self.watch()
        return float(loss.detach())

    def watch(self) -> None:
        """Begins to finish where the fall of the rate would just end with the time or the steps that were given."""
        pace = self.seconds / self.step
        hurried = self.step >= self.plan.warmup and self.plan.minutes * 60 - self.seconds <= self.plan.decay * pace
        if hurried or self.plan.steps - self.step <= self.plan.decay:
            self.finish()

    def save(self) -> None:
        """Writes the checkpoint; one that is cut off leaves the one before."""
        parts = self.network, self.optimizer
        state: dict[str, Any] = dict(zip(("network", "optimizer"), (part.state_dict() for part in parts), strict=True))
        state |= {name: getattr(self, name) for name in ("step", "seen", "seconds", "falls_from")}
        torch.save(state, self.folder / "checkpoint.tmp")
        (self.folder / "checkpoint.tmp").replace(self.folder / "checkpoint.pt")

    def resume(self) -> None:
        """Goes on from the checkpoint, where there is one."""
        path = self.folder / "checkpoint.pt"
        if path.exists():
            state: dict[str, Any] = torch.load(path, map_location=self.plan.device, weights_only=True)
            self.network.load_state_dict(state["network"])
            self.optimizer.load_state_dict(state["optimizer"])
            for name in ("step", "seen", "seconds", "falls_from"):
                setattr(self, name, state[name])

    def note(self, **values: object) -> None:
        """Adds a line to the log."""
        line = {"step": self.step, "seen": self.seen, "seconds": round(self.seconds, 1), **values}
        with (self.folder / "log.jsonl").open("a", encoding="utf-8") as file:
            file.write(json.dumps(line) + "\n")
        log.info("%s", line)


def stream(plan: Plan, folder: Path, base: Path, pairs: Pairs, done: int) -> Iterator[list[Row]]:
    """Batches without end, epoch after epoch with new derivations, without the first `done`."""
    from safetensors.torch import load_file

    examples = data.of_part(data.read(folder), data.TRAIN)
    words = load_file(base)["embeddings.word_embeddings.weight"]
    ways = derive.derivations(Siblings(words, base.parent / "vocab.txt")) | {"mined": Mined(examples)}
    number = 0
    while True:
        seed = f"{plan.seed} {number}"
        mixed = data.epoch(examples, ways, data.Mix(plan.kinds, plan.domains), seed)
        for rows in batches(mixed, pairs, plan.batch, plan.longest, seed):
            done -= 1
            if done < 0:
                yield rows
        number += 1


def train(run: Run, source: Iterator[list[Row]], check: list[data.Example], pairs: Pairs, every: float) -> None:
    """Learns until the rate has fallen to nothing; `every` minutes, a checkpoint and a look at held-out questions."""
    losses: list[float] = []
    last = time.monotonic()
    run.network.train()
    while not run.over and not run.stopping:
        losses.append(run.learn(next(source)))
        if run.step % 50 == 0:
            run.note(loss=round(sum(losses) / len(losses), 4), rate=run.rate())
            losses.clear()
        if time.monotonic() - last > every * 60:
            run.save()
            _look(run, check, pairs)
            last = time.monotonic()
    run.save()
    if run.over:
        model.save(run.network, run.folder / "weights.safetensors")
        _look(run, check, pairs)


def _look(run: Run, check: list[data.Example], pairs: Pairs) -> None:
    """Notes how the network does on the held-out questions."""
    network: Network = run.network.eval()
    run.note(held_out=summary(model.reading(network), pairs, check))
    network.train()


def main(arguments: Sequence[str] | None = None) -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--run", type=Path, required=True)
    parser.add_argument("--every", type=float, default=10.0, help="minutes between checkpoints")
    parser.add_argument("--check", type=int, default=240, help="held-out questions that are looked at then")
    for setting in fields(Plan):
        if setting.type in ("int", "float", "str"):
            kind = {"int": int, "float": float, "str": str}[str(setting.type)]
            parser.add_argument(f"--{setting.name.replace('_', '-')}", type=kind, default=setting.default)
    given = parser.parse_args(arguments)
    plan = Plan(**{s.name: getattr(given, s.name) for s in fields(Plan) if s.init})
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    given.run.mkdir(parents=True, exist_ok=True)
    base = bundled_weights()
    pairs = Pairs(base.parent)
    run = Run(plan, given.run, base)
    run.resume()
    signal.signal(signal.SIGUSR1, lambda number, frame: run.finish())
    signal.signal(signal.SIGTERM, lambda number, frame: _stop(run, frame))
    (given.run / "plan.json").write_text(json.dumps(asdict(plan), indent=1), encoding="utf-8")
    check = sampled(data.of_part(data.read(given.data), data.TUNE), given.check, plan.seed, base)
    train(run, stream(plan, given.data, base, pairs, run.step), check, pairs, given.every)


def _stop(run: Run, frame: FrameType | None) -> None:
    run.stopping = True


if __name__ == "__main__":
    main()
