"""Broken pictures for the gate's workers: each is decided or refused, and none takes long.

Small pictures of every kind are made and then broken: bytes changed, cut, doubled, two files put
together, sizes in headers forged with a right checksum. A seed gives the same bytes again.

    python -m fuzz.pictures --count 10000

It ends with an error if a worker died or took too long, or took more memory than promised.
"""

from __future__ import annotations

import argparse
import io
import json
import random
import struct
import sys
import time
import zlib
from collections import Counter
from functools import cache

from PIL import Image, ImageCms, ImageDraw

from kouling.picture.message import Question
from kouling.picture.pool import Lost, Pool

memory_mb_max = 600
"""Megabytes that a worker may take."""

lines_every = 10
"""Every so manieth picture is also read."""

side = 96


def broken(seed: int) -> bytes:
    """Return a broken picture; the same for the same seed."""
    chance = random.Random(seed)
    data = bytearray(chance.choice(whole_pictures()))
    for _ in range(chance.choice((1, 1, 2, 4, 16))):
        chance.choice((_flip, _flip, _noise, _cut, _repeat, _join, _forge))(data, chance)
    return bytes(data) or b"\0"


@cache
def whole_pictures() -> tuple[bytes, ...]:
    """Return one small picture of every kind that is decoded, and some that are refused."""
    image = Image.radial_gradient("L").resize((side, side)).convert("RGB")
    ImageDraw.Draw(image).text((8, 40), "a1B2c3D4", fill="white")
    clear = image.convert("RGBA")
    clear.putalpha(Image.linear_gradient("L").resize((side, side)))
    frames = [image.rotate(30 * turn) for turn in range(4)]
    exif = Image.Exif()
    exif[0x0112] = 6
    several = {"save_all": True, "append_images": frames}
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    return (
        _saved(image, "JPEG", quality=80, exif=exif),
        _saved(image, "JPEG", quality=30, progressive=True),
        _saved(image, "JPEG", icc_profile=profile),
        _saved(image, "PNG", icc_profile=profile),
        _saved(image, "AVIF", quality=50),
        _saved(image, "AVIF", **several),
        _saved(image.convert("CMYK"), "JPEG"),
        _saved(image, "PNG"),
        _saved(clear, "PNG"),
        _saved(image.convert("L").convert("I;16"), "PNG"),
        _saved(image.quantize(16), "PNG", transparency=3),
        _saved(image, "WEBP", quality=70),
        _saved(clear, "WEBP", lossless=True),
        _saved(image, "GIF"),
        _saved(image, "GIF", **several),
        _saved(image, "PNG", **several),
        _saved(image, "WEBP", **several),
        _saved(image, "BMP"),
        b'<svg xmlns="http://www.w3.org/2000/svg"><text>a1B2c3D4</text></svg>',
    )


def _saved(image: Image.Image, form: str, **options: object) -> bytes:
    out = io.BytesIO()
    image.save(out, form, **options)
    return out.getvalue()


def _flip(data: bytearray, chance: random.Random) -> None:
    for _ in range(chance.choice((1, 2, 8))):
        if data:
            data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)


def _noise(data: bytearray, chance: random.Random) -> None:
    place = chance.randrange(len(data) + 1)
    data[place : place + chance.randrange(16)] = chance.randbytes(chance.randrange(16))


def _cut(data: bytearray, chance: random.Random) -> None:
    del data[chance.randrange(len(data) + 1) :]


def _repeat(data: bytearray, chance: random.Random) -> None:
    start, end = sorted(chance.randrange(len(data) + 1) for _ in range(2))
    data[end:end] = data[start:end] * chance.choice((1, 3))


def _join(data: bytearray, chance: random.Random) -> None:
    other = chance.choice(whole_pictures())
    place = chance.choice((0, len(data), chance.randrange(len(data) + 1)))
    data[place:place] = other


def _forge(data: bytearray, chance: random.Random) -> None:
    """Write another size into a PNG's or GIF's header, with the checksum that belongs to it."""
    width, height = (chance.choice((0, 1, 97, 6_000, 65_535, 2**31 - 1)) for _ in range(2))
    if data[:8] == b"\x89PNG\r\n\x1a\n" and len(data) > 33:
        data[16:24] = struct.pack(">II", width, height)
        data[29:33] = struct.pack(">I", zlib.crc32(data[12:29]))
    elif data[:3] == b"GIF" and len(data) > 10:
        data[6:10] = struct.pack("<HH", width % 65_536, height % 65_536)


def look(pool: Pool, data: bytes, *, lines: bool) -> tuple[str, float]:
    """Climb the whole ladder; return what came of it and the worker's peak in megabytes."""
    steps = ["open", "imprint", "barcodes", *(["lines"] if lines else [])]
    outcome, memory = "looked at", 0.0
    try:
        with pool.session() as session:
            for step in steps:
                answer = session.ask(Question(step=step, picture=data, lines_max=40))
                memory = max(memory, answer.cost.memory_mb)
                if answer.refused:
                    outcome = "refused" if step == "open" else f"{step}: {answer.refused}"
                    break
                data = b""
    except Lost as lost:
        outcome = f"lost: {lost}"
    return outcome, memory


def main() -> None:
    """Look at many broken pictures and print what came of them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    outcomes: Counter[str] = Counter()
    most, slowest = 0.0, 0.0
    pool = Pool(1)
    for number in range(options.count):
        began = time.perf_counter()
        outcome, memory = look(pool, broken(options.seed + number), lines=number % lines_every == 0)
        took = time.perf_counter() - began
        outcomes[outcome] += 1
        most, slowest = max(most, memory), max(slowest, took if number else 0.0)
    pool.close()
    report = {"outcomes": dict(outcomes), "memory_mb": most, "slowest_seconds": round(slowest, 2)}
    sys.stdout.write(json.dumps(report, indent=1) + "\n")
    if most > memory_mb_max or any(outcome.startswith("lost") for outcome in outcomes):
        sys.exit("error: a worker was lost or took more memory than promised")


if __name__ == "__main__":
    main()
