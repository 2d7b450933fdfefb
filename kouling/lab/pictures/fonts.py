"""A size comes in, a font goes out: Noto Sans CJK, whose licence is the SIL Open Font License 1.1.

It lies in an installed package, which is looked up and not imported. The second face, for Latin
letters and digits alone, is the one that Pillow carries: Aileron, in the public domain.
"""

from __future__ import annotations

import enum
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

from PIL import ImageFont

from kouling.errors import KoulingError

font_package = "cvttf_NotoSansCJK_Regular"
sizes_kept_max = 256


class Face(enum.StrEnum):
    """How letters look: `noto` has all characters, `aileron` Latin letters and digits."""

    noto = "noto"
    aileron = "aileron"


@lru_cache(sizes_kept_max)
def font(size: int, face: Face = Face.noto) -> ImageFont.FreeTypeFont:
    """Return a font of this size in pixels; raise `KoulingError` if its package is missing."""
    if face is Face.aileron:
        found = ImageFont.load_default(size)
        if isinstance(found, ImageFont.FreeTypeFont):
            return found
    return ImageFont.truetype(font_file(), size)


def font_for(sign: str, size: int, face: Face) -> ImageFont.FreeTypeFont:
    """Return the font for one character: of the face if that has it, else Noto Sans CJK."""
    known = sign.isascii() and sign.isalnum()
    return font(size, face if known else Face.noto)


@lru_cache(1)
def font_file() -> Path:
    """Return where the package keeps the font."""
    spec = find_spec(font_package)
    for folder in (spec.submodule_search_locations or ()) if spec else ():
        for file in sorted(Path(folder).glob("*.otf")):
            return file
    hint = "install it with: pip install 'kouling[pictures]'"
    raise KoulingError("the font Noto Sans CJK is not installed", hint=hint)
