"""What stands for a picture that is there and could not be had, so that it never looks clean."""

from __future__ import annotations

_mark = b"kouling: no picture at "
"""What no picture begins with."""


def absent_picture(reference: str) -> bytes:
    """Return what stands in the place of a picture that could not be had.

    `reference` says where it would be: two of them are not taken for copies of each other.
    """
    return _mark + reference.encode("utf-8", "replace")


def is_absent(picture: bytes) -> bool:
    """Whether bytes stand for a picture that could not be had."""
    return picture.startswith(_mark)
