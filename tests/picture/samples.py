"""Pictures that tests of the gate share: cards with print, codes, and hostile files."""

import io
import struct
import zlib
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw, ImageFont

foreign_code = "t7Xk2bQm9Ra"
foreign_lines = ("真丝连衣裙 限时优惠", f"复制这段描述 ￥{foreign_code}￥", "后打开手机淘宝")


@cache
def font(size: int) -> Any:
    folder = Path(import_module("cvttf_NotoSansCJK_Regular").__file__ or "").parent
    return ImageFont.truetype(str(next(folder.glob("*.otf"))), size)


def card(*lines: str, side: int = 720, ground: str = "#a01c1c", ink: str = "white") -> Image.Image:
    image = Image.new("RGB", (side, side), ground)
    pen = ImageDraw.Draw(image)
    pen.rectangle((20, 20, side - 20, side - 20), outline="#e0b040", width=6)
    for number, line in enumerate(lines):
        pen.text((60, 140 + 90 * number), line, font=font(32), fill=ink)
    return image


def saved(image: Image.Image, form: str = "PNG", **options: Any) -> bytes:
    out = io.BytesIO()
    image.save(out, form, **options)
    return out.getvalue()


def png(width: int, height: int, rows: int | None = None) -> bytes:
    """A tiny PNG file that says it has so many pixels of one bit."""
    packer = zlib.compressobj(9)
    row = b"\0" * (1 + (width + 7) // 8)
    data = b"".join(packer.compress(row) for _ in range(height if rows is None else rows))
    head = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    body = [(b"IHDR", head), (b"IDAT", data + packer.flush()), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(*chunk) for chunk in body)


def _chunk(kind: bytes, data: bytes) -> bytes:
    checksum = zlib.crc32(kind + data)
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", checksum)
