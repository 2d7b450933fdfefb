"""The reader of printed text: pixels become lines, each with its place and how sure it is.

A cascade, cheap steps first: one small network finds the lines, a small reader reads each, and
a better one reads again only those that may hold a share code. Each process uses one thread.
Known misses: handwriting, and codes in Chinese numerals.
"""

from __future__ import annotations

from typing import NamedTuple

from kouling.picture.reader import code_shape
from kouling.picture.reader.column import set_in_row
from kouling.picture.reader.cutting import Strip, cut_out
from kouling.picture.reader.finding import Pixels, PrintedLine, closer_side, find_print
from kouling.picture.reader.grouping import are_melted, are_stacked, lines_of
from kouling.picture.reader.merging import han, with_chinese_of
from kouling.picture.reader.networks import quick_reader
from kouling.picture.reader.ordering import in_rows
from kouling.picture.reader.reading import LineReading, nothing
from kouling.picture.reader.reading import read as read_strip
from kouling.picture.reader.second import Band, read_second
from kouling.picture.records import Box, Line

lines_max = 60
"""Lines read of one picture; the rest is not looked at."""

_unsure, _telling = 0.8, 0.9
_turned_better, _most_turned, _mostly_upright = 0.05, 0.1, -0.25
_readable, _certain = 0.4, 0.99
_word_min = 3  # letters
_specks_min = 3  # a clean card has one or two


class Text(NamedTuple):
    """The lines that were read in a picture, and how many were not looked at."""

    lines: tuple[Line, ...]
    left_out: int


def read(pixels: Pixels, lines: int = lines_max) -> Text:
    """Return the lines printed in a picture, in reading order, at most the `lines` longest.

    `pixels` are rows of RGB. Where print was seen in part and no code in it, the picture is
    looked at once more, larger: on a restless ground the first look misses letters. Raises
    `InvalidInput` when a model is missing or another one.
    """
    first = find_print(pixels)
    places = lines_of(first.lines)
    text = _read(pixels, places, lines)
    in_part = len(first.lines) > len(places) or first.specks >= _specks_min
    in_part = in_part or are_melted(places)
    if not in_part or _has_second(text) or not any(map(_is_sure, text.lines)):
        return text
    closer = _read(pixels, lines_of(find_print(pixels, closer_side).lines), lines)
    return closer if _has_second(closer) else text


def _is_sure(line: Line) -> bool:
    """Whether a line is print for sure, and no pattern that is taken for a letter or two."""
    return line.confidence >= _telling and len(line.text) >= _word_min


def _has_second(text: Text) -> bool:
    return any(line.second for line in text.lines)


def _read(pixels: Pixels, places: list[PrintedLine], lines: int) -> Text:
    found = places[:lines]
    strips = [cut_out(pixels, line) for line in found]
    upright = _upright(strips)
    firsts = [_or_column(*one) for one in zip(found, strips, upright, strict=True)]
    halves = [
        line
        for line, (first, *_) in zip(found, firsts, strict=True)
        if code_shape.is_half(first.text)
    ]
    told = [
        _line(first, strip, Band(pixels, line, turned, _has_half_near(line, halves), is_column))
        for line, strip, (first, turned, is_column) in zip(found, strips, firsts, strict=True)
        if first.text and first.confidence >= _readable
    ]
    return Text(in_rows(tuple(told)), len(places) - len(found))


def _upright(strips: list[Strip]) -> list[tuple[LineReading, bool]]:
    """Return how each line reads best, and whether that is upside down.

    An unsure one is tried both ways. Surely Chinese lines then tell which way most of them stand;
    where they stand on their heads, so may those that seemed sure to hold a code.
    """
    read_ones = [_both_ways(strip) for strip in strips]
    tell = [_tells_way(turned) for up, turned in read_ones if _tells_way(up) or _tells_way(turned)]
    bonus = (
        -_turned_better
        if not tell
        else _most_turned
        if sum(tell) * 2 > len(tell)
        else _mostly_upright
    )
    return [_better_way(strip, *ways, bonus) for strip, ways in zip(strips, read_ones, strict=True)]


def _or_column(
    line: PrintedLine, strip: Strip, upright: tuple[LineReading, bool]
) -> tuple[LineReading, bool, bool]:
    """Return how a line reads best, whether it is turned, and whether it is a column of letters.

    A reader takes Chinese as well from a column that lies on its side, but not letters.
    """
    reading, turned = upright
    if not line.is_on_end() or _tells_way(reading):
        return reading, turned, False
    best, way = reading, (turned, False)
    for is_turned, one in ((False, strip), (True, strip.turned())):
        row = set_in_row(one)
        again = read_strip(row, quick_reader()) if row else nothing
        if again.confidence > best.confidence:
            best, way = again, (is_turned, True)
    return best, *way


def _tells_way(reading: LineReading) -> bool:
    """Whether a line is surely Chinese, which does not read as anything upside down."""
    return reading.confidence >= _telling and len(han.findall(reading.text)) >= 2


def _both_ways(strip: Strip) -> tuple[LineReading, LineReading]:
    """Return how a line reads, and if that is unsure, how it reads upside down."""
    upright = read_strip(strip, quick_reader())
    if upright.confidence >= _unsure:
        return upright, nothing
    return upright, read_strip(strip.turned(), quick_reader())


def _better_way(
    strip: Strip, upright: LineReading, turned: LineReading, bonus: float
) -> tuple[LineReading, bool]:
    if turned is nothing and _may_be_turned(upright, bonus):
        turned = read_strip(strip.turned(), quick_reader())
    better = turned.confidence + bonus > upright.confidence
    return (turned, True) if better else (upright, False)


def _may_be_turned(upright: LineReading, bonus: float) -> bool:
    if bonus == _most_turned:
        return not _tells_way(upright)
    return bonus > _mostly_upright and code_shape.may_hold_code(upright.text)


def _has_half_near(line: PrintedLine, halves: list[PrintedLine]) -> bool:
    return any(are_stacked(line, half) for half in halves)


def _wants_second(first: LineReading, band: Band) -> bool:
    """Whether a line may hold a code, or the other half of one, that is better read again."""
    if band.is_stacked and not han.search(first.text):
        return True
    certain = first.confidence >= _certain and not code_shape.has_sign(first.text)
    return not certain and code_shape.may_hold_code(first.text)


def _line(first: LineReading, strip: Strip, band: Band) -> Line:
    corners = strip.turned().corners if band.turned else strip.corners
    second = nothing
    if _wants_second(first, band):
        second = with_chinese_of(first, read_second(band))
    a, b, c, d = ((round(float(x)), round(float(y))) for x, y in corners)
    return Line(
        text=first.text,
        box=Box((a, b, c, d)),
        confidence=round(first.confidence, 3),
        places=first.places,
        second=second.text,
        second_places=second.places,
    )
