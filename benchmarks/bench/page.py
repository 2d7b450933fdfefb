"""The tables of `docs/benchmarks.md` and its pages are written between marks, from raw results.

A mark is `<!-- CLAIM: TABLE -->`, and all up to `<!-- end -->` is what the figures say. The list
of claims, `<!-- bench: claims -->`, says on which page each one's figures are.
"""

import re
from functools import cache
from pathlib import Path

from benchmarks.bench.claims import Tables, home, names, sentence, tables_of
from benchmarks.bench.markdown import table
from benchmarks.bench.results import last

docs = home.parent / "docs"
index = docs / "benchmarks.md"

_mark = re.compile(r"(<!-- (\w+): ([\w ]+) -->\n).*?(<!-- end -->)", re.DOTALL)


def pages() -> tuple[Path, ...]:
    """Return the index and the pages, one a room."""
    return (index, *sorted((docs / "benchmarks").glob("*.md")))


def write_pages() -> None:
    """Renew the tables of all pages."""
    made_before.cache_clear()
    for page in pages():
        page.write_text(filled(page.read_text("utf-8")), "utf-8")


def filled(text: str) -> str:
    """Return a page's text with the tables that the results make."""

    def fill(mark: re.Match[str]) -> str:
        made = claims_list() if mark[2] == "bench" else made_before(mark[2]).get(mark[3])
        return f"{mark[1]}\n{made}\n{mark[4]}" if made else mark[0]

    return _mark.sub(fill, text)


@cache
def made_before(name: str) -> Tables:
    """Return the tables that a claim's last results make; none if it has left no results."""
    report = last(name)
    return {} if report is None else tables_of(name, report)


def claims_list() -> str:
    """Return the claims, each with its sentence and the page that shows its figures."""
    shown = {mark[2]: page for page in pages() for mark in _mark.finditer(page.read_text("utf-8"))}
    rows = (
        [f"`{name}`", sentence(name), f"[{shown[name].stem}]({shown[name].relative_to(docs)})"]
        for name in names()
        if name in shown
    )
    return table(["claim", "what is measured", "figures"], rows, words=3)
