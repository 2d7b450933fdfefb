"""Bytes become pixels, or a refusal that says why.

The format is told by content, never by name. Nothing is decoded before its size is known to be
bearable, and what was left out (frames, tiles) is told, so that it never passes as looked at.
Runs in a worker process only.
"""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterator
from itertools import product
from typing import NamedTuple

import numpy as np
from PIL import Image, UnidentifiedImageError

from kouling.picture.colour import ColoursUnknown, Convert, conversions
from kouling.picture.form import form_of
from kouling.picture.gap import Gap, GapKind
from kouling.picture.views import Pane, Pixels, Views, views_max

formats = ("JPEG", "PNG", "WEBP", "GIF", "AVIF")
"""What is decoded; anything else is refused."""

pixels_max = 40_000_000
"""Pixels of one frame."""

scans_max = 64
"""Scans of a JPEG, each of which is a pass over all its pixels; a progressive one has about 10."""

frames_max = 5
"""Frames of an animation that are looked at."""

side_max = 1_440
"""Pixels of the shorter side; a larger picture is made smaller."""

overview_side = 960
"""Pixels of the longer side of an overview, from which the fingerprint is taken."""

_scan_marker = b"\xff\xda"  # coded pixels never hold it
_orientation_tag = 0x0112
_turns = {
    2: (Image.Transpose.FLIP_LEFT_RIGHT,),
    3: (Image.Transpose.ROTATE_180,),
    4: (Image.Transpose.FLIP_TOP_BOTTOM,),
    5: (Image.Transpose.TRANSPOSE,),
    6: (Image.Transpose.ROTATE_270,),
    7: (Image.Transpose.TRANSVERSE,),
    8: (Image.Transpose.ROTATE_90,),
}
_white, _black = (255, 255, 255), (0, 0, 0)
_png_bits_at = 24  # where the bits of one channel stand
_strip_pixels = 2_000_000


class Refused(Exception):
    """A picture is not looked at; its gap says why."""

    def __init__(self, kind: GapKind, about: str = "") -> None:
        self.gap = Gap(kind, about)
        super().__init__(str(self.gap))


class Decoded(NamedTuple):
    """A picture that was decoded: its upright size, what to look at, and what was left out.

    `overviews` are small, one of each frame that is looked at, on each background. Print is looked
    for in `views`, barcodes in `sections`, which are larger; `first` is the first frame as a whole.
    """

    form: str
    width: int
    height: int
    first: Pane
    sections: tuple[Pane, ...]
    views: tuple[Pane, ...]
    overviews: tuple[Pixels, ...]
    left_out: Gap | None


def decode(data: bytes) -> Decoded:
    """Decode a picture; raise `Refused` for what can't be or must not be decoded."""
    Image.MAX_IMAGE_PIXELS = pixels_max
    with warnings.catch_warnings():
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        try:
            return _decoded(data)
        except (Image.DecompressionBombWarning, Image.DecompressionBombError):
            raise Refused(GapKind.pixels_exceeded, f"{pixels_max:,}") from None
        except Refused:
            raise
        except ColoursUnknown as unknown:
            raise Refused(unknown.gap.kind, unknown.gap.about) from None
        except MemoryError:
            raise Refused(GapKind.memory_short) from None
        except Exception as error:
            # Decoders raise whatever they like at broken bytes: all of it means unreadable.
            raise Refused(GapKind.undecodable, type(error).__name__) from None


def _decoded(data: bytes) -> Decoded:
    try:
        image = Image.open(io.BytesIO(data), formats=formats)
    except UnidentifiedImageError:
        raise _unknown(data) from None
    if image.width * image.height > pixels_max:
        raise Refused(GapKind.pixels_exceeded, f"{pixels_max:,}")
    if image.format in ("JPEG", "MPO") and data.count(_scan_marker) > scans_max:
        raise Refused(GapKind.scans_exceeded, str(scans_max))
    _check_transparency(image, data)
    ways = conversions(image, data)
    width, height = image.size
    turns = _turns.get(_orientation(image), ())
    if image.format in ("JPEG", "MPO"):
        image.draft("RGB", _drafted(width, height))
    frames, whole = _frames(image)
    if _swaps(turns):
        width, height = height, width
    views, overviews = Views(width, height), list[Pixels]()
    for frame in frames:
        for background, way in product(_backgrounds(frame), ways):
            flat = _turned(_flattened(frame, background, way), turns)
            views.add(np.asarray(flat))
            flat.thumbnail((overview_side, overview_side), reducing_gap=2.0)
            overviews.append(np.asarray(flat))
    left_out = None if whole else Gap(GapKind.frames_left_out, str(frames_max))
    if views.is_cut:
        left_out = Gap(GapKind.views_left_out, str(views_max))
    form = "JPEG" if image.format == "MPO" else str(image.format)
    assert views.first is not None
    panes = (views.first, tuple(views.sections), views.told)
    return Decoded(form, width, height, *panes, tuple(overviews), left_out)


def _unknown(data: bytes) -> Refused:
    form = form_of(data)
    if form and form not in formats:
        return Refused(GapKind.other_format, form)
    return Refused(GapKind.unknown_format, ", ".join(formats))


def _orientation(image: Image.Image) -> int:
    """Return how the picture is turned, the one thing that is read of its EXIF data."""
    try:
        value = image.getexif().get(_orientation_tag, 1)
    except Exception:  # Broken EXIF data turns nothing, as in every viewer.
        return 1
    return value if isinstance(value, int) else 1


def _drafted(width: int, height: int) -> tuple[int, int]:
    """Return the size that a JPEG may be decoded at, which it does by halves."""
    factor = max(1.0, min(width, height) / side_max)
    return int(width / factor), int(height / factor)


def _frames(image: Image.Image) -> tuple[Iterator[Image.Image], bool]:
    """Return the frames to look at and whether these are all."""
    count = getattr(image, "n_frames", 1) if image.format != "MPO" else 1
    bearable = max(1, min(frames_max, pixels_max // max(1, image.width * image.height)))
    return _sought(image, min(count, bearable)), count <= bearable


def _sought(image: Image.Image, count: int) -> Iterator[Image.Image]:
    for number in range(count):
        if number:
            image.seek(number)
        image.load()
        yield image


def _backgrounds(frame: Image.Image) -> tuple[tuple[int, ...], ...]:
    """Return what to lay the frame on: text can hide in what is transparent."""
    if not _has_alpha(frame):
        return (_white,)
    alpha = frame.getchannel("A") if "A" in frame.getbands() else None
    if alpha is not None and alpha.getextrema()[0] == 255:
        return (_white,)
    return (_white, _black)


def _has_alpha(frame: Image.Image) -> bool:
    return "A" in frame.getbands() or "a" in frame.getbands() or "transparency" in frame.info


def _check_transparency(image: Image.Image, data: bytes) -> None:
    """Give the shade of a PNG that is transparent the depth of the pixels it is compared with.

    Raises `Refused` for one of 16 bits in colour: half of them are gone when it is decoded.
    """
    if image.format != "PNG" or not isinstance(image.info.get("transparency"), (int, tuple)):
        return
    bits = data[_png_bits_at]
    if image.mode == "RGB" and bits == 16:
        raise Refused(GapKind.colours_unknown, "tRNS")
    if image.mode == "L" and bits < 8:
        image.info["transparency"] = image.info["transparency"] * 255 // (2**bits - 1)


def _flattened(frame: Image.Image, background: tuple[int, ...], way: Convert) -> Image.Image:
    """Return the frame as RGB on a background, made smaller; strip by strip, to spare memory."""
    factor = max(1, min(frame.size) // side_max)
    width, height = frame.size
    rows = max(factor, _strip_pixels // max(1, width) // factor * factor)
    out = Image.new("RGB", (-(-width // factor), -(-height // factor)))
    for top in range(0, height, rows):
        strip = frame.crop((0, top, width, min(height, top + rows)))
        flat = _laid_on(strip, background, way)
        out.paste(flat.reduce(factor) if factor > 1 else flat, (0, top // factor))
    if min(out.size) > side_max:
        scale = side_max / min(out.size)
        size = (round(out.width * scale), round(out.height * scale))
        out = out.resize(size, Image.Resampling.BILINEAR)
    return out


def _laid_on(strip: Image.Image, background: tuple[int, ...], way: Convert) -> Image.Image:
    alpha = None
    if strip.mode.startswith("I") or strip.mode == "F":
        deep = np.asarray(strip, np.float64)
        if (clear := strip.info.get("transparency")) is not None:
            alpha = Image.fromarray(np.where(deep == clear, 0, 255).astype(np.uint8))
        strip = Image.fromarray(np.clip(deep / 257, 0, 255).astype(np.uint8))
    elif _has_alpha(strip):
        strip = strip.convert("RGBA")
        alpha = strip.getchannel("A")
        strip = strip.convert("RGB")
    elif strip.mode not in ("RGB", "L", "CMYK"):
        strip = strip.convert("RGB")
    colours = way(strip)
    if alpha is None:
        return colours
    ground = Image.new("RGB", strip.size, background)
    ground.paste(colours, mask=alpha)
    return ground


def _turned(image: Image.Image, turns: tuple[Image.Transpose, ...]) -> Image.Image:
    for turn in turns:
        image = image.transpose(turn)
    return image


def _swaps(turns: tuple[Image.Transpose, ...]) -> bool:
    """Whether a turn makes width of height."""
    upright = (
        Image.Transpose.FLIP_LEFT_RIGHT,
        Image.Transpose.ROTATE_180,
        Image.Transpose.FLIP_TOP_BOTTOM,
    )
    return any(turn not in upright for turn in turns)
