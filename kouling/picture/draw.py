"""A picture with the boxes of its signals drawn in, as PNG, for people who check a decision.

Runs in a worker process only, since it needs the pixels.
"""

from __future__ import annotations

import io
from collections.abc import Sequence

from PIL import Image, ImageDraw, ImageFont

from kouling.picture.decode import Decoded
from kouling.picture.message import Caption

_red, _paper = (214, 34, 34), (255, 255, 255)
_caption_max = 120


def draw(picture: Decoded, marks: Sequence[Caption]) -> bytes:
    """Return the picture as PNG with a frame and a caption for each mark.

    A mark whose box has no width is written at the foot of the picture.
    """
    canvas, scale = _canvas(picture)
    width = max(2, round(max(canvas.size) / 300))
    font = ImageFont.load_default(max(12, min(canvas.size) // 32))
    feet = [mark for mark in marks if mark.box[0] >= mark.box[2]]
    canvas = _with_foot(canvas, [mark.text for mark in feet], font)
    pen = ImageDraw.Draw(canvas)
    for mark in marks:
        if mark not in feet:
            left, top, right, bottom = (round(side / scale) for side in mark.box)
            pen.rectangle((left, top, right, max(top, bottom)), outline=_red, width=width)
            _write(pen, mark.text, (left, max(0, top - round(_size(font) * 1.3))), font)
    out = io.BytesIO()
    canvas.save(out, "PNG")
    return out.getvalue()


def _canvas(picture: Decoded) -> tuple[Image.Image, float]:
    """Return the first frame, and by how much it is smaller than the picture."""
    return Image.fromarray(picture.first.pixels), picture.first.scale


def _with_foot(
    canvas: Image.Image, texts: Sequence[str], font: ImageFont.FreeTypeFont | ImageFont.ImageFont
) -> Image.Image:
    height = round(_size(font) * 1.4)
    longer = Image.new("RGB", (canvas.width, canvas.height + height * len(texts)), _paper)
    longer.paste(canvas, (0, 0))
    pen = ImageDraw.Draw(longer)
    for number, text in enumerate(texts):
        _write(pen, text, (4, canvas.height + number * height), font)
    return longer


def _write(
    pen: ImageDraw.ImageDraw,
    text: str,
    place: tuple[int, int],
    font: ImageFont.FreeTypeFont | ImageFont.ImageFont,
) -> None:
    shown = text.encode("ascii", "replace").decode()[:_caption_max]
    pen.rectangle(pen.textbbox(place, shown, font=font), fill=_paper)
    pen.text(place, shown, fill=_red, font=font)


def _size(font: ImageFont.FreeTypeFont | ImageFont.ImageFont) -> float:
    return font.size if isinstance(font, ImageFont.FreeTypeFont) else 12
