"""The tables on speed: races, single decisions, long and hostile texts, rspamd."""

from collections.abc import Mapping, Sequence
from typing import Any

from benchmarks.bench.markdown import facts, table

outlier_max = 3.0
"""Times the median per byte that the worst input may cost."""

Report = Mapping[str, Any]


def tables(report: Report) -> dict[str, str]:
    """Return all tables by name."""
    return {
        **{f"race {count}": _race(rows) for count, rows in report["race"].items()},
        "policies": _race(report["policies"]),
        "packs": _race(report["packs"]["race"]),
        "loading": _loading(report["packs"]["loading"]),
        "single": _single(report["single"]),
        "lengths": _lengths(report["lengths"]),
        "hostile": _hostile(report["hostile"]),
        "rspamd": _rspamd(report["rspamd"]),
        "facts": facts(report, f"pack {report['pack']} with {report['patterns']} patterns"),
    }


def _race(rows: Sequence[Report]) -> str:
    columns = ["messages a second", "batch", "by CPU", "MB/s by CPU", "by wall"]
    return table(columns, map(_rates, rows))


def _rates(row: Report) -> list[str]:
    return [
        row["name"],
        f"{row['batch']:,}",
        f"{row['messages_per_cpu_second']:,}",
        f"{row['megabytes_per_cpu_second']:,.1f}",
        f"{row['messages_per_wall_second']:,}",
    ]


def _loading(loading: Report) -> str:
    columns = ["families more", "patterns", "reading, CPU s", "compiling, CPU s"]
    rows = (
        [f"{int(families):,}", f"{one['patterns']:,}"]
        + [f"{one[f'{step}_cpu_seconds']:.1f}" for step in ("read", "compile")]
        for families, one in loading.items()
    )
    return table(columns, rows)


def _single(single: Report) -> str:
    columns = ["one decision alone, µs", "p50 wall", "p99 wall", "p50 CPU", "p99 CPU"]
    rows = ([name, *(f"{figure:,.1f}" for figure in one.values())] for name, one in single.items())
    return table(columns, rows)


def _lengths(lengths: Report) -> str:
    rows = ([f"{length} characters", *_cost(one)] for length, one in lengths.items())
    return table(["one decision on ordinary text", "µs", "ns a byte"], rows)


def _hostile(hostile: Report) -> str:
    columns = ["one decision on", "µs", "ns a byte", "to the median", "when doubled"]
    ordered = sorted(hostile.items(), key=lambda row: -row[1]["to_median"])
    return table(columns, (_hostile_row(name, one) for name, one in ordered))


def _hostile_row(name: str, one: Report) -> list[str]:
    ratio = f"{one['to_median']:.2f} ×"
    marked = f"**{ratio}**" if one["to_median"] > outlier_max else ratio
    return [name, *_cost(one), marked, f"{one['growth_when_doubled']:.2f} ×"]


def _cost(one: Report) -> list[str]:
    return [f"{one['us']:,.1f}", f"{one['ns_per_byte']:,.1f}"]


def _rspamd(found: Report) -> str:
    if "skipped" in found:
        return f"rspamd: skipped, {found['skipped']}.\n"
    rows = [
        [
            f"rspamd {found['version']} over loopback HTTP, one message a request",
            f"{found['rspamd_messages_per_cpu_second']:,}",
            f"{found['rspamd_messages_per_wall_second']:,}",
        ],
        ["the gate in process, batch 100", f"{found['kouling_messages_per_cpu_second']:,}", "–"],
    ]
    return table(["messages a second", "by CPU", "by wall"], rows)
