"""The tables on growth: what each number of likes costs, and the exponents."""

from collections.abc import Mapping
from typing import Any

from benchmarks.bench.markdown import facts, table

Report = Mapping[str, Any]


def tables(report: Report) -> dict[str, str]:
    """Return what each size costs, and the exponents."""
    columns = ["likes", "users", "items", "choosing, CPU s", "fit, CPU s", "fit, s", "peak MB"]
    keys = ("likes", "users", "items", "choose_cpu_s", "fit_cpu_s", "fit_wall_s", "peak_mb")
    rows = ([f"{row[key]:,}" for key in keys] for row in report["fit"])
    names = {"fit_cpu_s": "the fit", "total_cpu_s": "choosing and the fit"}
    slopes = [[names[name], f"{slope:.2f}"] for name, slope in report["exponent"].items()]
    return {
        "growth": table(columns, rows),
        "exponents": table(["CPU seconds ~ likes^x", "x"], slopes),
        "facts": facts(report),
    }
