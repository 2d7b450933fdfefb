"""The tables of `docs/benchmarks.md` are written between marks, from `results/*.json` alone.

A mark is `<!-- SCRIPT: TABLE -->`, and all up to `<!-- end -->` is what the figures say.
"""

import json
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import tables.accuracy
import tables.feed
import tables.http
import tables.inspection
import tables.pictures
import tables.speed
import tables.verbs

root = Path(__file__).parent.parent
page = root.parent / "docs" / "benchmarks.md"

makers: dict[str, Callable[[Mapping[str, Any]], dict[str, str]]] = {
    "deliver_freshness": tables.feed.freshness_tables,
    "deliver_quality": tables.feed.quality_tables,
    "deliver_speed": tables.feed.growth_tables,
    "deliver_trial": tables.feed.trial_tables,
    "gate_accuracy": tables.accuracy.tables,
    "gate_bf16": tables.pictures.bf16_tables,
    "gate_http": tables.http.tables,
    "gate_inspect": tables.inspection.tables,
    "gate_pictures": tables.pictures.tables,
    "gate_speed": tables.speed.tables,
    "verbs": tables.verbs.tables,
}

_mark = re.compile(r"(<!-- (\w+): ([\w ]+) -->\n).*?(<!-- end -->)", re.DOTALL)


def write_page() -> None:
    """Renew the tables of the page, where there is a page."""
    if page.exists():
        page.write_text(filled(page.read_text("utf-8")), "utf-8")


def filled(text: str) -> str:
    """Return the page's text with the tables that the results make."""
    made: dict[str, dict[str, str]] = {}

    def fill(mark: re.Match[str]) -> str:
        script, name = mark[2], mark[3]
        if script not in made:
            made[script] = tables_of(script)
        if not made[script]:  # it has not been run yet
            return mark[0]
        return f"{mark[1]}\n{made[script][name]}\n{mark[4]}"

    return _mark.sub(fill, text)


def tables_of(script: str) -> dict[str, str]:
    """Return the tables that a script's last results make; none if it has left no results."""
    file = root / "results" / f"{script}.json"
    return makers[script](json.loads(file.read_text("utf-8"))) if file.exists() else {}
