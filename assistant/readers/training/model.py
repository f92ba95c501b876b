"""The network as training sees it: fresh, frozen below, with a loss, read in batches; and its file of changes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812

from assistant.readers.trained.pairs import Pair
from assistant.readers.trained.spans import Window
from assistant.readers.training.network import Network, Scores, from_bert, to_bert

BATCH = 8
"""Pairs that are read in one pass."""

NULL_WEIGHT = 0.5
"""What the loss of the "not here" head counts beside that of the span."""


class Targets(NamedTuple):
    """First and last token of each answer, of shape (batch,); 0 and 0 where there is none."""

    start: Tensor
    end: Tensor


def fresh(base: Path, dropout: float, seed: int) -> Network:
    """The bundled weights, a new head on top, the same for the same seed."""
    from safetensors.torch import load_file

    torch.manual_seed(seed)
    network = Network(dropout)
    for head in (network.span, network.null):
        nn.init.normal_(head.weight, std=0.02)
        nn.init.zeros_(head.bias)
    network.load_state_dict(network.state_dict() | from_bert(load_file(base)))
    return network


def freeze(network: Network, layers: int) -> None:
    """Keeps the embeddings and the first `layers` layers as they are (-1: not even the embeddings)."""
    for kept in [network.embeddings, *network.layers[:layers]] if layers >= 0 else []:
        kept.requires_grad_(False)


def groups(network: Network, decay: float) -> list[dict[str, object]]:
    """What the optimizer trains: matrices with weight decay, the rest without."""
    trained = [value for value in network.parameters() if value.requires_grad]
    return [
        {"params": [value for value in trained if value.ndim > 1], "weight_decay": decay},
        {"params": [value for value in trained if value.ndim <= 1], "weight_decay": 0.0},
    ]


def loss(scores: Scores, targets: Targets) -> Tensor:
    """Cross entropy of start and end, "not here" being place 0, and of the head that only tells that."""
    places = (F.cross_entropy(scores.start, targets.start) + F.cross_entropy(scores.end, targets.end)) / 2
    lacking = (targets.start == 0).float()
    return places + NULL_WEIGHT * F.binary_cross_entropy_with_logits(scores.null, lacking)


def save(network: Network, path: Path) -> None:
    """Writes what training changed, in half precision: at most 45 MB, 18 with embeddings and one layer frozen."""
    from safetensors.torch import save_file

    trained = {name for name, value in network.named_parameters() if value.requires_grad}
    state = {name: value for name, value in network.state_dict().items() if name in trained}
    save_file({name: value.detach().half().cpu().contiguous() for name, value in to_bert(state).items()}, path)


def load(base: Path, weights: Path) -> Network:
    """The network with the bundled weights, and over them those that training changed."""
    from safetensors.torch import load_file

    network = Network()
    changed = {name: value.float() for name, value in from_bert(load_file(weights)).items()}
    network.load_state_dict(network.state_dict() | from_bert(load_file(base)) | changed)
    return network.eval()


def reading(network: Network) -> Callable[[Sequence[Pair]], list[Window]]:
    """The network as what says something of each pair, read in batches of about the same length."""

    def predict(pairs: Sequence[Pair]) -> list[Window]:
        order = sorted(range(len(pairs)), key=lambda at: len(pairs[at].ids))
        found: dict[int, Window] = {}
        device = next(network.parameters()).device
        with torch.inference_mode():
            for at in range(0, len(order), BATCH):
                chosen = order[at : at + BATCH]
                scores = network(*(each.to(device) for each in batch([pairs[place] for place in chosen])))
                start, end, null = (each.cpu().numpy() for each in scores)
                for row, place in enumerate(chosen):
                    held = slice(pairs[place].first, len(pairs[place].ids) - 1)
                    nothing = float(start[row, 0] + end[row, 0])
                    found[place] = Window(pairs[place], start[row, held], end[row, held], nothing, float(null[row]))
        return [found[at] for at in range(len(pairs))]

    return predict


def targets(places: Sequence[tuple[int, int]]) -> Targets:
    """The first and last tokens as tensors."""
    return Targets(torch.tensor([a for a, _ in places]), torch.tensor([b for _, b in places]))


def batch(pairs: Sequence[Pair]) -> tuple[Tensor, Tensor, Tensor]:
    """The pairs as `Network` takes them: ids and parts of shape (pairs, tokens of the longest), lengths (pairs,)."""
    longest = max(len(each.ids) for each in pairs)
    ids = torch.zeros(len(pairs), longest, dtype=torch.long)
    parts = torch.zeros(len(pairs), longest, dtype=torch.long)
    for row, each in enumerate(pairs):
        ids[row, : len(each.ids)] = torch.tensor(each.ids)
        parts[row, each.first : len(each.ids)] = 1
    return ids, parts, torch.tensor([len(each.ids) for each in pairs])
