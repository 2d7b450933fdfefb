"""The tables of the four scripts on the feed: quality, growth, freshness and trial."""

from collections.abc import Mapping
from typing import Any

from tables.markdown import facts, table

Report = Mapping[str, Any]


def quality_tables(report: Report) -> dict[str, str]:
    """Return a table for each set of likes."""
    return {
        **{name: _quality(report, name) for name in report["sets"]},
        "serving": _serving(report),
        "facts": facts(report),
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
    columns = ["first 20 places, µs", "p50 CPU", "p99 CPU", "p50 wall", "p99 wall"]
    rows = (
        [f"{row['set']}: {_named(row)}", *_microseconds(row["serving_us"])]
        for row in report["rows"]
        if "serving_us" in row
    )
    return table(columns, rows)


def _named(row: Report) -> str:
    ours = row["model"].startswith("ours")
    return f"{row['model']} ({row['kind']})" if ours else str(row["model"])


def growth_tables(report: Report) -> dict[str, str]:
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


def freshness_tables(report: Report) -> dict[str, str]:
    """Return what new likes are worth, how soon they act, and who is pushed to."""
    worth = (
        [name, f"{row['recall_at_20']:.4f}", f"{row['ndcg_at_20']:.4f}"]
        for name, row in report["worth"].items()
    )
    latency = ([name, *_microseconds(row)] for name, row in report["latency_us"].items())
    pushed, parts = list(report["push"].values()), list(report["push"])
    push = ([name, *(f"{100 * part[name]:.1f} %" for part in pushed)] for name in pushed[0])
    return {
        "worth": table(["model and likes", "Recall@20", "NDCG@20"], worth),
        "latency": table(["µs", "p50 CPU", "p99 CPU", "p50 wall", "p99 wall"], latency),
        "push": table(["true likers among 300", *(f"items {part}" for part in parts)], push),
        "facts": facts(report),
    }


def trial_tables(report: Report) -> dict[str, str]:
    """Return what each policy gets."""
    columns = ["policy", "likes of the oracle's", "got the first audience", "best 5 % at 5,000"]
    keys = ("likes_of_oracle", "got_first_audience", "best_reached_5000")
    rows = (
        [row["policy"], *(f"{row[key]['mean']:.3f} ± {row[key]['half']:.3f}" for key in keys)]
        for row in report["policies"]
    )
    return {"policies": table(columns, rows), "facts": facts(report)}


def _microseconds(row: Report) -> list[str]:
    return [f"{row[key]:,.0f}" for key in ("p50_cpu", "p99_cpu", "p50_wall", "p99_wall")]
