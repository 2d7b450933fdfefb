"""Answers as a page of HTML: what a run came to, and the items with the found words marked.

The page asks no other host for anything and runs no script; whatever users wrote is text in it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from html import escape
from pathlib import Path

from kouling.cli.answers.journal import AnsweredRow, ToldSignal, answered_rows
from kouling.cli.answers.summary import Summary

items_max = 2_000
"""Items on the page, those that don't pass first."""

_head = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>kouling gate inspect</title>
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<style>
:root { color-scheme: light dark; }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem }
table { border-collapse: collapse; width: 100% }
td, th { border-top: 1px solid #8884; padding: .4rem; text-align: left; vertical-align: top }
td.text { white-space: pre-wrap; overflow-wrap: anywhere }
mark { background: #ffd54a; color: #000 }
.limit, .drop { font-weight: 600 }
</style></head><body>
<h1>What the gate made of these items</h1>
"""


def write_report(journal: Path, path: Path, summary: Summary) -> None:
    """Write the page."""
    found = (row for row in answered_rows(journal) if row.answer.signals or row.answer.error)
    kept = sorted(found, key=lambda row: row.answer.visibility == "allow")
    with path.open("w", encoding="utf-8") as file:
        file.write(_head)
        file.writelines(_summary(summary))
        told = len(kept) - items_max
        if told > 0:
            file.write(f"<p>The first {items_max:,} of {len(kept):,} items follow.</p>\n")
        file.write("<table><tr><th>id<th>text<th>decision<th>why</tr>\n")
        file.writelines(map(_row, kept[:items_max]))
        file.write("</table></body></html>\n")


def marked(text: str, signals: Iterable[ToldSignal]) -> str:
    """Return a text as HTML in which what was found stands in marks, with what speaks for it."""
    parts, at = [], 0
    for one in sorted(signals, key=lambda one: (one.start, -one.end)):
        if one.picture or one.end <= one.start or one.start < at:
            continue
        why = "; ".join((f"{one.kind} {one.issuer or ''}".strip(), *one.evidence))
        parts.append(escape(text[at : one.start]))
        words = escape(text[one.start : one.end])
        parts.append(f'<mark title="{escape(why, quote=True)}">{words}</mark>')
        at = one.end
    return "".join([*parts, escape(text[at:])])


def _summary(summary: Summary) -> Iterator[str]:
    passing = summary.good - summary.hidden
    yield f"<p>{summary.good:,} items decided: {passing:,} pass, {summary.hidden:,} don't.</p>\n"
    if summary.bad:
        yield f"<p>{summary.bad:,} rows could not be read.</p>\n"
    for title, counter in (("rule", summary.rules), ("issuer", summary.issuers)):
        if counter:
            yield f"<table><tr><th>{title}<th>items</tr>\n"
            for name, count in counter.most_common():
                yield f"<tr><td>{escape(name)}<td>{count:,}</tr>\n"
            yield "</table>\n"


def _row(row: AnsweredRow) -> str:
    answer = row.answer
    why = "<br>".join(map(escape, answer.reasons)) or escape(answer.error)
    decision = answer.visibility or "not read"
    return (
        f'<tr><td>{escape(str(answer.id))}<td class="text">{marked(row.text, answer.signals)}'
        f'<td class="{escape(decision)}">{escape(decision)}<td>{why}</tr>\n'
    )
