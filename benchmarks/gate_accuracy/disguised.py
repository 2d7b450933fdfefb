"""What is still found when the laboratory puts its disguises on the codes of the messages."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from benchmarks.bench.data import Message
from benchmarks.bench.labels import material_of
from benchmarks.bench.tricks import research, tricks
from benchmarks.gate_accuracy.finders import Finder
from kouling.lab import Tally, all_disguises, find_disguise, pooled_tally, try_disguises


def disguised(
    finders: Iterable[Finder], messages: Sequence[Message], negatives: Sequence[Message]
) -> dict[str, Any]:
    """Return each finder's counts under the tricks, under all disguises, and pooled."""
    worn = {name: find_disguise(trick) if trick else None for name, trick in tricks.items()}
    material, report = material_of(messages, negatives), {}
    for finder in finders:
        ours = list(try_disguises(list(worn.values()), material, finder.inspect))
        all_of_them = list(try_disguises(list(all_disguises.values()), material, finder.inspect))
        report[finder.name] = {
            "seed": material.seed,
            "tricks": dict(zip(worn, map(_counts, ours), strict=True)),
            "laboratory": {score.disguise: _counts(score) for score in all_of_them},
            "research_pooled": _counts(pooled_tally(ours[: len(research)])),
            "laboratory_pooled": _counts(pooled_tally(all_of_them)),
        }
    return report


def _counts(score: Tally) -> Mapping[str, Any]:
    return {
        "found": [score.found, score.messages],
        "codes_exact": [score.exact, score.codes],
        "alarms_on_negatives": [score.false_alarms, score.negatives],
    }
