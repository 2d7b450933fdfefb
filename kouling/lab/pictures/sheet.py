"""Small pictures come in by disguise, one contact sheet goes out as PNG.

Where the code or QR code is, a frame is drawn: green if it was found, red if it was missed.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence

import cv2
import numpy as np
from PIL import Image, ImageDraw

from kouling.lab.pictures.bending import moved
from kouling.lab.pictures.fonts import font
from kouling.lab.pictures.photos import Pixels
from kouling.lab.pictures.scene import Sample

cell = 180
"""Pixels of a small picture's longer side."""

gap = 8
title_width = 190
found_colour = (20, 160, 60)
missed_colour = (220, 30, 40)
ground_colour = (246, 247, 249)
text_colour = (29, 36, 48)


def thumbnail(sample: Sample, found: bool) -> Pixels:
    """Return a sample small, with a frame around what was to be found in it."""
    height, width = sample.picture.shape[:2]
    scale = cell / max(height, width)
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    small = np.asarray(cv2.resize(sample.picture, size, interpolation=cv2.INTER_AREA), np.uint8)
    paint = found_colour if found else missed_colour
    matrix = np.diag([scale, scale, 1.0]).astype(np.float32)
    box = moved(sample.box, matrix)
    if box is None:
        cv2.rectangle(small, (0, 0), (size[0] - 1, size[1] - 1), paint, 2)
    else:
        cv2.polylines(small, [np.round(box).astype(np.int32)], True, paint, 2, cv2.LINE_AA)
    return small


def contact_sheet(rows: Mapping[str, Sequence[Pixels]]) -> bytes:
    """Return a PNG with a row of small pictures for each disguise."""
    columns = max((len(row) for row in rows.values()), default=0)
    size = (title_width + columns * (cell + gap) + gap, len(rows) * (cell + gap) + gap)
    sheet = Image.new("RGB", size, ground_colour)
    pen = ImageDraw.Draw(sheet)
    for place, (name, pictures) in enumerate(rows.items()):
        top = gap + place * (cell + gap)
        pen.text((gap, top + cell // 2), name.replace("+", "+\n"), text_colour, font(17), "lm")
        for column, picture in enumerate(pictures):
            left = title_width + column * (cell + gap)
            sheet.paste(Image.fromarray(picture), (left, top))
    file = io.BytesIO()
    sheet.save(file, "PNG", optimize=True)
    return file.getvalue()
