"""How much a run of letters and digits looks like it was drawn at random.

A token comes in, evidence comes out. The trick is a likelihood ratio: in
words, names and models, letters follow each other in known ways and runs of one kind are long;
in a random token every letter is as likely as any other, and so is a change of kind.
"""

from __future__ import annotations

import re
import string
from functools import cache
from importlib.resources import files
from operator import add

from kouling.gate.evidence import Evidence, EvidenceKind

token_length_min = 6
"""Characters of the shortest token that is weighed."""

token_length_max = 24
"""Characters of the longest."""

_lower, _upper, _digit, _start = range(4)

# What a change of kind adds, in log-odds for random: rows from lower case, upper case, a digit,
# the start; columns to lower case, upper case, a digit. Counted like letter_pairs.txt.
_kind_pairs = (
    (-0.72, 1.32, 1.68),
    (-0.57, 0.87, 0.64),
    (1.22, 2.79, -1.66),
    (1.41, 0.09, -1.16),
)

_changes = re.compile(r"[a-z](?=[A-Z0-9])|[0-9](?=[A-Za-z])|[A-Z](?=[0-9])|[A-Z](?=[A-Z][a-z])")
_words = re.compile(r"[A-Z]?[a-z]{2,}|[A-Z]{3,}")
_vowel = re.compile(r"[aeiouAEIOU]")


def shape_of(token: str, known_lengths: frozenset[int]) -> Evidence:
    """Return how much a token looks like a share code; negative for words and numbers."""
    kinds = _kinds(token)
    return Evidence(_named(kinds), _weight(token, kinds, known_lengths), str(len(token)))


def _weight(token: str, kinds: set[int], known_lengths: frozenset[int]) -> float:
    length = len(token)
    if len(kinds) < 2:
        return -0.9
    weight = min(2.1, max(-0.9, 0.3 + 0.3 * randomness(token)))
    if len(kinds) == 2 and _digit in kinds:
        # Models, sizes and serial numbers are of one case and digits.
        weight = min(weight, 0.6)
    if length < 8:
        return min(weight, 1.1)
    return weight + (0.3 if length in known_lengths else 0.0)


def randomness(token: str) -> float:
    """Return the log-odds that a token was drawn at random rather than written by someone."""
    first, steps = _steps()
    return first[token[0]] + sum(map(steps.__getitem__, map(add, token, token[1:])))


def is_opaque(segment: str) -> bool:
    """Say whether a path segment looks like an identifier that nobody chose."""
    letters = re.sub(r"[^A-Za-z0-9]", "", segment)
    if not 5 <= len(letters) <= 64 or len(_kinds(letters)) < 2:
        return False
    if randomness(letters) >= 4:
        return True
    changes = len(_changes.findall(letters))
    return changes >= 2 and changes / (len(letters) - 1) >= 0.16 and _wordiness(letters) <= 0.6


def _wordiness(token: str) -> float:
    """Return the share of a token that could be parts of words, such as Mac and Book."""
    words = [word for word in _words.findall(token) if len(word) >= 3 and _vowel.search(word)]
    return sum(map(len, words)) / len(token)


def _kinds(token: str) -> set[int]:
    """Return which kinds of characters a run of letters and digits has."""
    kinds = set() if token.isalpha() else {_digit}
    if token.upper() != token:
        kinds.add(_lower)
    if token.lower() != token:
        kinds.add(_upper)
    return kinds


def _kind(character: str) -> int:
    return _digit if character <= "9" else _upper if character <= "Z" else _lower


def _named(kinds: set[int]) -> EvidenceKind:
    if kinds == {_digit}:
        return EvidenceKind.digits
    if _digit not in kinds:
        return EvidenceKind.both_cases if len(kinds) == 2 else EvidenceKind.one_case
    return EvidenceKind.every_kind if len(kinds) == 3 else EvidenceKind.letters_and_digits


@cache
def _steps() -> tuple[dict[str, float], dict[str, float]]:
    """Return what a first character adds, and what each two that follow each other do."""
    characters = string.ascii_letters + string.digits
    first = {each: _step(_start, 26, each) for each in characters}
    steps = {
        before + each: _step(_kind(before), _letter(before), each)
        for before in characters
        for each in characters
    }
    return first, steps


def _step(before: int, letter_before: int, character: str) -> float:
    """Return what a character adds behind one of such a kind, and such a letter if it is one."""
    kind = _kind(character)
    weight = _kind_pairs[before][kind]
    if kind == _digit:
        return weight
    starts_word = before == _lower and kind == _upper
    return weight - _letter_pairs()[26 if starts_word else letter_before][_letter(character)]


def _letter(character: str) -> int:
    """Return the place of a letter in the alphabet, 26 for a digit."""
    return ord(character.lower()) - 97 if character.isalpha() else 26


@cache
def _letter_pairs() -> tuple[tuple[float, ...], ...]:
    """Return how much likelier letters follow each other in words, as natural logarithms."""
    text = files("kouling.gate.text").joinpath("letter_pairs.txt").read_text("ascii")
    rows = [line for line in text.splitlines() if not line.startswith("#")]
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdef"
    return tuple(tuple((alphabet.index(mark) - 20) / 4 for mark in row) for row in rows)
