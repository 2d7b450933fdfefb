"""Letters that look alike when they are read from a picture, and the codes that they may stand for.

A reader can't tell 0 from O or 1 from l in most fonts. A code of a key ring is found by trying the
few codes that a reading may stand for, since its tag tells the right one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import islice, product
from typing import TypeVar

from kouling.mint import code_alphabet
from kouling.picture import alike_letters

variants_max = 512
"""Codes tried for one reading; the chance that a wrong one passes a tag is 2^-24 each."""

tokens_max = 24
"""Readings tried in one picture."""

code_length = 11

_like = {letter: group for group in alike_letters for letter in group}
_gaps = re.compile(r"[\s.·・_\-]+")
_token = re.compile(rf"[A-Za-z0-9]{{{code_length}}}")
_wrapped = re.compile(r"[￥¥€$£](?=\d*[A-Za-z])[A-Za-z0-9]{8,16}[￥¥€$£]")
_run = re.compile(r"[A-Za-z0-9]{6,}")

Found = TypeVar("Found")


def tokens_in(text: str) -> Iterator[str]:
    """Yield the runs of letters and digits that may be codes: those with a digit or mixed case."""
    for match in _run.finditer(_gaps.sub("", text)):
        token = match.group()
        if any(c.isdigit() for c in token) or not (token.islower() or token.isupper()):
            yield token


def wrapped_in(text: str) -> Iterator[str]:
    """Yield the runs of letters and digits between two signs, each with these: ￥a1B2c3D4￥."""
    for match in _wrapped.finditer(_gaps.sub("", text)):
        if next(tokens_in(match.group()), ""):
            yield match.group()


def likely(text: str, known: Callable[[str], Found | None]) -> Iterator[tuple[str, Found]]:
    """Yield the codes that a text read from a picture may hold and that `known` knows."""
    for place in _token.finditer(f"{text} {_gaps.sub('', text)}"):
        for code in islice(variants_of(place.group()), variants_max):
            found = known(code)
            if found is not None:
                yield code, found
                break


def variants_of(reading: str) -> Iterator[str]:
    """Yield what a reading may stand for in the alphabet of our codes, itself first."""
    choices = [_choices(letter) for letter in reading]
    for letters in product(*choices):
        yield "".join(letters)


def _choices(letter: str) -> list[str]:
    group = _like.get(letter, letter)
    ordered = [letter, *(other for other in group if other != letter)]
    return [other for other in ordered if other in code_alphabet]
