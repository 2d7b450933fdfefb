"""The tables on pictures: print, QR codes, alarms, disguises and copies."""

from collections.abc import Mapping, Sequence
from typing import Any

from benchmarks.bench.cards import bounds, code_cells, code_columns, parts_of
from benchmarks.bench.markdown import facts, share, table

Report = Mapping[str, Any]
Rows = Sequence[Report]

ours = "kouling"
same = f"{ours}, the same pictures"


def tables(report: Report) -> dict[str, str]:
    """Return all tables by name."""
    scores = report["race"]["scores"]
    return {
        "print": _print(scores, report["rivals"]),
        "squares": _squares(scores, report["rivals"]),
        "alarms": _alarms(scores[ours]),
        "disguises": _disguises(scores[ours]),
        "copies": _copies(report["copies"], report["search"]),
        "facts": facts(
            report,
            f"a worker's peak {report['race']['worker_peak_mb']:,.0f} MB",
            f"seed {report['seed']}",
            *(f"{name} {version}" for name, version in report["rivals"].items()),
        ),
    }


def _print(scores: Mapping[str, Rows], rivals: Report) -> str:
    rows = []
    for name in (ours, same, "RapidOCR", "Tesseract"):
        if name not in scores:
            rows.append([f"{name}: {rivals[name]}", *("–",) * 5])
            continue
        for title, part in parts_of(scores[name], "code"):
            rows.append([f"{name}, {title}", *code_cells(part)])
    return table(code_columns, rows)


def _squares(scores: Mapping[str, Rows], rivals: Report) -> str:
    columns = ["QR codes", "found", "95 % bounds", "misread", "CPU ms"]
    rows = []
    for name in (ours, same, "OpenCV"):
        for title, part in parts_of(scores.get(name, ()), "payload"):
            low, high = bounds(part["exact"], part["pictures"])
            found = share((part["exact"], part["pictures"]))
            cells = [found, f"{low:.3f}–{high:.3f}", str(part["false"]), f"{part['cpu_ms']:,.1f}"]
            rows.append([f"{name}, {title}", *cells])
    return table(columns, rows)


def _alarms(rows: Rows) -> str:
    titles = {"clean": "clean cards", "photo": "photos without text"}
    columns = ["pictures without a code", "false share codes", "unsure, for review", "CPU ms"]
    return table(
        columns,
        (
            [
                f"{row['pictures']:,} {titles[row['aim']]}",
                str(row["false"]),
                str(row["unsure"]),
                f"{row['cpu_ms']:,.1f}",
            ]
            for row in rows
            if row["aim"] in titles
        ),
    )


def _disguises(rows: Rows) -> str:
    found = {
        (row["disguise"], row["aim"]): row for row in rows if row["aim"] in ("code", "payload")
    }
    columns = ["disguise", "code: alike", "flagged", "CPU ms", "QR: found", "CPU ms"]
    names = dict.fromkeys(name for name, _ in found)
    return table(
        columns,
        (
            [
                name,
                *_some(found.get((name, "code")), "alike", "flagged"),
                *_some(found.get((name, "payload")), "exact"),
            ]
            for name in names
        ),
    )


def _some(row: Report | None, *names: str) -> list[str]:
    if row is None:
        return ["–"] * (len(names) + 1)
    return [*(share((row[name], row["pictures"])) for name in names), f"{row['cpu_ms']:,.1f}"]


def _copies(found: Report, search: Report) -> str:
    rows = [
        [name, share(row["alike"]), share(row["found"]), str(row["false"])]
        for name, row in found["edits"].items()
    ]
    false, whole = found["unrelated"]
    rows.append([f"{whole:,} unrelated pictures", "–", "–", str(false)])
    rows.append([f"a hash among {search['hashes']:,}: {search['cpu_ms']:.2f} ms", "–", "–", "–"])
    columns = ["what was done to a known picture", "looks alike", "says the same", "false"]
    return table(columns, rows)
