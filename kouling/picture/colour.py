"""Pixels as viewers show them: a file may say that its numbers mean other colours than sRGB's.

An opened picture comes in, the ways to make sRGB of its colours go out: as browsers do, by its ICC
profile or, in a PNG, by its gamma and primaries. Where the plain numbers look otherwise they are a
second way, since some viewers don't convert. What can't be worked out is refused.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from itertools import product

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageCms

from kouling.picture.gap import Gap, GapKind

differs_min = 40
"""Steps of brightness, of 255, from which on colours and plain numbers are looked at apart."""

Convert = Callable[[Image.Image], Image.Image]
"""Makes RGB as sRGB of a picture's colours, whose mode is RGB, L or CMYK."""

_modes = {"RGB": "RGB", "GRAY": "L", "CMYK": "CMYK"}
_primaries = ((0.64, 0.33), (0.30, 0.60), (0.15, 0.06))
_white = (0.3127, 0.3290)
# Of ITU-T H.273: transfers as of television and sRGB; primaries of these and of Display P3.
_usual_transfers, _usual_primaries = {1, 2, 6, 13, 14, 15}, {1, 2, 5, 6, 12}
_gamma_usual = 0.45455  # of a file whose numbers are as in sRGB, nearly
_gamma_near = 0.02
_steps = (0, 51, 102, 153, 204, 255)


class ColoursUnknown(Exception):
    """A picture's colours can't be worked out; its gap says why."""

    def __init__(self, about: str) -> None:
        self.gap = Gap(GapKind.colours_unknown, about)
        super().__init__(str(self.gap))


def conversions(image: Image.Image, data: bytes) -> tuple[Convert, ...]:
    """Return the ways to look at a picture's colours; raise `ColoursUnknown` if it can't be told.

    `data` is the file that the picture was opened from.
    """
    _check_codes(image.format or "", data)
    shown = _by_profile(image) or _by_gamma(image)
    if shown is None:
        return (plain,)
    return (shown, plain) if _differs(shown, _mode_of(image)) else (shown,)


def plain(colours: Image.Image) -> Image.Image:
    """Return the colours as their plain numbers say."""
    return colours.convert("RGB")


def _check_codes(form: str, data: bytes) -> None:
    """Raise `ColoursUnknown` for colours that are named by numbers, unless they are usual ones."""
    for kind, mark, size in (("AVIF", b"colrnclx", 2), ("PNG", b"cICP", 1)):
        if form != kind or mark not in (head := data[: data.find(b"IDAT")] if size == 1 else data):
            continue
        at = head.index(mark) + len(mark)
        primaries, transfer = (
            int.from_bytes(head[at + place * size : at + (place + 1) * size], "big")
            for place in (0, 1)
        )
        if primaries not in _usual_primaries or transfer not in _usual_transfers:
            raise ColoursUnknown(f"{mark[-4:].decode()} {primaries}/{transfer}")


def _mode_of(image: Image.Image) -> str:
    if image.mode in ("CMYK", "L", "LA", "1") or image.mode.startswith("I"):
        return image.mode if image.mode == "CMYK" else "L"
    return "RGB"


def _by_profile(image: Image.Image) -> Convert | None:
    """Return the way that a picture's ICC profile says, None if it has none that is for it."""
    profile = image.info.get("icc_profile")
    if not profile:
        return None
    try:
        theirs = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        wanted = _modes.get(theirs.profile.xcolor_space.strip(), "")
        if wanted == "RGB" or wanted == _mode_of(image):
            change = ImageCms.buildTransform(theirs, ImageCms.createProfile("sRGB"), wanted, "RGB")
            return lambda colours: _changed(colours.convert(wanted), change)
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
        raise ColoursUnknown("ICC") from None
    if wanted:
        return None  # a profile for gray in a coloured picture, or the like: browsers pass it over
    raise ColoursUnknown("ICC")


def _changed(colours: Image.Image, change: ImageCms.ImageCmsTransform) -> Image.Image:
    made = ImageCms.applyTransform(colours, change)
    assert made is not None  # it is, unless the picture is to be changed in place
    return made


def _by_gamma(image: Image.Image) -> Convert | None:
    """Return the way that a PNG's gamma and primaries say."""
    gamma, places = image.info.get("gamma"), image.info.get("chromaticity")
    if "srgb" in image.info or not gamma:
        return None
    matrix = _to_srgb(places) if places else np.eye(3)
    if matrix is None:
        raise ColoursUnknown("cHRM")
    is_usual = abs(gamma - _gamma_usual) < _gamma_near and np.abs(matrix - np.eye(3)).max() < 0.05
    if is_usual:
        return None
    linear = (np.arange(256) / 255) ** (1 / gamma)
    return lambda colours: _through(colours.convert("RGB"), linear, matrix)


def _through(
    colours: Image.Image, linear: NDArray[np.float64], matrix: NDArray[np.float64]
) -> Image.Image:
    light = np.clip(linear.astype(np.float32)[np.asarray(colours)] @ matrix.T, 0, 1)
    shown = np.where(light <= 0.0031308, 12.92 * light, 1.055 * light ** (1 / 2.4) - 0.055)
    return Image.fromarray(np.rint(255 * shown).astype(np.uint8))


def _to_srgb(places: tuple[float, ...]) -> NDArray[np.float64] | None:
    """Return the matrix from a PNG's primaries to those of sRGB, None for impossible ones."""
    white, *others = zip(places[::2], places[1::2], strict=True)
    try:
        made: NDArray[np.float64] = np.linalg.inv(_to_xyz(_primaries, _white)) @ _to_xyz(
            others, white
        )
    except (np.linalg.LinAlgError, ZeroDivisionError):
        return None
    # White stays white, as eyes do when they get used to it (von Kries, 1902).
    made = made / (made @ np.ones(3))[:, None]
    return made if np.isfinite(made).all() else None


def _to_xyz(
    primaries: Sequence[tuple[float, float]], white: tuple[float, float]
) -> NDArray[np.float64]:
    columns = np.array([(x / y, 1.0, (1 - x - y) / y) for x, y in primaries]).T
    at = np.array([white[0] / white[1], 1.0, (1 - white[0] - white[1]) / white[1]])
    return columns * np.linalg.solve(columns, at)


def _differs(shown: Convert, mode: str) -> bool:
    """Whether a way of conversion makes any colour much brighter or darker than it plainly is."""
    colours = np.array(list(product(_steps, repeat=len(mode) if mode != "L" else 1)), np.uint8)
    sample = Image.fromarray(colours[None] if mode != "L" else colours.T, mode)
    bright = (np.asarray(way(sample).convert("L"), np.int16) for way in (shown, plain))
    return int(np.abs(np.subtract(*bright)).max()) >= differs_min
