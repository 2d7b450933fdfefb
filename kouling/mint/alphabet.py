"""Base 58: 64-bit numbers as 11 characters that nobody confuses when reading them aloud.

The alphabet leaves out 0, O, I and l. Every number below 2^64 has exactly one text of 11
characters, and every other text of 11 characters is refused.
"""

from __future__ import annotations

from collections.abc import Iterator

code_alphabet = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
"""The 58 characters, in the order of their values (as Bitcoin's Base58 has them)."""

code_length = 11
"""Characters in a share code: the fewest that hold 64 bits in base 58."""

number_max = (1 << 64) - 1
"""The largest number that a code stands for."""

_values = {character: value for value, character in enumerate(code_alphabet)}


def write_number(number: int) -> str:
    """Return the 11 characters for a number from 0 to 2^64 - 1."""
    assert 0 <= number <= number_max, number
    characters = []
    for _ in range(code_length):
        number, value = divmod(number, 58)
        characters.append(code_alphabet[value])
    return "".join(reversed(characters))


def read_number(text: str) -> int | None:
    """Return the number that 11 characters stand for, or None if they stand for none."""
    if len(text) != code_length:
        return None
    number = 0
    for character in text:
        value = _values.get(character)
        if value is None:
            return None
        number = number * 58 + value
    return number if number <= number_max else None


def numbers_in(run: str) -> Iterator[int]:
    """Give the number that each 11 in a row of base-58 characters stand for, or would."""
    number, highest = 0, 58 ** (code_length - 1)
    values = [_values[character] for character in run]
    for place, value in enumerate(values):
        if place >= code_length:
            number -= values[place - code_length] * highest
        number = number * 58 + value
        if place >= code_length - 1:
            yield number
