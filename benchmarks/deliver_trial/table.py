"""The table on first places for new items."""

from collections.abc import Mapping
from typing import Any

from benchmarks.bench.markdown import facts, table

Report = Mapping[str, Any]


def tables(report: Report) -> dict[str, str]:
    """Return what each policy gets."""
    columns = ["policy", "likes of the oracle's", "got the first audience", "best 5 % at 5,000"]
    keys = ("likes_of_oracle", "got_first_audience", "best_reached_5000")
    rows = (
        [row["policy"], *(f"{row[key]['mean']:.3f} ± {row[key]['half']:.3f}" for key in keys)]
        for row in report["policies"]
    )
    return {"policies": table(columns, rows), "facts": facts(report)}
