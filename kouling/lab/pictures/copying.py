"""What is done to a known picture so that it looks new: the edits of near-duplicates."""

from __future__ import annotations

import cv2
import numpy as np
from PIL import Image, ImageDraw

from kouling.lab.pictures.bending import Matrix, moved
from kouling.lab.pictures.chance import Chance
from kouling.lab.pictures.fonts import font
from kouling.lab.pictures.photos import Colour, Pixels
from kouling.lab.pictures.scene import Sample
from kouling.lab.pictures.spoiling import saved_as_jpeg

screen_width, screen_height = 1080, 2160
crop_share = 0.1


def resize(chance: Chance, sample: Sample) -> Sample:
    """A third to three quarters of its size."""
    return scaled(sample, chance.number(0.34, 0.75))


def jpeg_again(chance: Chance, sample: Sample) -> Sample:
    """Saved as JPEG of quality 15 to 40."""
    return sample._replace(picture=saved_as_jpeg(sample.picture, chance.integer(15, 40)))


def crop(chance: Chance, sample: Sample) -> Sample:
    """A tenth of width and height cut away, somewhere at the edges."""
    height, width = sample.picture.shape[:2]
    left = round(width * crop_share * chance.number())
    top = round(height * crop_share * chance.number())
    wide, high = round(width * (1 - crop_share)), round(height * (1 - crop_share))
    picture = np.ascontiguousarray(sample.picture[top : top + high, left : left + wide])
    return sample._replace(picture=picture, box=moved(sample.box, _shift(-left, -top)))


def border(chance: Chance, sample: Sample) -> Sample:
    """A frame of one colour around it, 4 to 10 hundredths wide."""
    height, width = sample.picture.shape[:2]
    edge = round(min(height, width) * chance.number(0.04, 0.1))
    paint = chance.pick(((255, 255, 255), (0, 0, 0), (200, 30, 40)))
    size = (width + 2 * edge, height + 2 * edge)
    return _placed(sample, _canvas(*size, paint), edge, edge)


def overlay(chance: Chance, sample: Sample) -> Sample:
    """A line of text and a coloured sign put over it."""
    sheet = Image.fromarray(sample.picture)
    pen, size = ImageDraw.Draw(sheet), max(12, sheet.height // 24)
    place = (sheet.width / 2, sheet.height * chance.number(0.1, 0.9))
    text = chance.pick(("好物分享", "仅供内部", "转发有礼", "限时三天"))
    paint = chance.pick(((255, 230, 0), (255, 255, 255), (0, 220, 255)))
    pen.text(place, text, paint, font(size), "mm", stroke_width=3, stroke_fill=(0, 0, 0))
    side = round(min(sheet.size) * chance.number(0.15, 0.25))
    left = chance.pick((10, sheet.width - side - 10))
    top = chance.pick((10, sheet.height - side - 10))
    pen.ellipse((left, top, left + side, top + side), fill=paint, outline=(60, 60, 60), width=6)
    return sample._replace(picture=np.asarray(sheet, np.uint8).copy())


def screenshot(chance: Chance, sample: Sample) -> Sample:
    """Shown on a phone, with bars above and below, and a picture of that taken."""
    scale = screen_width / sample.picture.shape[1]
    if sample.picture.shape[0] * scale > screen_height - 400:
        scale = (screen_height - 400) / sample.picture.shape[0]
    shown = scaled(sample, scale)
    shade = chance.pick((0, 18, 245, 255))
    canvas = _canvas(screen_width, screen_height, (shade, shade, shade))
    ink = (230, 230, 230) if shade < 100 else (30, 30, 30)
    sheet = Image.fromarray(canvas)
    pen = ImageDraw.Draw(sheet)
    pen.text((50, 40), f"{chance.integer(8, 22)}:{chance.integer(10, 59)}", ink, font(40))
    pen.text((screen_width / 2, 140), chance.pick(("图片", "相册", "聊天")), ink, font(44), "mm")
    pen.text((screen_width / 2, screen_height - 100), "编辑   保存   更多", ink, font(44), "mm")
    left = (screen_width - shown.picture.shape[1]) // 2
    top = (screen_height - shown.picture.shape[0]) // 2
    return _placed(shown, np.asarray(sheet, np.uint8).copy(), left, top)


def mirrored(_: Chance, sample: Sample) -> Sample:
    """Left for right."""
    matrix = np.asarray([(-1, 0, sample.picture.shape[1]), (0, 1, 0), (0, 0, 1)], np.float32)
    picture = np.ascontiguousarray(sample.picture[:, ::-1])
    return sample._replace(picture=picture, box=moved(sample.box, matrix))


def scaled(sample: Sample, scale: float) -> Sample:
    """Return the sample larger or smaller."""
    height, width = sample.picture.shape[:2]
    size = (max(16, round(width * scale)), max(16, round(height * scale)))
    way = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    picture = np.asarray(cv2.resize(sample.picture, size, interpolation=way), np.uint8)
    matrix = np.diag([size[0] / width, size[1] / height, 1]).astype(np.float32)
    return sample._replace(picture=picture, box=moved(sample.box, matrix))


def _placed(sample: Sample, canvas: Pixels, left: int, top: int) -> Sample:
    height, width = sample.picture.shape[:2]
    canvas[top : top + height, left : left + width] = sample.picture
    return sample._replace(picture=canvas, box=moved(sample.box, _shift(left, top)))


def _shift(left: float, top: float) -> Matrix:
    return np.asarray([(1, 0, left), (0, 1, top), (0, 0, 1)], np.float32)


def _canvas(width: int, height: int, paint: Colour) -> Pixels:
    return np.full((height, width, 3), paint, np.uint8)
