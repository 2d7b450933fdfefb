"""The reader of printed text: pixels become lines, each with its place and how sure it is.

A cascade, cheap steps first: one small network finds the lines, a small reader reads each, and
a better one reads again only those that may hold a share code. Each process uses one thread.
Known misses: columns of letters one under the other, handwriting, and codes in Chinese numerals.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

import cv2
import numpy as np

from kouling.gate.picture.lookalike import key_of
from kouling.gate.picture.reader.casing import with_case_seen
from kouling.gate.picture.reader.cutting import Strip, cut_out
from kouling.gate.picture.reader.finding import Found, Pixels, are_stacked, find_lines
from kouling.gate.picture.reader.merging import han, with_chinese_of
from kouling.gate.picture.reader.networks import code_reader, quick_reader
from kouling.gate.picture.reader.ordering import in_rows
from kouling.gate.picture.reader.reading import Reading, nothing
from kouling.gate.picture.reader.reading import read as read_strip
from kouling.gate.picture.records import Box, Line, places_whole

lines_max = 60
"""Lines read of one picture; the rest is not looked at."""

_ratio_min = 1.4  # a single letter can hold neither a code nor a word that leads to one
_unsure, _telling = 0.8, 0.9
_turned_better, _most_turned, _mostly_upright = 0.05, 0.1, -0.25
_readable, _second_readable, _second_sure = 0.4, 0.5, 0.9
# heights that a code's line is cut longer: its delimiters and last letters are often cut off
_margin, _margin_wide, _margin_open = 0.4, 2.5, 9.0
_grain = (20, 5, 11)  # how strong grain is taken away, and the sides of its two windows in pixels
_dense = re.compile(r"(?=\d*[A-Za-z|])[A-Za-z0-9|]{6,}")
_letter_free = re.compile(r"[^A-Za-z|]*")
_opening = re.compile(r"[￥¥€$£₤(（《「【〖]")
_half = re.compile(
    r"[￥¥€$£₤] ?(?=[0-9 ]*[A-Za-z])[A-Za-z0-9 ]{1,13}$"
    r"|^(?=[0-9 ]*[A-Za-z|])[A-Za-z0-9| ]{2,13}[￥¥€$£₤]$"
)
_whole = re.compile(r"[￥¥€$£₤] ?[A-Za-z0-9 ]{8,}[￥¥€$£₤]")
_letter = re.compile(r"[A-Za-z0-9]")
_gaps = re.compile(r"[\s.·・_\-]")


class Text(NamedTuple):
    """The lines that were read in a picture, and how many were not looked at."""

    lines: tuple[Line, ...]
    left_out: int


def read(pixels: Pixels, lines: int = lines_max) -> Text:
    """Return the lines printed in a picture, in reading order, at most the `lines` longest.

    `pixels` are rows of RGB. Raises `InvalidInput` when a model is missing or another one.
    """
    places = [line for line in find_lines(pixels) if _may_say_something(line)]
    found = places[:lines]
    strips = [cut_out(pixels, line) for line in found]
    firsts = _upright(strips)
    parted = [line for line, (first, _) in zip(found, firsts, strict=True) if _half.search(first.text)]
    read_ones = (
        _line(pixels, *one, any(are_stacked(one[0], other) for other in parted))
        for one in zip(found, strips, firsts, strict=True)
        if one[2][0].text
    )
    told = in_rows(tuple(line for line in read_ones if line is not None))
    return Text(told, len(places) - len(found))


def may_hold_code(text: str) -> bool:
    """Whether a line looks as if a share code could stand in it; numbers alone hold none."""
    dense = _gaps.sub("", text)
    if _dense.search(dense) or _half.search(text):
        return True
    return (
        bool(_opening.search(dense))
        and len(_letter.findall(dense)) >= 5
        and not _letter_free.fullmatch(dense)
    )


def _may_say_something(line: Found) -> bool:
    across, down = line.size()
    return max(across, down) >= _ratio_min * min(across, down)


def _upright(strips: list[Strip]) -> list[tuple[Reading, bool]]:
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


def _tells_way(reading: Reading) -> bool:
    """Whether a line is surely Chinese, which does not read as anything upside down."""
    return reading.confidence >= _telling and len(han.findall(reading.text)) >= 2


def _both_ways(strip: Strip) -> tuple[Reading, Reading]:
    """Return how a line reads, and if that is unsure, how it reads upside down."""
    upright = read_strip(strip, quick_reader())
    if upright.confidence >= _unsure:
        return upright, nothing
    return upright, read_strip(strip.turned(), quick_reader())


def _better_way(
    strip: Strip, upright: Reading, turned: Reading, bonus: float
) -> tuple[Reading, bool]:
    if turned is nothing and _may_be_turned(upright, bonus):
        turned = read_strip(strip.turned(), quick_reader())
    better = turned.confidence + bonus > upright.confidence
    return (turned, True) if better else (upright, False)


def _may_be_turned(upright: Reading, bonus: float) -> bool:
    if bonus == _most_turned:
        return not _tells_way(upright)
    return bonus > _mostly_upright and may_hold_code(upright.text)


def _line(
    pixels: Pixels, found: Found, strip: Strip, read_so: tuple[Reading, bool], is_stacked: bool
) -> Line | None:
    first, turned = read_so
    if not first.text or first.confidence < _readable:
        return None
    corners = strip.turned().corners if turned else strip.corners
    second = nothing
    if may_hold_code(first.text):
        second = with_chinese_of(first, _read_code(pixels, found, turned, is_stacked))
    a, b, c, d = ((round(float(x)), round(float(y))) for x, y in corners)
    return Line(
        text=first.text,
        box=Box((a, b, c, d)),
        confidence=round(first.confidence, 3),
        places=first.places,
        second=second.text,
        second_places=second.places,
    )


def _read_code(pixels: Pixels, found: Found, turned: bool, is_stacked: bool) -> Reading:
    """Return what the better reader reads, of several ways to look at the line the surest.

    `is_stacked` says that half a code stands right above or below, where it may go on.
    """
    strip = _cut(pixels, found, turned, _margin, _margin)
    best = read_strip(_gray(strip), code_reader())
    if not _whole.search(best.text) and _goes_beyond(best):
        strip = _cut(pixels, found, turned, _margin_wide, _margin_wide)
        best = read_strip(_gray(strip), code_reader())
    if _half.search(best.text) and not is_stacked:
        # what covers a code may part its line in two, or hide its first sign
        begun = bool(_opening.match(best.text))
        sides = (_margin, _margin_open) if begun else (_margin_open, _margin)
        longer = _cut(pixels, found, turned, *sides)
        whole = read_strip(_gray(longer), code_reader())
        if len(whole.text) > len(best.text) and not _half.search(whole.text):
            strip, best = longer, whole
    clearest = strip
    for seen in _other_ways(strip):
        if best.confidence >= _second_sure:
            break
        again = read_strip(seen, code_reader())
        agreed = _same_letters(again, best)
        if again.confidence > best.confidence:
            best, clearest = again, seen
        if agreed:
            break
    return with_case_seen(best, clearest) if best.confidence >= _second_readable else nothing


def _same_letters(one: Reading, other: Reading) -> bool:
    first, second = ("".join(_letter.findall(reading.text)) for reading in (one, other))
    return key_of(first) == key_of(second)


def _goes_beyond(reading: Reading) -> bool:
    """Whether letters stand beyond the box, which was found too short then."""
    return bool(reading.text) and (reading.places[0] <= 0 or reading.places[-1] >= places_whole)


def _cut(pixels: Pixels, found: Found, turned: bool, before: float, after: float) -> Strip:
    if turned:
        return cut_out(pixels, found, after, before).turned()
    return cut_out(pixels, found, before, after)


def _gray(strip: Strip) -> Strip:
    return strip._replace(pixels=_in_one_light(cv2.cvtColor(strip.pixels, cv2.COLOR_RGB2GRAY)))


def _other_ways(strip: Strip) -> Iterator[Strip]:
    """Yield the strip in its colours, without grain, then by red and by blue light.

    Grain goes by non-local means (Buades et al. 2005). A red stamp is hardly seen by red light,
    and a blue one hardly by blue.
    """
    yield strip
    smooth = cv2.fastNlMeansDenoising(_gray(strip).pixels[..., 0], None, *_grain)
    yield strip._replace(pixels=_in_one_light(smooth))
    for channel in (0, 2):
        yield strip._replace(pixels=_in_one_light(strip.pixels[..., channel]))


def _in_one_light(light: Any) -> Pixels:
    return np.repeat(np.asarray(light, np.uint8)[..., None], 3, 2)
