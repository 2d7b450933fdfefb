"""The tables on likes between two fits."""

from collections.abc import Mapping
from typing import Any

from benchmarks.bench.markdown import facts, table
from benchmarks.bench.timing import clocks, microseconds

Report = Mapping[str, Any]


def tables(report: Report) -> dict[str, str]:
    """Return what new likes are worth, how soon they act, and who is pushed to."""
    worth = (
        [name, f"{row['recall_at_20']:.4f}", f"{row['ndcg_at_20']:.4f}"]
        for name, row in report["worth"].items()
    )
    latency = ([name, *microseconds(row)] for name, row in report["latency_us"].items())
    pushed, parts = list(report["push"].values()), list(report["push"])
    push = ([name, *(f"{100 * part[name]:.1f} %" for part in pushed)] for name in pushed[0])
    return {
        "worth": table(["model and likes", "Recall@20", "NDCG@20"], worth),
        "latency": table(["µs", *clocks], latency),
        "push": table(["true likers among 300", *(f"items {part}" for part in parts)], push),
        "facts": facts(report),
    }
