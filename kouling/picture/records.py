"""What readers find in a picture: barcodes and printed lines, each with the place of it.

Places are in whole pixels of the picture that was read, from its top-left corner.
"""

from __future__ import annotations

import msgspec

Point = tuple[int, int]

places_whole = 1_000
"""In how many parts a line's width is divided to say where its characters begin."""


class Box(msgspec.Struct, frozen=True):
    """Four corners, clockwise from where the text or barcode has its top left."""

    corners: tuple[Point, Point, Point, Point]

    def moved(self, left: float, top: float, scale: float) -> Box:
        """Return the box in the picture that its own was cut out of and made smaller."""
        a, b, c, d = ((round(left + scale * x), round(top + scale * y)) for x, y in self.corners)
        return Box((a, b, c, d))

    def bounds(self) -> tuple[int, int, int, int]:
        """Return left, top, right and bottom of the upright box around it."""
        across, down = zip(*self.corners, strict=True)
        return min(across), min(down), max(across), max(down)


class Barcode(msgspec.Struct, frozen=True, kw_only=True):
    """A QR code or other barcode: what it says, of which kind it is, and where.

    The text is empty where one is seen and can't be read.
    """

    text: str
    form: str
    box: Box


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """A printed line: how it was read, how surely, and where.

    `second` is the reading of the better reader, which knows only the letters of codes; it is
    asked for lines that may hold one and is empty otherwise. `places` and `second_places` say
    where each character begins, in thousandths of the line's width.
    """

    text: str
    box: Box
    confidence: float
    places: tuple[int, ...] = ()
    second: str = ""
    second_places: tuple[int, ...] = ()


def span_box(line: Line, start: int, end: int, *, second: bool = False) -> Box:
    """Return the box of characters `start` to `end` of a line, of its second reading if asked.

    Where the places are not known it is the box of the whole line.
    """
    places = line.second_places if second else line.places
    if not 0 <= start < end <= len(places):
        return line.box
    begins = places[start] / places_whole
    ends = places[end] / places_whole if end < len(places) else 1.0
    a, b, c, d = line.box.corners
    return Box(
        (_between(a, b, begins), _between(a, b, ends), _between(d, c, ends), _between(d, c, begins))
    )


def _between(one: Point, other: Point, part: float) -> Point:
    return (
        round(one[0] + (other[0] - one[0]) * part),
        round(one[1] + (other[1] - one[1]) * part),
    )
