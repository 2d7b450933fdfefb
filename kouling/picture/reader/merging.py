"""Two readings of a line become one: Chinese from the reader that knows it, the rest not.

The better reader knows no Chinese and takes it for letters that look a little like it. Where the
first reader saw Chinese, its word counts; but a single character within a code that the better
one read from sign to sign is a letter that something covers.
"""

from __future__ import annotations

import re
import statistics

from kouling.picture.reader import code_shape
from kouling.picture.reader.reading import LineReading
from kouling.picture.records import places_whole

han = re.compile(r"[\u3400-\u9fff]")

_reach = 0.3  # how far into its neighbours' room a Chinese character rules, in its own widths


def with_chinese_of(first: LineReading, second: LineReading) -> LineReading:
    """Return the second reading with the first one's Chinese characters at their places."""
    if not second.text or not han.search(first.text):
        return second
    first = _without_covered_letter(first, second)
    rooms = _rooms(first)
    kept = [
        (place, sign)
        for place, sign in zip(second.places, second.text, strict=True)
        if not any(begin <= place < end for begin, end in rooms)
    ]
    chinese = [
        (place, sign)
        for place, sign in zip(first.places, first.text, strict=True)
        if han.match(sign)
    ]
    merged = sorted([*kept, *chinese], key=lambda one: one[0])
    text = "".join(sign for _, sign in merged)
    return LineReading(text, second.confidence, tuple(place for place, _ in merged))


def _without_covered_letter(first: LineReading, second: LineReading) -> LineReading:
    code = code_shape.whole.search(second.text)
    if code is None:
        return first
    begin, end = second.places[code.start()], second.places[code.end() - 1]
    inside = [
        at
        for at, (place, sign) in enumerate(zip(first.places, first.text, strict=True))
        if han.match(sign) and begin < place < end
    ]
    if len(inside) != 1:
        return first
    at = inside[0]
    places = first.places[:at] + first.places[at + 1 :]
    return first._replace(text=first.text[:at] + first.text[at + 1 :], places=places)


def _rooms(first: LineReading) -> list[tuple[float, float]]:
    """Return from where to where each Chinese character stands, a little before and after."""
    ends = (*first.places[1:], places_whole)
    seen = [
        (begin, end - begin)
        for sign, begin, end in zip(first.text, first.places, ends, strict=True)
        if han.match(sign)
    ]
    # what follows one may be far off, or not have been read: it is no wider than others are
    usual = statistics.median_low(width for _, width in seen) if seen else 0
    widths = [(begin, min(width, usual)) for begin, width in seen]
    return [(begin - _reach * width, begin + (1 - _reach / 2) * width) for begin, width in widths]
