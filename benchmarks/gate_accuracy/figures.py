"""A finder and a part of the data come in, all its figures on that part go out."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from benchmarks.bench.data import CorpusLine, Data, Message, digest
from benchmarks.bench.labels import Signals, mean, ratio, score_of
from benchmarks.gate_accuracy.finders import Finder

reviewed_file = Path(__file__).parent / "reviewed.json"


def reviewed_lines() -> dict[str, str]:
    """Return the verdict, by digest, on each corpus line that was looked at."""
    verdicts: dict[str, str] = json.loads(reviewed_file.read_text("utf-8"))
    return verdicts


def figures_of(
    finder: Finder, data: Data, part: str, reviewed: Mapping[str, str]
) -> dict[str, Any]:
    """Return all figures of one finder on one part of the data."""
    messages, negatives = data.messages[part], data.negatives[part]
    signals = finder.inspect([message.text for message in messages])
    pooled, families = score_of(messages, signals), _families(messages, signals)
    alarms = finder.hits([negative.text for negative in negatives])
    return {
        "precision": ratio(pooled.found, pooled.found + sum(alarms)),
        "recall": ratio(pooled.found, pooled.messages),
        "recall_by_family_mean": mean(found / of for found, of in families.values()),
        "exact_span": ratio(pooled.exact, pooled.codes),
        "found": [pooled.found, pooled.messages],
        "alarms_on_negatives": [sum(alarms), len(alarms)],
        "codes_exact": [pooled.exact, pooled.codes],
        "families": families,
        "corpora": corpus_alarms(finder, data.corpus[part], reviewed),
    }


def corpus_alarms(
    finder: Finder, lines: Sequence[CorpusLine], reviewed: Mapping[str, str]
) -> dict[str, Any]:
    """Return, for each corpus and pooled, lines, hits, false alarms, and how many a 100,000."""
    hits = finder.hits([line.text for line in lines])
    flagged = [line for line, hit in zip(lines, hits, strict=True) if hit]
    corpora = dict.fromkeys(line.corpus for line in lines)
    return {
        corpus: _alarms(
            sum(corpus in (line.corpus, "pooled") for line in lines),
            [reviewed.get(digest(o.text)) for o in flagged if corpus in (o.corpus, "pooled")],
        )
        for corpus in (*corpora, "pooled")
    }


def _alarms(lines: int, verdicts: Sequence[str | None]) -> dict[str, Any]:
    false = sum(verdict != "genuine" for verdict in verdicts)
    return {
        "lines": lines,
        "hits": len(verdicts),
        "genuine": verdicts.count("genuine"),
        "false": false,
        "unreviewed": verdicts.count(None),
        "per_100k": round(1e5 * ratio(false, lines), 1),
    }


def _families(
    messages: Sequence[Message], signals: Sequence[Signals]
) -> dict[str, tuple[int, int]]:
    groups: dict[str, list[tuple[Message, Signals]]] = {}
    for message, found in zip(messages, signals, strict=True):
        groups.setdefault(message.group, []).append((message, found))
    scores = {name: score_of(*zip(*rows, strict=True)) for name, rows in groups.items()}
    return {name: (score.found, score.messages) for name, score in sorted(scores.items())}
