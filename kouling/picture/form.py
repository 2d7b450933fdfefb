"""Which format a picture has, told by its first bytes and never by a name."""

from __future__ import annotations

head_length = 64
"""Bytes from the beginning of a file that tell its format."""

_starts = {
    b"\xff\xd8\xff": "JPEG",
    b"\x89PNG\r\n\x1a\n": "PNG",
    b"GIF8": "GIF",
    b"BM": "BMP",
    b"II*\0": "TIFF",
    b"MM\0*": "TIFF",
    b"\xff\x0a": "JPEG XL",
    b"\0\0\0\x0cJXL ": "JPEG XL",
    b"\0\0\0\x0cjP  ": "JPEG 2000",
    b"8BPS": "Photoshop",
    b"\0\0\1\0": "ICO",
}
_brands = {
    b"avif": "AVIF",
    b"avis": "AVIF",
    b"heic": "HEIC",
    b"heix": "HEIC",
    b"heim": "HEIC",
    b"heis": "HEIC",
    b"hevc": "HEIC",
    b"hevx": "HEIC",
    b"mif1": "HEIF",
    b"msf1": "HEIF",
}
_box_length = 4


def form_of(head: bytes) -> str:
    """Return the name of the format that a file begins like, empty for what is no picture."""
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "WEBP"
    if head[4:8] == b"ftyp":
        return _form_of_brands(head[:head_length])
    if _is_svg(head):
        return "SVG"
    return next((form for start, form in _starts.items() if head.startswith(start)), "")


def _form_of_brands(head: bytes) -> str:
    """Return what a file in boxes says that it is; a general name gives way to an exact one."""
    length = int.from_bytes(head[:4], "big")
    names = [head[at : at + _box_length] for at in (8, *range(16, min(length, len(head)), 4))]
    forms = [_brands[name] for name in names if name in _brands]
    return next((form for form in forms if form != "HEIF"), forms[0] if forms else "")


def _is_svg(head: bytes) -> bool:
    text = head[:head_length].removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    return text.startswith(b"<svg") or (
        text.startswith((b"<?xml", b"<!doctype")) and b"svg" in text
    )
