"""Disguises that put something between the characters of a code, seen or unseen."""

from __future__ import annotations

from kouling.ids import RandomBytes
from kouling.lab.snippets import (
    Role,
    Snippets,
    between,
    label_roles,
    link_roles,
    pick,
    written_roles,
)

zero_widths = ("\u200b", "\u200c", "\u200d", "\u2060", "\ufeff")
bidi_marks = ("\u200e", "\u200f", "\u061c", "\u202a", "\u202d", "\u202c", "\u2066", "\u2069")
combining_marks = ("\u0301", "\u0308", "\u0323", "\u0332", "\u0335", "\u0336", "\u0338", "\u20dd")
emoji = ("🍎", "🐱", "🌸", "🔥", "😂", "🎈", "👍", "❤️", "👨‍👩‍👧", "👋🏽")
han_fillers = tuple("我爱你中国的好天气真不错啊哈嘿")
hangul_fillers = ("\u3164", "\u115f", "\u1160", "\uffa0")

url_characters = frozenset("./-_~*")
"""Separators that a link may itself contain; put into one, nobody could take them out again."""


def separated(_: RandomBytes, snippets: Snippets, *, separator: str, every: int = 1) -> Snippets:
    """Put a separator between the characters of a code; of a link, behind its scheme."""
    roles = {Role.core} if separator in url_characters else written_roles - {Role.scheme}
    return between(snippets, frozenset(roles), lambda: separator, every)


def invisible(_: RandomBytes, snippets: Snippets, *, filler: str, every: int = 1) -> Snippets:
    """Put a character that is not seen between all characters of a code."""
    return between(snippets, label_roles, lambda: filler, every)


def zero_width(random: RandomBytes, snippets: Snippets) -> Snippets:
    """A zero-width character between all characters."""
    return between(snippets, label_roles, lambda: pick(random, zero_widths))


def bidi(random: RandomBytes, snippets: Snippets) -> Snippets:
    """A mark or control of writing direction between all characters."""
    return between(snippets, label_roles, lambda: pick(random, bidi_marks))


def tag_characters(random: RandomBytes, snippets: Snippets) -> Snippets:
    """A tag character, which shows nothing, between all characters."""
    return between(snippets, label_roles, lambda: chr(0xE0020 + random(1)[0] % 0x5F))


def variation_selectors(random: RandomBytes, snippets: Snippets) -> Snippets:
    """A variation selector behind all characters but the last."""
    return between(snippets, label_roles, lambda: chr(0xFE00 + random(1)[0] % 16))


def hangul_filler(random: RandomBytes, snippets: Snippets) -> Snippets:
    """A Hangul filler, which is a letter that shows nothing, between all characters."""
    return between(snippets, label_roles, lambda: pick(random, hangul_fillers))


def combining(random: RandomBytes, snippets: Snippets) -> Snippets:
    """An accent, stroke or ring on all characters but the last."""
    return between(snippets, written_roles, lambda: pick(random, combining_marks))


def emoji_between(random: RandomBytes, snippets: Snippets) -> Snippets:
    """An emoji between all characters; of a link, behind its scheme."""
    return between(snippets, written_roles - {Role.scheme}, lambda: pick(random, emoji))


def han_filler_between(random: RandomBytes, snippets: Snippets) -> Snippets:
    """A Chinese character between all characters, to be left out by the reader."""
    return between(snippets, written_roles - {Role.scheme}, lambda: pick(random, han_fillers))


def vertical(_: RandomBytes, snippets: Snippets) -> Snippets:
    """One character a line."""
    return between(snippets, label_roles, lambda: "\n")


def split_link(_: RandomBytes, snippets: Snippets) -> Snippets:
    """A link broken over lines, eight characters on each."""
    return between(snippets, link_roles, lambda: "\n", 8)
