"""Hostile and odd files: decided, or refused with a reason, and never clean unseen."""

import struct
import zlib
from collections.abc import Callable
from typing import Any

import pytest
from PIL import Image

from kouling import Engine, Visibility, bundled_policy
from kouling.gate import Decision
from kouling.words import evidence_of
from tests.picture import samples
from tests.picture.samples import card, foreign_code, foreign_lines, png, saved
from tests.samples import item


@pytest.fixture
def policed(sqlite_engine: Engine) -> Engine:
    sqlite_engine.gate.policies.activate(bundled_policy("moments-2018"))
    return sqlite_engine


def gate(engine: Engine, picture: bytes) -> Decision:
    return engine.gate(item("1", "", pictures=(picture,)))


def why(decision: Decision) -> str:
    return " ".join(words for signal in decision.signals for words in evidence_of(signal))


def animated(form: str, **options: Any) -> bytes:
    frames = [Image.new("RGB", (60, 60), (number % 255, 0, 0)) for number in range(300)]
    return saved(frames[0], form, save_all=True, append_images=frames[1:], **options)


def gif(screen: tuple[int, int], frame: tuple[int, int]) -> bytes:
    """A few bytes of GIF that say they have so many pixels."""
    head = b"GIF89a" + struct.pack("<HH", *screen) + b"\x80\0\0" + b"\0\0\0\xff\xff\xff"
    return head + b"," + struct.pack("<HHHH", 0, 0, *frame) + b"\0\x02\x02\x4c\x01\0;"


def forged_jpeg() -> bytes:
    data = bytearray(saved(card("好"), "JPEG"))
    size = data.find(b"\xff\xc0") + 5
    data[size : size + 4] = struct.pack(">HH", 65_000, 65_000)
    return bytes(data)


def forged_webp() -> bytes:
    data = bytearray(saved(card("好"), "WEBP", lossless=True))
    size = data.find(b"VP8L") + 9
    data[size : size + 4] = b"\xff\xff\xff\xff"
    return bytes(data)


def many_scans() -> bytes:
    """A progressive JPEG whose last scan comes 2,000 times: a pass over all pixels each."""
    data = saved(Image.new("RGB", (2_000, 2_000), "#5a781e"), "JPEG", progressive=True)
    last = data.rfind(b"\xff\xda")
    return data[:-2] + 2_000 * data[last:-2] + data[-2:]


def profile_bomb() -> bytes:
    """A colour profile of 100 MB in a small PNG."""
    small, packer = png(8, 8), zlib.compressobj(9)
    data = b"".join(packer.compress(b"A" * 1_000_000) for _ in range(100)) + packer.flush()
    return small[:33] + samples._chunk(b"iCCP", b"k\0\0" + data) + small[33:]


too_large = "more than 40,000,000 pixels"
unknown = "it is none of JPEG, PNG, WEBP, GIF, AVIF"
bombs: dict[str, tuple[Callable[[], bytes], str]] = {
    "an animated PNG": (lambda: animated("PNG"), "only its first 5 frames"),
    "an animated WebP": (lambda: animated("WEBP", lossless=True), "only its first 5 frames"),
    "a JPEG's scans": (many_scans, "a JPEG of more than 64 scans"),
    "a GIF's screen": (lambda: gif((65_535, 65_535), (65_535, 65_535)), too_large),
    "a GIF's frame larger than its screen": (lambda: gif((10, 10), (65_535, 65_535)), too_large),
    "a JPEG's forged size": (forged_jpeg, too_large),
    "a WebP's forged size": (forged_webp, too_large),
    "a colour profile": (profile_bomb, "it can't be decoded"),
    "no pixels at all": (lambda: png(0, 0), unknown),
    "a JPEG's first bytes": (lambda: b"\xff\xd8\xff", unknown),
    "SVG behind a PNG's first bytes": (lambda: b"\x89PNG\r\n\x1a\n<svg/>", unknown),
    "a film": (lambda: b"\0\0\0\x18ftypmp42" + bytes(200), unknown),
    "an AVIF": (lambda: b"\0\0\0\x18ftypavif" + bytes(200), unknown),
    "an icon": (lambda: b"\0\0\1\0\1\0" + bytes(60), "it is ICO, which is not decoded"),
    "a PDF": (lambda: b"%PDF-1.4" + bytes(60), unknown),
    "an archive": (lambda: b"PK\3\4" + bytes(60), unknown),
    "NUL": (lambda: bytes(1_000), unknown),
}


@pytest.mark.parametrize("form", bombs)
def test_it_is_limited_with_the_reason_and_waits_for_review(policed: Engine, form: str) -> None:
    make, reason = bombs[form]

    decision = gate(policed, make())

    assert decision.visibility is Visibility.limit
    assert [said.rule for said in decision.review] == ["not-inspected"]
    assert reason in why(decision)


def far_down() -> bytes:
    """A code behind a score of tiles that are all alike."""
    image = Image.new("RGB", (720, 24_000), "#a01c1c")
    image.paste(card(*foreign_lines), (0, 22_000))
    return saved(image)


def far_right() -> bytes:
    image = Image.new("RGB", (24_000, 720), "#a01c1c")
    image.paste(card(*foreign_lines), (22_000, 0))
    return saved(image)


def long_and_full() -> bytes:
    """Print on 34 megapixels: more tiles than are looked at, and no two alike."""
    image = Image.new("RGB", (1_440, 24_000), "#a01c1c")
    for place in range(30):
        image.paste(card(f"第{place}条", *foreign_lines, side=800), (0, 800 * place))
    return saved(image, "JPEG")


def other_end(form: str) -> bytes:
    """A file that goes on after its picture."""
    return saved(card(*foreign_lines), form) + b"<script>PK\x03\x04%PDF-1.4"


def with_alpha(mode: str) -> bytes:
    return saved(card(*foreign_lines).convert(mode))


odd: dict[str, Callable[[], bytes]] = {
    "behind tiles that are all alike": far_down,
    "at the far right": far_right,
    "in a picture as large as may be": long_and_full,
    "a PNG that is something else, too": lambda: other_end("PNG"),
    "a GIF that is something else, too": lambda: other_end("GIF"),
    "a WebP that is something else, too": lambda: other_end("WEBP"),
    "grey with alpha": lambda: with_alpha("LA"),
    "one bit": lambda: saved(card(*foreign_lines, ground="black").convert("1")),
    "a palette": lambda: saved(card(*foreign_lines).quantize(16)),
    "CMYK as Adobe has it": lambda: saved(card(*foreign_lines).convert("CMYK"), "JPEG", quality=95),
    "progressive": lambda: saved(card(*foreign_lines), "JPEG", progressive=True),
    "interlaced": lambda: saved(card(*foreign_lines), "GIF", interlace=True),
}


@pytest.mark.parametrize("form", odd)
def test_a_code_is_seen_all_the_same(policed: Engine, form: str) -> None:
    decision = gate(policed, odd[form]())

    assert foreign_code in {signal.code for signal in decision.signals}, why(decision)


def test_what_has_more_to_see_than_is_looked_at_says_so(policed: Engine) -> None:
    noise = Image.effect_noise((300, 12_000), 90).convert("RGB")

    decision = gate(policed, saved(noise, "JPEG", quality=30))

    assert decision.rules == ("not-inspected",)
    assert "too large or too long for 12 views" in why(decision)


@pytest.mark.parametrize("size", [(20, 2_000_000), (2_000_000, 20), (1, 1), (39_999_999, 1)])
def test_a_picture_of_any_shape_is_decided(policed: Engine, size: tuple[int, int]) -> None:
    decision = gate(policed, png(*size))

    assert decision.visibility in (Visibility.allow, Visibility.limit)
    (*_, memory_mb) = policed.insight("pictures", decision.decided_at.date()).rows[1]
    assert isinstance(memory_mb, float)
    assert memory_mb < 600
