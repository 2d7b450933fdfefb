"""The tables on quality: a table for each set of likes, and how long serving takes."""

from collections.abc import Mapping
from typing import Any

from benchmarks.bench.markdown import facts, table
from benchmarks.bench.timing import clocks, microseconds

Report = Mapping[str, Any]


def tables(report: Report) -> dict[str, str]:
    """Return a table for each set of likes."""
    rivals = report.get("rivals", {})
    return {
        **{name: _quality(report, name) for name in report["sets"]},
        "serving": _serving(report),
        "facts": facts(report, *(f"{one} {what}" for one, what in rivals.items())),
    }


def _quality(report: Report, name: str) -> str:
    columns = ["model", "Recall@20", "NDCG@20", "coverage", "choosing, CPU s", "fit, CPU s"]
    keys = (("recall_at_20", ".4f"), ("ndcg_at_20", ".4f"), ("coverage", ".3f"))
    times = (("choose_cpu_s", ",.0f"), ("fit_cpu_s", ",.1f"))
    rows = (
        [_named(row), *(format(row[key], how) if key in row else "" for key, how in keys + times)]
        for row in report["rows"]
        if row["set"] == name
    )
    return table(columns, rows)


def _serving(report: Report) -> str:
    columns = ["first 20 places, µs", *clocks]
    rows = (
        [f"{row['set']}: {_named(row)}", *microseconds(row["serving_us"])]
        for row in report["rows"]
        if "serving_us" in row
    )
    return table(columns, rows)


def _named(row: Report) -> str:
    ours = row["model"].startswith("ours")
    return f"{row['model']} ({row['kind']})" if ours else str(row["model"])
