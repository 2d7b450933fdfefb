"""The folder of the data comes in; labelled messages, ordinary lines and public regexes go out.

Each list is split, always in the same way, into a part that may be looked at while tuning and
one that is held out: of each family of messages and each kind of negative, in file order, the
first 60 % (rounded up) are tuned on, of each corpus the first 60 % of its lines.
"""

import gzip
import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from kouling.lab import Rival, rival_from

data_files = (
    "messages/share_messages.jsonl",
    "messages/hard_negatives.jsonl",
    "messages/public_regexes.jsonl",
    "corpora",
)

digest_length = 16
"""Hexadecimal digits of a SHA-256 that stand for a line, or for a file."""

Split = dict[str, list[Any]]
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

    messages: Split
    negatives: Split
    corpus: Split
    public: Rival
    facts: dict[str, Any]


def load_data(folder: Path) -> Data:
    """Read the data and split them."""
    share, hard, regexes = (folder / name for name in data_files[:3])
    messages = [
        Message(line, row["text"], row["family"], tuple(row["codes"])) for line, row in _rows(share)
    ]
    negatives = [Message(line, row["text"], row["why"]) for line, row in _rows(hard)]
    public = rival_from((str(at), row["pattern"], row["flags"]) for at, row in _rows(regexes))
    paths = sorted((folder / "corpora").glob("*.txt.gz"))
    corpora = [_corpus(path) for path in paths]
    lines = {part: [line for one in corpora for line in one[part]] for part in parts_of([])}
    facts = {
        "messages": len(messages),
        "negatives": len(negatives),
        "corpus_lines": len(lines["all"]),
        "digests": {path.name: _digest(path.read_bytes()) for path in (share, hard, *paths)},
    }
    return Data(split(messages), split(negatives), lines, public, facts)


def split(messages: Sequence[Message]) -> Split:
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


def parts_of(lines: Sequence[Any]) -> Split:
    """Split the lines of a corpus: the first 60 % (rounded down) are tuned on."""
    count = len(lines) * 6 // 10
    return {"tuned": list(lines[:count]), "held_out": list(lines[count:]), "all": list(lines)}


def digest(line: str) -> str:
    """Return what a line goes by wherever its text must not stand."""
    return _digest(line.encode())


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:digest_length]


def _corpus(path: Path) -> Split:
    """Read and split one corpus; empty lines count for the split only."""
    name = path.name.removesuffix(".txt.gz")
    texts = gzip.decompress(path.read_bytes()).decode().split("\n")
    parts = parts_of([CorpusLine(name, line, text) for line, text in enumerate(texts, 1)])
    return {part: [line for line in lines if line.text] for part, lines in parts.items()}


def _rows(path: Path) -> list[tuple[int, dict[str, Any]]]:
    lines = path.read_text("utf-8").splitlines()
    return [(number, json.loads(line)) for number, line in enumerate(lines, 1)]
