"""A picture as an item carries it: its bytes, with the digest by which it is kept and compared."""

from __future__ import annotations

import hashlib
from functools import cached_property


class Picture(bytes):
    """The bytes of a picture, made at the gate's door; their digest is worked out once."""

    @cached_property
    def sha256(self) -> str:
        """The digest in hexadecimal."""
        return hashlib.sha256(self).hexdigest()

    @classmethod
    def kept(cls, data: bytes, sha256: str) -> Picture:
        """Return a picture that was kept under its digest."""
        picture = cls(data)
        picture.sha256 = sha256
        return picture


def digest_of(picture: bytes) -> str:
    """Return the digest of a picture, which one from the gate's door remembers."""
    return picture.sha256 if isinstance(picture, Picture) else hashlib.sha256(picture).hexdigest()
