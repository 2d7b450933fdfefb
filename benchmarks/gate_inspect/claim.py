"""How fast `kouling gate inspect` works through a file, and what it finds in the open messages.

Claim: none but honesty: what a user waits for from a file of JSON lines to one of decisions, the
start of the command and its JSON included.

Rival: the floor, which decides nothing: `jq -c .`, where it is installed, and a Python loop over
`json`; both read and write the same lines.

Messages: 200,000 lines of ordinary text, repeated from the corpora, and 5,000 share messages,
repeated from the labelled ones; rounds are interleaved, every figure is the median of its rounds.
What is found is counted once on all labelled messages, from the command's own output.

Machine: stated in the results. Two minutes or three; with --quick half a minute.

Run: python -m benchmarks gate_inspect --data ../shared/data
"""

import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from argparse import ArgumentParser, Namespace
from collections.abc import Iterable, Mapping, Sequence
from itertools import cycle, islice
from pathlib import Path
from typing import Any, NamedTuple

from benchmarks.bench.claims import Report
from benchmarks.bench.data import Data, Message, load_data
from benchmarks.bench.labels import score_of
from benchmarks.bench.options import add_data, add_quick
from benchmarks.bench.results import begin
from kouling.gate import Party, Signal

line_counts = {"ordinary lines": 200_000, "share messages": 5_000}
quick_share = 10
rounds, quick_rounds = 3, 2

ours = (sys.executable, "-m", "kouling", "gate", "inspect", "--input", "-", "--format", "jsonl")
loop = """import json, sys
for line in sys.stdin:
    sys.stdout.write(json.dumps(json.loads(line), ensure_ascii=False) + "\\n")
"""


class Cost(NamedTuple):
    """What one run of a command took."""

    wall_seconds: float
    cpu_seconds: float


def add_options(parser: ArgumentParser) -> None:
    """Add the options of this claim."""
    add_data(parser)
    add_quick(parser)


def measure(options: Namespace) -> Report:
    """Count what the command finds, then race it over files."""
    data, report = load_data(options.data), begin(quick=options.quick, jq=_jq_version())
    report["data"] = data.facts
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        report["found"] = {
            part: found_in(data, part, folder) for part in ("held_out", "tuned", "all")
        }
        report["race"] = race(data, folder, options.quick)
    return report


# Speed.


def race(data: Data, folder: Path, quick: bool) -> list[dict[str, Any]]:
    """Run each command on each file in interleaved rounds."""
    texts = {
        "ordinary lines": [line.text for line in data.corpus["all"]],
        "share messages": [message.text for message in data.messages["all"]],
    }
    files = {"one line": write_lines(folder / "one.jsonl", ["好"])}
    for name, count in line_counts.items():
        lines = islice(cycle(texts[name]), count // (quick_share**quick))
        files[name] = write_lines(folder / f"{name}.jsonl", lines)
    runs: dict[tuple[str, str], list[Cost]] = {}
    for _ in range(quick_rounds if quick else rounds):
        for name, file in files.items():
            for entrant, command in commands().items():
                cost = run(command, file, folder / "out.jsonl")
                runs.setdefault((name, entrant), []).append(cost)
    return [_medians(*names, files[names[0]], costs) for names, costs in runs.items()]


def commands() -> Mapping[str, Sequence[str]]:
    """Return ours and the floor, each from standard input to standard output."""
    floor = {"Python json loop": (sys.executable, "-c", loop)}
    jq = shutil.which("jq")
    return {"kouling gate inspect": ours} | ({"jq -c .": (jq, "-c", ".")} if jq else {}) | floor


def run(command: Sequence[str], source: Path, target: Path) -> Cost:
    """Run a command over a file and return what it took; end with its words if it fails."""
    with source.open("rb") as lines, target.open("wb") as out, tempfile.TemporaryFile() as said:
        start = time.perf_counter()
        process = subprocess.Popen(command, stdin=lines, stdout=out, stderr=said, cwd=source.parent)
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        said.seek(0)
        if process.returncode:
            sys.exit(f"error: {command[0]} ended with {process.returncode}: {said.read()!r:.500}")
    return Cost(wall, usage.ru_utime + usage.ru_stime)


def write_lines(file: Path, texts: Iterable[str]) -> Path:
    """Write texts as JSON lines with numbers for ids."""
    rows = ({"id": str(number), "text": text} for number, text in enumerate(texts))
    lines = (json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    with file.open("w", encoding="utf-8") as out:
        out.writelines(lines)
    return file


def _medians(name: str, entrant: str, file: Path, costs: Sequence[Cost]) -> dict[str, Any]:
    with file.open("rb") as lines:
        count = sum(1 for _ in lines)
    wall, cpu = (statistics.median(column) for column in zip(*costs, strict=True))
    return {
        "file": name,
        "name": entrant,
        "messages": count,
        "bytes": file.stat().st_size,
        "messages_per_wall_second": round(count / wall),
        "messages_per_cpu_second": round(count / cpu),
        "wall_seconds": round(wall, 3),
        "runs": [cost._asdict() for cost in costs],
    }


def _jq_version() -> str | None:
    if shutil.which("jq") is None:
        return None
    return subprocess.run(
        ["jq", "--version"], capture_output=True, text=True, check=True
    ).stdout.strip()


# What is found.


def found_in(data: Data, part: str, folder: Path) -> dict[str, Any]:
    """Return what the command finds in the labelled messages and the hard negatives."""
    messages, negatives = data.messages[part], data.negatives[part]
    records = inspected(messages, folder)
    score = score_of(messages, [signals_of(record) for record in records])
    alarms = score_of(negatives, [signals_of(record) for record in inspected(negatives, folder)])
    return {
        "found": [score.found, score.messages],
        "codes_exact": [score.exact, score.codes],
        "alarms_on_negatives": [alarms.found, alarms.messages],
        "not_allowed": [sum(one["visibility"] != "allow" for one in records), len(records)],
    }


def inspected(messages: Sequence[Message], folder: Path) -> list[dict[str, Any]]:
    """Return the command's output for messages, in their order."""
    source = write_lines(folder / "labelled.jsonl", [message.text for message in messages])
    run(ours, source, folder / "out.jsonl")
    with (folder / "out.jsonl").open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def signals_of(record: Mapping[str, Any]) -> tuple[Signal, ...]:
    """Return the signals that a line of the command's output tells of."""
    return tuple(
        Signal(
            detector=one["detector"],
            kind=one["kind"],
            party=one["party"] and Party(one["party"]),
            start=one["start"],
            end=one["end"],
        )
        for one in record["signals"]
    )
