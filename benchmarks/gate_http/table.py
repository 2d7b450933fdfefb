"""The table on HTTP: a row for each server and size of batch."""

from collections.abc import Mapping
from typing import Any

from benchmarks.bench.markdown import facts, table

Report = Mapping[str, Any]


def tables(report: Report) -> dict[str, str]:
    """Return all tables by name."""
    columns = ["server", "messages/s", "messages/s by CPU", "p50 of one caller", "p99"]
    notes = [f"{report['connections']} connections"]
    if not report["own_core"]:
        notes.append("load on the same core")
    if report["rspamd"] not in {row["server"] for row in report["race"]}:
        notes.append(report["rspamd"])  # why it is not there
    return {"race": table(columns, map(_rates, report["race"])), "facts": facts(report, *notes)}


def _rates(row: Report) -> list[str]:
    size = f"batches of {row['batch']}" if row["batch"] > 1 else "one message a request"
    return [
        f"{row['server']}, {size}",
        f"{row['messages_per_wall_second']:,}",
        f"{row['messages_per_cpu_second']:,}",
        f"{row['alone_p50_ms']:.2f} ms",
        f"{row['alone_p99_ms']:.2f} ms",
    ]
