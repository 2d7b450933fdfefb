"""Tallies come in, an SVG picture of their recall goes out: a bar for us, one for the rival."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape

from kouling.lab.tally import Tally

width = 960
left = 230
right = 90
top = 92
row_height = 26
bar_height = 9

ours_color = "#0b6e4f"
rival_color = "#b26a00"
text_color = "#1d2430"
line_color = "#d7dce3"
ground_color = "#ffffff"


def recall_svg(tallies: Sequence[Tally]) -> str:
    """Draw horizontal bars of the recall under each disguise, on a light ground.

    Title and description tell a screen reader what the bars show.
    """
    shown = [tally for tally in tallies if tally.messages]
    height = top + row_height * len(shown) + 24
    with_rival = any(tally.rival_found is not None for tally in shown)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}"'
        f' width="{width}" height="{height}" role="img" aria-labelledby="title desc"'
        ' font-family="system-ui, sans-serif" font-size="13">',
        '<title id="title">Recall of the gate under each disguise</title>',
        f'<desc id="desc">{escape(_description(shown))}</desc>',
        f'<rect width="{width}" height="{height}" fill="{ground_color}"/>',
        _text(20, 34, "Share messages found under each disguise", size=18),
        *_legend(with_rival),
        *_scale(height),
        *(line for place, tally in enumerate(shown) for line in _row(place, tally)),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def _description(tallies: Sequence[Tally]) -> str:
    return "; ".join(f"{tally.disguise}: {_spoken(tally)}" for tally in tallies)


def _spoken(tally: Tally) -> str:
    ours = f"gate {_percent(tally.recall)}"
    rival = tally.rival_recall
    return ours if rival is None else f"{ours}, rival {_percent(rival)}"


def _legend(with_rival: bool) -> Iterator[str]:
    yield _bar(20, 50, 14, ours_color)
    yield _text(40, 59, "gate")
    if with_rival:
        yield _bar(100, 50, 14, rival_color)
        yield _text(120, 59, "rival: any of the public expressions")


def _scale(height: int) -> Iterator[str]:
    for quarter in range(5):
        x = left + _length(quarter / 4)
        yield f'<path d="M{x} {top - 8}V{height - 20}" stroke="{line_color}"/>'
        yield _text(x, top - 14, f"{25 * quarter} %", anchor="middle", size=11)


def _row(place: int, tally: Tally) -> Iterator[str]:
    y = top + place * row_height
    yield "<g>"
    yield f"<title>{escape(f'{tally.disguise}: {_spoken(tally)}')}</title>"
    yield _text(left - 10, y + 15, tally.disguise, anchor="end")
    rival = tally.rival_recall
    middle = y + (row_height - bar_height) // 2
    yield _bar(left, middle if rival is None else y + 3, _length(tally.recall), ours_color)
    if rival is not None:
        yield _bar(left, y + 4 + bar_height, _length(rival), rival_color)
    label = (
        _percent(tally.recall)
        if rival is None
        else (f"{_percent(tally.recall)} / {_percent(rival)}")
    )
    yield _text(width - right + 8, y + 15, label, size=11)
    yield "</g>"


def _length(share: float | None) -> int:
    return round((width - left - right) * (share or 0.0))


def _percent(share: float | None) -> str:
    return "–" if share is None else f"{share:.0%}"


def _bar(x: int, y: int, length: int, color: str) -> str:
    return f'<rect x="{x}" y="{y}" width="{length}" height="{bar_height}" fill="{color}"/>'


def _text(x: int, y: int, text: str, *, anchor: str = "start", size: int = 13) -> str:
    place = f'x="{x}" y="{y}" text-anchor="{anchor}" font-size="{size}" fill="{text_color}"'
    return f"<text {place}>{escape(text)}</text>"
