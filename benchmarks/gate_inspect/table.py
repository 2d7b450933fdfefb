"""The tables on the command: how fast it is, how it starts, what it finds."""

from collections.abc import Mapping, Sequence
from typing import Any

from benchmarks.bench.markdown import facts, share, table

Report = Mapping[str, Any]


def tables(report: Report) -> dict[str, str]:
    """Return all tables by name."""
    starts = {row["name"]: row["wall_seconds"] for row in report["race"] if row["messages"] == 1}
    return {
        "race": _race([row for row in report["race"] if row["messages"] > 1], starts),
        "start": table(
            ["a file of one line", "ms"],
            ([name, f"{1_000 * seconds:,.0f}"] for name, seconds in starts.items()),
        ),
        "found": _found(report["found"]),
        "facts": facts(report, report["jq"] or "no jq"),
    }


def _race(rows: Sequence[Report], starts: Mapping[str, float]) -> str:
    columns = ["file", "command", "messages/s", "MB/s in", "once started", "messages/s by CPU"]
    return table(columns, (_rates(row, starts[row["name"]]) for row in rows))


def _rates(row: Report, start: float) -> list[str]:
    running = row["wall_seconds"] - start
    return [
        f"{row['messages']:,} {row['file']}",
        row["name"],
        f"{row['messages_per_wall_second']:,}",
        f"{row['bytes'] / row['wall_seconds'] / 1e6:,.1f}",
        f"{row['messages'] / running:,.0f}" if running > 0 else "–",
        f"{row['messages_per_cpu_second']:,}",
    ]


def _found(found: Report) -> str:
    rows = {
        "share messages found": "found",
        "codes with the right span": "codes_exact",
        "alarms on look-alikes": "alarms_on_negatives",
        "share messages not allowed in moments": "not_allowed",
    }
    heads = [part.replace("_", " ") for part in found]
    return table(
        ["of the labelled messages", *heads],
        ([label, *(share(one[key]) for one in found.values())] for label, key in rows.items()),
    )
