"""What a picture of the laboratory shows, before it is drawn: lines of text, a QR code, blocks.

A disguise of the writing changes the scene and has it drawn anew; one of the picture changes
only pixels. So both kinds can be put on together.
"""

from __future__ import annotations

import enum
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from kouling.lab.pictures.fonts import Face
from kouling.lab.pictures.photos import Colour, Pixels

Corners = NDArray[np.float32]
"""Four points, x and y in pixels, clockwise from the upper left one as it was drawn."""


class Motif(enum.StrEnum):
    """What a picture is; the last two carry nothing."""

    share_card = "share_card"
    red_packet = "red_packet"
    chat = "chat"
    qr_poster = "qr_poster"
    chat_qr = "chat_qr"
    clean = "clean"
    photo = "photo"


class Writing(NamedTuple):
    """One line of text; `label` is the part of it that is the share code, if any.

    `middle` is the middle of the line, or of its left edge where `left` is set. `spread` puts so
    many letter heights between the characters of the label; `bend` is the rise of the middle of
    the line over its ends, in pixels.
    """

    text: str
    middle: tuple[int, int]
    size: int
    ink: Colour
    label: str = ""
    face: Face = Face.noto
    bold: bool = False
    left: bool = False
    outline: Colour | None = None
    spread: float = 0.0
    bend: float = 0.0


class Square(NamedTuple):
    """A QR code: its upper left corner and side in pixels, quiet zone included."""

    payload: str
    corner: tuple[int, int]
    side: int
    dark: Colour = (0, 0, 0)
    light: Colour = (255, 255, 255)
    level: str = "m"
    quiet: int = 4
    dots: bool = False
    logo: float = 0.0


class Block(NamedTuple):
    """A rectangle with round corners, or an ellipse if `round` is negative."""

    box: tuple[int, int, int, int]
    fill: Colour
    round: int = 0


class Inset(NamedTuple):
    """A picture in the picture."""

    corner: tuple[int, int]
    picture: Pixels


Element = Writing | Square | Block | Inset


class Scene(NamedTuple):
    """A ground and what lies on it, the later over the earlier."""

    ground: Pixels
    elements: tuple[Element, ...]


class Sample(NamedTuple):
    """A drawn picture and what is to be found in it.

    `code` is the share code without its delimiters, `written` the same with them, `payload` what
    the QR code carries; a picture has one of the two, or none. `box` holds its corners.
    """

    picture: Pixels
    kind: Motif
    style: str
    code: str = ""
    written: str = ""
    payload: str = ""
    box: Corners | None = None
    scene: Scene | None = None
