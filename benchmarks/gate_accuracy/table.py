"""The tables on accuracy: by part, corpus, family and disguise."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from benchmarks.bench.markdown import facts, share, table

shown_below = 0.9
"""The laboratory's disguises under which we find less than this have a row of their own."""

disguised_counts = {"found": "recall", "codes_exact": "exact", "alarms_on_negatives": "alarms"}
"""What is counted under a disguise; alarms are on look-alikes that wear it, too."""

Report = Mapping[str, Any]


def tables(report: Report) -> dict[str, str]:
    """Return all tables by name."""
    return {
        "summary": _summary(report),
        "corpora": _corpora(report),
        "families": _families(report),
        "left out": _left_out(report["left_out"]),
        "disguises": _disguises(report["disguised"]),
        "laboratory": _laboratory(report["disguised"]),
        **({"field": _field(report["field"])} if "field" in report else {}),
    }


def _summary(report: Report) -> str:
    columns = _columns(report)
    cells = [report["parts"][part][name] for part, name in columns]
    rows = [
        ["precision", *(_figure(cell, "precision", "alarms_on_negatives") for cell in cells)],
        ["recall", *(_figure(cell, "recall", "found") for cell in cells)],
        ["recall, mean of families", *(_figure(cell, "recall_by_family_mean") for cell in cells)],
        ["exact span", *(_figure(cell, "exact_span", "codes_exact") for cell in cells)],
        ["false alarms per 100,000", *(_alarms(cell["corpora"]["pooled"]) for cell in cells)],
    ]
    note = facts(report, f"pack {report['pack']}")
    return table(["", *_heads(columns)], rows) + "\n" + note


def _corpora(report: Report) -> str:
    columns = [one for one in _columns(report) if "all" not in one[1]]
    cells = [report["parts"][part][name]["corpora"] for part, name in columns]
    rows = [[corpus, *(_alarms(cell[corpus]) for cell in cells)] for corpus in cells[0]]
    return table(["false alarms per 100,000 lines", *_heads(columns)], rows)


def _families(report: Report) -> str:
    columns = [one for one in _columns(report) if "all" not in one[1]]
    cells = [report["parts"][part][name]["families"] for part, name in columns]
    names = sorted({family for cell in cells for family in cell})
    rows = (
        [name, *("/".join(map(str, cell.get(name, [0, 0]))) for cell in cells)] for name in names
    )
    return table(["found by family", *_heads(columns)], rows)


def _left_out(left_out: Report) -> str:
    counts = [one["found"] for one in left_out.values()]
    pooled = [sum(column) for column in zip(*counts, strict=True)]
    balanced = sum(found / of for found, of in counts) / len(counts)
    rows = [
        *([name, share(one["found"])] for name, one in left_out.items()),
        ["pooled", share(pooled)],
        ["mean of families", f"{balanced:.3f}"],
    ]
    return table(["family that the pack lacks", "recall"], rows)


def _disguises(disguised: Report) -> str:
    names = list(next(iter(disguised.values()))["tricks"])
    rows = [[name, *_counts_of(disguised, "tricks", name)] for name in names]
    pooled = ["the first ten, pooled", *_counts_of(disguised, "research_pooled")]
    return table(["trick", *_heads_of_disguises(disguised)], [*rows, pooled])


def _laboratory(disguised: Report) -> str:
    ours = disguised["kouling"]["laboratory"]
    poor = [name for name, one in ours.items() if _rate(one["found"]) < shown_below]
    rows = [
        [f"all {len(ours)}, pooled", *_counts_of(disguised, "laboratory_pooled")],
        *([name, *_counts_of(disguised, "laboratory", name)] for name in poor),
    ]
    head = f"disguises, and those below {shown_below}"
    return table([head, *_heads_of_disguises(disguised)], rows)


def _field(field: Report) -> str:
    """Return what is right in the field; a run before this was measured has no such table."""
    kinds = next(iter(field.values()))["cases"]
    rows = [[kind, *(share(one["cases"][kind]) for one in field.values())] for kind in kinds]
    for said in ("clean", "code behind"):
        name = f"prose of 20,000 characters, {said}"
        rows.append([name, *(share(one["prose"][said]) for one in field.values())])
    alarms = [f"{one['addresses']['per_100k']:,.1f}" for one in field.values()]
    rows.append(["alarms per 100,000 lines with an address", *alarms])
    return table(["right, by kind of input", *field], rows)


def _counts_of(disguised: Report, *path: str) -> Iterable[str]:
    for one in disguised.values():
        for key in path:
            one = one[key]
        yield from (share(one[key]) for key in disguised_counts)


def _rate(counted: Sequence[int]) -> float:
    return counted[0] / counted[1] if counted[1] else 1.0


def _heads_of_disguises(disguised: Report) -> list[str]:
    return [f"{name}: {what}" for name in disguised for what in disguised_counts.values()]


def _columns(report: Report) -> list[tuple[str, str]]:
    return [(part, name) for part, finders in report["parts"].items() for name in finders]


def _heads(columns: Iterable[tuple[str, str]]) -> list[str]:
    return [f"{part.replace('_', ' ')}: {name}" for part, name in columns]


def _figure(cell: Report, key: str, counted: str = "") -> str:
    counts = f" ({cell[counted][0]}/{cell[counted][1]})" if counted else ""
    return f"{cell[key]:.3f}{counts}"


def _alarms(cell: Report) -> str:
    unseen = f", {cell['unreviewed']} not looked at" if cell["unreviewed"] else ""
    return f"{cell['per_100k']:,.1f} ({cell['false']:,}/{cell['lines']:,}{unseen})"
