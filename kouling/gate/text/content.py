"""What a picture says, and whether two that look alike say the same.

Posters, red packets and cards of one template look alike to every hash, and what differs is the
product, the price or the code on them. So looks alone never prove that a picture is a known one.
Where all that can be compared is the same to the pixel, two pictures say the same. Where something
differs, it may have been put over a copy, as a sticker is, or it may be another product's: then
the lines that it touches have to be found again, with the same digits.
"""

from __future__ import annotations

import enum
import re
from collections.abc import Iterator, Sequence

from kouling.picture import Likeness, Line, Look, Spot, alike_key

compared_min = 0.3
"""Part of a known picture that must be compared."""

differing_max = 0.2
"""Part that may differ; of two products on one template it is about half."""

differing_bare_max = 0.3
"""The same for a picture without print: it is no template."""

touched_min = 0.1
"""Part of a line's box from which on a spot touches it."""

beyond_min = 0.15
"""Part of its height by which what covers a line goes beyond all lines: another line does not."""

margin = 15
"""Thousandths of the height by which a spot is taller than what differs: its surroundings count."""

hidden_max = 0.4
"""Part of the known picture's letters that may be covered."""

errors_share = 0.2
"""Letters of a line that may be read otherwise, of its length."""

_letters = re.compile(r"[0-9A-Za-z\u4e00-\u9fff]+")


class Agreement(enum.Enum):
    """Whether two pictures say the same."""

    same = "same"
    other = "other"
    unclear = "unclear"


def is_alike(likeness: Likeness) -> bool:
    """Whether a picture, laid on a known one, has as much of it as a template has, or more."""
    return likeness.compared >= compared_min and likeness.differing <= 3 * differing_max


def agreement(seen: Look, known: Look, likeness: Likeness) -> Agreement:
    """Say whether a picture says the same as a known one that it is like."""
    if likeness.compared < compared_min:
        return Agreement.unclear
    if not likeness.spots:
        return Agreement.same
    ours, theirs = _payloads(seen), _payloads(known)
    if likeness.differing > _differing_max(known) or (ours and theirs and not ours & theirs):
        return Agreement.other
    return _lines_agree(seen, known, likeness.spots)


def needs_lines(known: Look, likeness: Likeness) -> bool:
    """Whether a picture has to be read to be compared with a known one that it is like."""
    return bool(likeness.spots and known.lines) and likeness.differing <= _differing_max(known)


def _lines_agree(seen: Look, known: Look, spots: tuple[Spot, ...]) -> Agreement:
    """Say whether the lines that spots touch are found again, or are but covered."""
    if known.lines is None or known.opened is None or (known.lines and seen.lines is None):
        return Agreement.unclear
    size = (known.opened.width, known.opened.height)
    ours = [one for line in seen.lines or () for one in _readings(line)]
    boxes = [_thousandths(line, size) for line in known.lines]
    all_letters = hidden = 0
    for line, box in zip(known.lines, boxes, strict=True):
        letters = len(_key(line.text))
        all_letters += letters
        touching = [spot for spot in spots if _covered(box, spot) >= touched_min]
        if not touching or any(_same(mine, his) for mine in ours for his in _readings(line)):
            continue
        if any(_is_of_lines(spot, boxes) for spot in touching):
            return Agreement.other
        hidden += letters
    return Agreement.unclear if hidden > hidden_max * all_letters else Agreement.same


def _differing_max(known: Look) -> float:
    return differing_bare_max if known.lines == () else differing_max


def _same(one: str, other: str) -> bool:
    """Whether two readings are of one line: few letters differ, and no digit."""
    if _digits(one) != _digits(other):
        return False
    return _errors(one, other) <= max(1, round(errors_share * min(len(one), len(other))))


def _readings(line: Line) -> Iterator[str]:
    for text in (line.text, line.second):
        if key := _key(text):
            yield key


def _key(text: str) -> str:
    """Return the letters of a line, those that look alike in print as one."""
    return alike_key("".join(_letters.findall(text)))


def _digits(key: str) -> str:
    return "".join(letter for letter in key if letter.isdigit())


def _payloads(look: Look) -> set[str]:
    return {one.text for one in look.barcodes or ()}


def _thousandths(line: Line, size: tuple[int, int]) -> Spot:
    left, top, right, bottom = line.box.bounds()
    width, height = size
    return (
        1_000 * left // width,
        1_000 * top // height,
        -(-1_000 * right // width),
        -(-1_000 * bottom // height),
    )


def _covered(box: Spot, spot: Spot) -> float:
    """Return which part of a box a spot covers."""
    wide = min(box[2], spot[2]) - max(box[0], spot[0])
    high = min(box[3], spot[3]) - max(box[1], spot[1])
    area = (box[2] - box[0]) * (box[3] - box[1])
    return wide * high / area if wide > 0 and high > 0 and area else 0.0


def _is_of_lines(spot: Spot, boxes: Sequence[Spot]) -> bool:
    """Whether a spot lies where lines are, as it does if they were replaced by others."""
    _, top, _, bottom = spot
    rows = set(range(top, bottom))
    for box in boxes:
        if _covered(box, spot) > 0:
            rows -= set(range(box[1] - margin, box[3] + margin))
    return len(rows) < beyond_min * (bottom - top)


def _errors(one: str, other: str) -> int:
    """Return in how many letters two readings differ (Levenshtein's distance)."""
    row = list(range(len(other) + 1))
    for place, letter in enumerate(one, 1):
        above, row[0] = row[0], place
        for number, against in enumerate(other, 1):
            cost = min(row[number] + 1, row[number - 1] + 1, above + (letter != against))
            above, row[number] = row[number], cost
    return row[-1]
