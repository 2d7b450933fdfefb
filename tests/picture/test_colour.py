"""Print that only a viewer which converts colours shows, and print that only another one does."""

import struct
import zlib

import numpy as np
import pytest
from PIL import Image, ImageCms, ImageDraw

from kouling.picture.decode import Refused, decode
from tests.picture.samples import _chunk, font, saved

size = (400, 120)


def shape() -> np.ndarray:
    """Where the print is."""
    mask = Image.new("L", size, 0)
    ImageDraw.Draw(mask).text((20, 40), "￥t7Xk2bQm9Ra￥", font=font(34), fill=255)
    return np.asarray(mask) > 127


def contrast(data: bytes) -> int:
    """Return how much print and ground differ in the view that shows most."""
    inside, most = shape(), 0
    for view in decode(data).views:
        gray = view.pixels.mean(2)[24:-24, 24:-24]
        most = max(most, int(abs(gray[inside].mean() - gray[~inside].mean())))
    return most


def png(bits: int, colour: int, rows: np.ndarray, *chunks: tuple[bytes, bytes]) -> bytes:
    """A PNG of these samples, with chunks before its pixels."""
    kind = ">u2" if bits == 16 else "u1"
    height, width = rows.shape[:2]
    if bits == 4:
        rows = rows[:, ::2] * 16 + rows[:, 1::2]
    lines = rows.astype(kind).reshape(height, -1)
    packed = b"".join(b"\0" + line.tobytes() for line in lines)
    head = struct.pack(">IIBBBBB", width, height, bits, colour, 0, 0, 0)
    body = [(b"IHDR", head), *chunks, (b"IDAT", zlib.compress(packed)), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(*one) for one in body)


def two(print_: int, ground: int) -> np.ndarray:
    return np.where(shape(), print_, ground)


def curved(gamma: float) -> bytes:
    """An ICC profile for gray or colour whose numbers have another gamma."""
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    tags = struct.unpack(">I", profile[128:132])[0]
    for at in range(132, 132 + 12 * tags, 12):
        name, offset, _ = struct.unpack(">4sII", profile[at : at + 12])
        if name in (b"rTRC", b"gTRC", b"bTRC"):
            profile[offset : offset + 14] = struct.pack(">4sIIH", b"curv", 0, 1, int(gamma * 256))
    return bytes(profile)


gamma = (b"gAMA", struct.pack(">I", 1_500_000))
shown_by_a_browser = {
    "gamma": png(8, 0, two(6, 0), gamma),
    "gamma in colour": png(8, 2, np.repeat(two(6, 0)[..., None], 3, 2), gamma),
    "16 bits with a shade that is clear": png(
        16, 0, two(30_001, 30_000), (b"tRNS", struct.pack(">H", 30_000))
    ),
    "4 bits with a shade that is clear": png(4, 0, two(9, 8), (b"tRNS", struct.pack(">H", 9))),
}


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_an_icc_profile_is_followed(form: str) -> None:
    picture = Image.fromarray(np.repeat(two(6, 0)[..., None], 3, 2).astype(np.uint8))
    options = {"lossless": True} if form == "WEBP" else {"quality": 100} if form == "JPEG" else {}
    assert contrast(saved(picture, form, icc_profile=curved(0.3), **options)) > 60


@pytest.mark.parametrize("name", shown_by_a_browser)
def test_what_a_browser_shows_is_seen(name: str) -> None:
    assert contrast(shown_by_a_browser[name]) > 60


def test_what_a_viewer_shows_that_does_not_convert_is_seen_too() -> None:
    picture = Image.fromarray(np.repeat(two(120, 60)[..., None], 3, 2).astype(np.uint8))
    assert contrast(saved(picture, icc_profile=curved(25))) >= 59


def test_a_usual_profile_costs_no_second_look() -> None:
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    picture = Image.fromarray(two(200, 20).astype(np.uint8)).convert("RGB")
    assert len(decode(saved(picture, icc_profile=srgb)).views) == 1


@pytest.mark.parametrize(
    ("data", "about"),
    [
        (png(16, 2, np.zeros((30, 30, 3)), (b"tRNS", bytes(6))), "tRNS"),
        (png(8, 2, np.zeros((30, 30, 3)), (b"cICP", bytes((9, 16, 0, 1)))), "cICP 9/16"),
        (saved(Image.new("RGB", (30, 30)), icc_profile=b"no profile"), "ICC"),
        (png(8, 2, np.zeros((30, 30, 3)), gamma, (b"cHRM", bytes(32))), "cHRM"),
    ],
)
def test_colours_that_can_not_be_worked_out_are_refused(data: bytes, about: str) -> None:
    with pytest.raises(Refused, match=f"colours unknown: {about}"):
        decode(data)
