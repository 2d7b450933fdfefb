"""Random bytes become numbers, choices and fields of noise; the same bytes, the same draws."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from kouling.ids import RandomBytes, random_bytes

Field = NDArray[np.float32]

_T = TypeVar("_T")
_bytes_summed = 4
"""Evenly spread bytes whose sum stands for a normal number: enough for grain in a picture."""


class Chance:
    """Draws from one source of random bytes."""

    def __init__(self, random: RandomBytes) -> None:
        self._random = random

    def number(self, low: float = 0.0, high: float = 1.0) -> float:
        """Return a number from `low` up to, not including, `high`."""
        return low + (high - low) * int.from_bytes(self._random(4), "big") / 2**32

    def integer(self, low: int, high: int) -> int:
        """Return a whole number from `low` to `high`, both included."""
        return low + int.from_bytes(self._random(8), "big") % (high - low + 1)

    def sign(self) -> int:
        """Return 1 or -1."""
        return self.pick((1, -1))

    def likely(self, share: float) -> bool:
        """Say yes in about this share of all calls."""
        return self.number() < share

    def pick(self, choices: Sequence[_T]) -> _T:
        """Return one of the choices."""
        return choices[self.integer(0, len(choices) - 1)]

    def text(self, letters: str, length: int) -> str:
        """Return so many of the letters."""
        return "".join(self.pick(letters) for _ in range(length))

    def field(self, *shape: int) -> Field:
        """Return an array of numbers from 0 to 1."""
        count = int(np.prod(shape))
        drawn = np.frombuffer(self._random(2 * count), np.uint16).astype(np.float32)
        return np.asarray(drawn / 65_536, np.float32).reshape(shape)

    def grain(self, *shape: int) -> Field:
        """Return an array of about normal numbers: mean 0, deviation 1."""
        count = int(np.prod(shape))
        drawn = np.frombuffer(self._random(_bytes_summed * count), np.uint8)
        summed = drawn.reshape(_bytes_summed, count).sum(0, dtype=np.float32)
        deviation = float(np.sqrt(_bytes_summed * (256**2 - 1) / 12))
        return np.asarray((summed - _bytes_summed * 127.5) / deviation, np.float32).reshape(shape)


def chance_of(seed: int, *names: object) -> Chance:
    """Return draws of their own for whatever the names tell apart under one seed."""
    return Chance(random_bytes(crc32(" ".join(map(str, (seed, *names))).encode())))
