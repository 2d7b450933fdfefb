"""The table on bfloat16: a row for each way that the networks run."""

from collections.abc import Mapping
from typing import Any

from benchmarks.bench.cards import code_cells, code_columns, parts_of
from benchmarks.bench.markdown import facts, table


def tables(report: Mapping[str, Any]) -> dict[str, str]:
    """Return a row for each way that the networks run."""
    rows = (
        [f"{way}, {title}", *code_cells(part)]
        for way, scores in report["ways"].items()
        for title, part in parts_of(scores, "code")
    )
    return {"cards": table(code_columns, rows), "facts": facts(report, f"seed {report['seed']}")}
