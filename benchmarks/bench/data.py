"""The folder of the data comes in; labelled messages, ordinary lines and public regexes go out.

Each list is split, always in the same way, into a part that may be looked at while tuning and
one that is held out: of each family of messages and each kind of negative, in file order, the
first 60 % (rounded up) are tuned on, of each corpus the first 60 % of its lines.
"""

import gzip
import hashlib
import json
import re
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from benchmarks.bench.tree import from_first

data_files = (
    "messages/share_messages.jsonl",
    "messages/hard_negatives.jsonl",
    "messages/public_regexes.jsonl",
    "messages/field_cases.jsonl",
    "corpora",
)

parts = ("tuned", "held_out", "all")

digest_length = 16
"""Hexadecimal digits of a SHA-256 that stand for a line, or for a file."""

T = TypeVar("T")

Split = dict[str, list[T]]
"""A list by part: tuned, held_out, all."""


class Message(NamedTuple):
    """A labelled message; without codes it is a hard negative and `group` says why."""

    line: int
    text: str
    group: str
    codes: tuple[str, ...] = ()


class CorpusLine(NamedTuple):
    """A line of ordinary text."""

    corpus: str
    line: int
    text: str


class Data(NamedTuple):
    """Everything that is measured on; `facts` count it and name it by digests."""

    messages: Split[Message]
    negatives: Split[Message]
    corpus: Split[CorpusLine]
    public: tuple[re.Pattern[str], ...]
    facts: dict[str, Any]


def load_data(named: Path | None) -> Data:
    """Read the data and split them, or end with a clear message where they are missing."""
    folder = whole_folder(named)
    share, hard, regexes = (folder / name for name in data_files[:3])
    messages = [
        Message(line, row["text"], row["family"], tuple(row["codes"])) for line, row in _rows(share)
    ]
    negatives = [Message(line, row["text"], row["why"]) for line, row in _rows(hard)]
    rival_from = from_first("kouling.lab:rival_from", "kouling.gate:rival_from")
    public = rival_from((str(at), row["pattern"], row["flags"]) for at, row in _rows(regexes))
    paths = sorted((folder / "corpora").glob("*.txt.gz"))
    corpora = [_corpus(path) for path in paths]
    lines = {part: [line for one in corpora for line in one[part]] for part in parts}
    facts = {
        "messages": len(messages),
        "negatives": len(negatives),
        "corpus_lines": len(lines["all"]),
        "digests": {path.name: _digest(path.read_bytes()) for path in (share, hard, *paths)},
    }
    return Data(split(messages), split(negatives), lines, public.patterns, facts)


def split(messages: Sequence[Message]) -> Split[Message]:
    """Split by group, in file order: the first 60 % (rounded up) are tuned on."""
    groups: dict[str, list[Message]] = {}
    for message in messages:
        groups.setdefault(message.group, []).append(message)
    tuned = {one for group in groups.values() for one in group[: -(-len(group) * 6 // 10)]}
    return {
        "tuned": [one for one in messages if one in tuned],
        "held_out": [one for one in messages if one not in tuned],
        "all": list(messages),
    }


def parts_of(lines: Sequence[T]) -> Split[T]:
    """Split the lines of a corpus: the first 60 % (rounded down) are tuned on."""
    count = len(lines) * 6 // 10
    return {"tuned": list(lines[:count]), "held_out": list(lines[count:]), "all": list(lines)}


def named_folder(named: Path | None) -> Path:
    """Return the folder of the data, or end with a clear message where none is named."""
    if named is None:
        sys.exit("error: the folder of the data is not given; use --data ../shared/data")
    return named


def whole_folder(named: Path | None) -> Path:
    """Return the folder of the data, or end with a clear message where something is not in it."""
    folder = named_folder(named)
    for name in data_files:
        if not (folder / name).exists():
            sys.exit(f"error: no {name} in {folder}; give the folder of the data with --data")
    return folder


def digest(line: str) -> str:
    """Return what a line goes by wherever its text must not stand."""
    return _digest(line.encode())


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:digest_length]


def _corpus(path: Path) -> Split[CorpusLine]:
    """Read and split one corpus; empty lines count for the split only."""
    name = path.name.removesuffix(".txt.gz")
    texts = gzip.decompress(path.read_bytes()).decode().split("\n")
    whole = parts_of([CorpusLine(name, line, text) for line, text in enumerate(texts, 1)])
    return {part: [line for line in lines if line.text] for part, lines in whole.items()}


def _rows(path: Path) -> list[tuple[int, dict[str, Any]]]:
    lines = path.read_text("utf-8").splitlines()
    return [(number, json.loads(line)) for number, line in enumerate(lines, 1)]
