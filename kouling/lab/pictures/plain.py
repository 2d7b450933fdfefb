"""Lines of text come in, a card that shows them comes out: red, with a golden frame."""

from __future__ import annotations

import io
from collections.abc import Sequence

from PIL import Image, ImageDraw

from kouling.lab.pictures.fonts import font

width, height = 720, 480
first_line, line_height, left = 90, 100, 60
letter_size = 34


def drawn_card(lines: Sequence[str]) -> bytes:
    """Return a card as PNG; raise `KoulingError` if the font is missing."""
    sheet = Image.new("RGB", (width, height), "#a01c1c")
    pen, face = ImageDraw.Draw(sheet), font(letter_size)
    pen.rectangle((20, 20, width - 20, height - 20), outline="#e0b040", width=6)
    for number, line in enumerate(lines):
        pen.text((left, first_line + line_height * number), line, font=face, fill="white")
    out = io.BytesIO()
    sheet.save(out, "PNG")
    return out.getvalue()
