"""Disguises that write the letters and digits of a code with other characters."""

from __future__ import annotations

import re

from kouling.ids import RandomBytes
from kouling.lab import alphabets
from kouling.lab.alphabets import Alphabet
from kouling.lab.snippets import Role, Snippets, each, label_roles, pick, written_roles

_neighbours = re.compile("([\U0001f1e6-\U0001f1ff])(?=[\U0001f1e6-\U0001f1ff])")


def written_in(_: RandomBytes, snippets: Snippets, *, alphabet: Alphabet) -> Snippets:
    """Write a code in another alphabet, as far as that goes."""

    def written(text: str) -> str:
        return "".join(alphabet.get(character, character) for character in text)

    return each(snippets, written_roles, written)


def written_in_capitals(_: RandomBytes, snippets: Snippets, *, alphabet: Alphabet) -> Snippets:
    """Write a code in an alphabet of capitals; a host has no case, so all of it is written so."""
    whole = {capital.lower(): sign for capital, sign in alphabet.items()} | alphabet
    hosts = frozenset({Role.scheme, Role.host})
    snippets = each(snippets, hosts, lambda text: "".join(whole.get(sign, sign) for sign in text))
    return written_in(_, snippets, alphabet=alphabet)


def full_width(_: RandomBytes, snippets: Snippets) -> Snippets:
    """The whole code, delimiters and slashes too, in full-width characters."""
    wide = alphabets.full_width
    return each(snippets, label_roles, lambda text: "".join(wide.get(sign, sign) for sign in text))


def squared(random: RandomBytes, snippets: Snippets) -> Snippets:
    """Capitals, and the letters of a host, in white or black squares: 🄰 🅰."""
    alphabet = pick(random, (alphabets.squared, alphabets.squared_black))
    return written_in_capitals(random, snippets, alphabet=alphabet)


def regional_indicator(random: RandomBytes, snippets: Snippets) -> Snippets:
    """Capitals, and the letters of a host, as flag letters, kept apart so that no flag shows."""
    flags = alphabets.regional_indicator
    written = written_in_capitals(random, snippets, alphabet=flags)
    return each(written, label_roles, lambda text: _neighbours.sub("\\1\u200b", text))


def chinese_digits(random: RandomBytes, snippets: Snippets) -> Snippets:
    """Digits as Chinese numerals, everyday (三) or a banker's (叁)."""
    alphabet = pick(random, (alphabets.chinese_digits, alphabets.banker_digits))
    return written_in(random, snippets, alphabet=alphabet)


def mixed_alphabets(random: RandomBytes, snippets: Snippets) -> Snippets:
    """Every character in an alphabet of its own: bold, circled, full-width, Cyrillic."""

    def mixed(text: str) -> str:
        return "".join(
            pick(random, alphabets.alphabets_mixed).get(character, character)
            if character in alphabets.latin
            else character
            for character in text
        )

    return each(snippets, written_roles, mixed)
