"""Packs of 50, 500 and 5,000 made-up families over the bundled one, as a platform writes them."""

import os
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

from benchmarks.bench.gate import Gate, items_of
from benchmarks.bench.tree import from_first
from benchmarks.gate_speed.entrants import rival_entrants, usual_batch
from benchmarks.gate_speed.race import Effort, Entrant, race
from kouling.gate import Detectors

if TYPE_CHECKING:
    from kouling.gate.text.packs import load_pack
else:
    load_pack = from_first("kouling.gate.text.packs:load_pack", "kouling.gate.packs:load_pack")

family_counts = (50, 500, 5_000)

_head = 'version: "made-up"\nextends: default\nfamilies:\n'


def pack_text(families: int) -> str:
    """Return a pack file of made-up families: a host, a shape and a pattern each."""
    return _head + "".join(map(_family, range(families)))


def race_packs(gate: Gate, messages: Sequence[str], effort: Effort) -> dict[str, Any]:
    """Race the whole decision and its rivals with ever more patterns, and time the loading."""
    entrants = list(_entrants(gate, messages, ""))
    loading = {}
    for count in family_counts:
        note = f", {count:,} families more"
        larger, loading[str(count)] = _loaded(count)
        entrants += _entrants(larger, messages, note)
    return {"loading": loading, "race": race(entrants, effort)}


def _entrants(gate: Gate, messages: Sequence[str], note: str) -> list[Entrant]:
    ours = Entrant(f"whole decision{note}", usual_batch, messages, items_of, gate.decide)
    return [ours, *rival_entrants(gate.triggers, messages, note)]


def _loaded(families: int) -> tuple[Gate, dict[str, Any]]:
    """Return the gate with so many families more, and how long its parts took to load."""
    # In a cache of its own, where no earlier run has left what is compiled.
    with tempfile.TemporaryDirectory() as folder, patch.dict(os.environ, XDG_CACHE_HOME=folder):
        file = Path(folder) / "pack.yaml"
        file.write_text(pack_text(families), "utf-8")
        start = time.process_time()
        pack = load_pack(file)
        read = time.process_time()
        gate = Gate(Detectors(pack))
        made = time.process_time()
    figures = {
        "patterns": len(gate.triggers),
        "read_cpu_seconds": round(read - start, 2),
        "compile_cpu_seconds": round(made - read, 2),
    }
    return gate, figures


def _family(number: int) -> str:
    signs = "￥€$%"[number % 4]
    return (
        f"  - issuer: made-up-{number}\n"
        f"    hosts: [s{number}.share.example]\n"
        f'    codes: [{{length: {6 + number % 18}, delimiters: "{signs}"}}]\n'
        f"    patterns: [{{regex: '(Q{number:04}[A-Za-z0-9]{{8}}Z)'}}]\n"
    )
