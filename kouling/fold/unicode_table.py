"""The vendored table of foldings.

`fold_table.txt` comes in, one `Layer` for each view goes out. The file is built by
`tools/build_fold_table.py` and is read once per process, when a text is first folded.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import NamedTuple

import numpy as np

from kouling.errors import InvalidInput
from kouling.fold.layer import CODE_POINTS, DROP, Codes, Layer

FORMAT_VERSION = 1
NEWLINE = 0x0A
REPLACEMENT = 0xFFFD
SURROGATES = slice(0xD800, 0xE000)


class Layers(NamedTuple):
    """The layers of the three views: `folded` reads original text, the others folded text."""

    folded: Layer
    compact: Layer
    digits: Layer


def table_version() -> str:
    """Return what the table was built from, such as `format 1, unicode 18.0.0, …`."""
    return ", ".join(f"{name} {version}" for name, version in _header().items())


@cache
def table() -> Layers:
    """Return the table; the first call in a process reads it (some 50 ms and 13 MB)."""
    if _header().get("format") != str(FORMAT_VERSION):
        raise InvalidInput(
            f"the folding table is not of format {FORMAT_VERSION}",
            hint="run tools/build_fold_table.py",
            where="kouling/fold/fold_table.txt",
        )
    sections = _sections()
    plain = np.arange(CODE_POINTS, dtype=np.uint32)
    plain[SURROGATES] = REPLACEMENT
    folded = _layer(plain, sections["[folded]"])
    kept = np.full(CODE_POINTS, DROP, dtype=np.uint32)
    for line in sections["[compact]"]:
        code_points = _ranges(line)
        kept[code_points] = code_points
    return Layers(folded, _layer(kept.copy(), []), _layer(kept, sections["[digits]"]))


def _layer(lut: Codes, lines: list[str]) -> Layer:
    """Return a layer that does what the lines of a section say, and else what `lut` says."""
    expansions: list[list[int]] = [[]]
    for line in lines:
        target, _, sources = line.partition(":")
        codes = [int(code, 16) for code in target.split()]
        if len(codes) > 1:
            lut[_ranges(sources)] = CODE_POINTS + len(expansions)
            expansions.append(codes)
        else:
            lut[_ranges(sources)] = codes[0] if codes else DROP
    # The newline is the joint between the texts of a batch, so it passes through every layer.
    # One inside a text has become a space before it gets here.
    lut[NEWLINE] = NEWLINE
    return Layer(lut, expansions)


def _ranges(text: str) -> list[int]:
    """Return the code points of ranges such as `41-5A 61`."""
    found = list[int]()
    for part in text.split():
        low, _, high = part.partition("-")
        found += range(int(low, 16), int(high or low, 16) + 1)
    return found


@cache
def _lines() -> list[str]:
    path = files("kouling.fold").joinpath("fold_table.txt")
    return path.read_text("ascii").splitlines()


@cache
def _header() -> dict[str, str]:
    """Return the versions that stand at the head of the table."""
    head = [line[2:].partition(": ") for line in _lines() if line.startswith("# ")]
    return {name: value for name, _, value in head if value[:1].isdigit()}


def _sections() -> dict[str, list[str]]:
    """Return the lines below each heading in square brackets."""
    found: dict[str, list[str]] = {}
    heading = ""
    for line in _lines():
        if line.startswith("["):
            heading = line
            found[heading] = []
        elif heading:
            found[heading].append(line)
    return found
