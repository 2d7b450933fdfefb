"""Disguises of what is written: the scene is changed and drawn anew."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from kouling.lab.pictures.chance import Chance
from kouling.lab.pictures.draw import drawn_again
from kouling.lab.pictures.fonts import font
from kouling.lab.pictures.photos import Colour, Pixels, colour
from kouling.lab.pictures.scene import Block, Element, Sample, Scene, Square, Writing

bubble_right = 980
"""Where the bubble of a disguised code ends at least, in pixels from the left."""


def spaced_letters(chance: Chance, sample: Sample) -> Sample:
    """The characters of the code stand apart by up to six tenths of their height."""
    spread = chance.number(0.25, 0.6)
    return _code_changed(sample, lambda line: (line._replace(spread=_fitting(line, spread)),))


def curved_text(chance: Chance, sample: Sample) -> Sample:
    """The line of the code is an arch or a bowl."""
    bend = chance.sign() * chance.number(0.4, 1.1)
    return _code_changed(sample, lambda line: (line._replace(bend=bend * line.size),))


def two_lines(chance: Chance, sample: Sample) -> Sample:
    """The code is broken over two lines."""

    def halved(line: Writing) -> tuple[Writing, ...]:
        at = line.text.index(line.label) + len(line.label) // 2 + chance.integer(-2, 2)
        x, y = line.middle
        half = line.size * 0.62
        parts = ((line.text[:at], y - half), (line.text[at:], y + half))
        return tuple(
            line._replace(text=part, middle=(x, round(place)), label=_shared(part, line.label))
            for part, place in parts
        )

    return _code_changed(sample, halved)


def dark_mode(chance: Chance, sample: Sample) -> Sample:
    """Light letters on a dark ground; a QR code is dimmed, or white on black."""
    assert sample.scene is not None
    night = chance.integer(12, 40)
    ground = np.full_like(sample.scene.ground, night)
    swapped, dim = chance.likely(0.5), chance.integer(110, 190)

    def darkened(element: Element) -> tuple[Element, ...]:
        if isinstance(element, Writing):
            return (element._replace(ink=_light_of(chance, element), outline=None),)
        if isinstance(element, Block):
            return (element._replace(fill=_dark_of(element.fill)),)
        if isinstance(element, Square):
            light, dark = ((18, 18, 20), (220, 220, 220)) if swapped else ((dim,) * 3, (10, 10, 12))
            return (element._replace(light=light, dark=dark),)
        return (element,)

    return _pieces_changed(sample, darkened, ground)


def no_quiet_zone(chance: Chance, sample: Sample) -> Sample:
    """A QR code without its white margin, on colour, with a bar that touches it."""
    paint = colour(chance, 30, 200)

    def bare(element: Element) -> tuple[Element, ...]:
        if not isinstance(element, Square):
            return (element,)
        x, y = element.corner
        around = (x - 60, y - 60, x + element.side + 60, y + element.side + 60)
        left = x + chance.integer(0, element.side // 2)
        bar = (left, y - 50, left + element.side // 3, y - 1)
        return (Block(around, paint), Block(bar, (25, 25, 25)), element._replace(quiet=0))

    return _pieces_changed(sample, bare)


def logo_over_qr(chance: Chance, sample: Sample) -> Sample:
    """A sign covers the middle of the QR code, whose error correction is the highest."""
    return _square_changed(
        sample, lambda one: one._replace(level="h", logo=chance.number(0.2, 0.27))
    )


def round_modules(chance: Chance, sample: Sample) -> Sample:
    """The modules of the QR code are dots, in colour."""
    dark = colour(chance, 0, 90)
    return _square_changed(
        sample, lambda one: one._replace(level=chance.pick("mqh"), dots=True, dark=dark)
    )


def _fitting(line: Writing, wanted: float) -> float:
    """Return how far letters may stand apart so that the line stays in the picture."""
    room = 960 - font(line.size).getlength(line.text) - (line.middle[0] if line.left else 0)
    return max(0.0, min(wanted, room / (len(line.label) * line.size)))


def _shared(part: str, label: str) -> str:
    """Return the longest part of the label that begins or ends this part of its line."""
    for length in range(len(label), 0, -1):
        if part.endswith(label[:length]):
            return label[:length]
        if part.startswith(label[-length:]):
            return label[-length:]
    return ""


def _light_of(chance: Chance, line: Writing) -> Colour:
    light = chance.integer(165, 240)
    return (light, light, light) if not line.label else (light, light, chance.integer(120, 240))


def _dark_of(fill: Colour) -> Colour:
    """Return a dark colour of the same hue."""
    return (fill[0] // 5 + 8, fill[1] // 5 + 8, fill[2] // 5 + 8)


def _code_changed(sample: Sample, change: Callable[[Writing], tuple[Writing, ...]]) -> Sample:
    """Change the line of the code, which in a chat first gets a line of its own."""
    assert sample.scene is not None
    elements = _set_apart(sample.scene.elements)
    return _pieces_changed(
        sample._replace(scene=sample.scene._replace(elements=elements)),
        lambda one: change(one) if isinstance(one, Writing) and one.label else (one,),
    )


def _set_apart(elements: tuple[Element, ...]) -> tuple[Element, ...]:
    """Put a chat's code on a line of its own, with room around it; what is below moves down."""
    line = next(one for one in elements if isinstance(one, Writing) and one.label)
    if not line.left:
        return elements
    x, y = line.middle
    drop, room = round(2.5 * line.size), round(3.7 * line.size)
    before = line._replace(text=line.text[: line.text.index(line.label)].rstrip(), label="")
    alone = line._replace(text=line.label, middle=(x, y + drop))

    def moved(element: Element) -> Element:
        if isinstance(element, Writing) and element.middle[1] > y:
            return element._replace(middle=(element.middle[0], element.middle[1] + room))
        if isinstance(element, Block):
            left, top, right, bottom = element.box
            if top > y:
                return element._replace(box=(left, top + room, right, bottom + room))
            if left <= x < right and bottom > y:
                return element._replace(box=(left, top, max(right, bubble_right), bottom + room))
        return element

    return tuple(
        new for one in elements for new in ((before, alone) if one is line else (moved(one),))
    )


def _square_changed(sample: Sample, change: Callable[[Square], Square]) -> Sample:
    return _pieces_changed(sample, lambda one: (change(one) if isinstance(one, Square) else one,))


def _pieces_changed(
    sample: Sample,
    change: Callable[[Element], tuple[Element, ...]],
    ground: Pixels | None = None,
) -> Sample:
    assert sample.scene is not None
    elements = tuple(new for element in sample.scene.elements for new in change(element))
    scene = Scene(sample.scene.ground if ground is None else ground, elements)
    return drawn_again(sample, scene)
