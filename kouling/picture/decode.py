"""Bytes become pixels, or a refusal that says why.

The format is told by content, never by name. Nothing is decoded before its size is known to be
bearable, and what was left out (frames, tiles) is told, so that it never passes as looked at.
Runs in a worker process only.
"""

from __future__ import annotations

import hashlib
import io
import warnings
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import Image, UnidentifiedImageError

from kouling.picture.form import form_of
from kouling.picture.gap import Gap, GapKind

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

tile_ratio_max = 2
"""How much longer than wide a view is; a longer picture is cut into several."""

views_max = 12
"""Views of one picture: its tiles, on each background, of each frame."""

legible_side_min = 8
"""Pixels of the shorter side in which anything could be read; a smaller picture has no views."""

overview_side = 512
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
_white, _black = (255, 255, 255, 255), (0, 0, 0, 255)
_strip_pixels = 2_000_000

Pixels = NDArray[np.uint8]


class Refused(Exception):
    """A picture is not looked at; its gap says why."""

    def __init__(self, kind: GapKind, about: str = "") -> None:
        self.gap = Gap(kind, about)
        super().__init__(str(self.gap))


class Pane(NamedTuple):
    """Pixels to look at, rows of RGB; the picture's pixel is `at` plus `scale` times the view's."""

    pixels: Pixels
    left: int
    top: int
    scale: float


class Decoded(NamedTuple):
    """A picture that was decoded: its upright size, what to look at, and what was left out.

    `overviews` are small, one of each frame that is looked at, on each background.
    """

    form: str
    width: int
    height: int
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
    width, height = image.size
    turns = _turns.get(_orientation(image), ())
    if image.format in ("JPEG", "MPO"):
        image.draft("RGB", _drafted(width, height))
    frames, whole = _frames(image)
    views: dict[bytes, Pane] = {}
    overviews: list[Pixels] = []
    for frame in frames:
        for background in _backgrounds(frame):
            flat = _turned(_flattened(frame, background), turns)
            _add_views(views, flat, width if not _swaps(turns) else height)
            flat.thumbnail((overview_side, overview_side), reducing_gap=2.0)
            overviews.append(np.asarray(flat))
    left_out = None if whole else Gap(GapKind.frames_left_out, str(frames_max))
    if len(views) > views_max:
        left_out = Gap(GapKind.views_left_out, str(views_max))
    if _swaps(turns):
        width, height = height, width
    form = "JPEG" if image.format == "MPO" else str(image.format)
    looked_at = tuple(views.values())[:views_max]
    return Decoded(form, width, height, looked_at, tuple(overviews), left_out)


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


def _flattened(frame: Image.Image, background: tuple[int, ...]) -> Image.Image:
    """Return the frame as RGB on a background, made smaller; strip by strip, to spare memory."""
    factor = max(1, min(frame.size) // side_max)
    width, height = frame.size
    rows = max(factor, _strip_pixels // max(1, width) // factor * factor)
    out = Image.new("RGB", (-(-width // factor), -(-height // factor)))
    for top in range(0, height, rows):
        strip = frame.crop((0, top, width, min(height, top + rows)))
        flat = _plain(strip, background)
        out.paste(flat.reduce(factor) if factor > 1 else flat, (0, top // factor))
    if min(out.size) > side_max:
        scale = side_max / min(out.size)
        size = (round(out.width * scale), round(out.height * scale))
        out = out.resize(size, Image.Resampling.BILINEAR)
    return out


def _plain(strip: Image.Image, background: tuple[int, ...]) -> Image.Image:
    if strip.mode.startswith("I") or strip.mode == "F":
        deep = np.asarray(strip, np.float64) / 257
        strip = Image.fromarray(np.clip(deep, 0, 255).astype(np.uint8))
    if not _has_alpha(strip):
        return strip.convert("RGB")
    ground = Image.new("RGBA", strip.size, background)
    ground.alpha_composite(strip.convert("RGBA"))
    return ground.convert("RGB")


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


def _add_views(views: dict[bytes, Pane], flat: Image.Image, width: int) -> None:
    """Add the tiles of a frame, each once by its pixels; beyond one too many none is added."""
    scale = width / flat.width
    tiles = _tiles(*flat.size) if min(flat.size) >= legible_side_min else ()
    for left, top, right, bottom in tiles:
        if len(views) > views_max:
            return
        pixels = np.asarray(flat.crop((left, top, right, bottom)))
        if min(pixels.shape[:2]) >= legible_side_min:
            view = Pane(pixels, round(left * scale), round(top * scale), scale)
            views.setdefault(hashlib.sha256(pixels.tobytes()).digest(), view)


def _tiles(width: int, height: int) -> Iterator[tuple[int, int, int, int]]:
    """Cut along the longer side; neighbours overlap, so that no line of text is cut in all."""
    short, long = sorted((width, height))
    reach = short * tile_ratio_max
    step = max(1, reach - max(1, short // 4))
    for start in range(0, max(1, long - (reach - step)), step) if long > reach else (0,):
        end = min(long, start + reach)
        yield (start, 0, end, height) if width > height else (0, start, width, end)
