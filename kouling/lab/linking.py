"""Disguises that only a link can wear: its scheme, its host, its dots."""

from __future__ import annotations

import re
from collections.abc import Callable

from kouling.ids import RandomBytes
from kouling.lab.pieces import Pieces, Role, each, link_roles, pick

decoy_users = ("user", "news.example.com", "www.example.org", "login:pass", "help.example.net")
dot_words = ("点", "點", " dot ", "(dot)", "[点]", "丶")

_scheme = frozenset({Role.scheme})
_host = frozenset({Role.host})


def dot_swap(_: RandomBytes, pieces: Pieces) -> Pieces:
    """Chinese full stops for the dots of a link."""
    return each(pieces, link_roles, _replace(".", "。"))


def dot_word(random: RandomBytes, pieces: Pieces) -> Pieces:
    """The dots of a host in words: 点, (dot)."""
    return each(pieces, _host, _replace(".", pick(random, dot_words)))


def scheme_removal(_: RandomBytes, pieces: Pieces) -> Pieces:
    """A link without http:// or https://."""
    return tuple(piece for piece in pieces if piece.role is not Role.scheme)


def defang(_: RandomBytes, pieces: Pieces) -> Pieces:
    """The spelling of security reports: hxxp and [.]."""
    return each(each(pieces, _scheme, _replace("http", "hxxp")), _host, _replace(".", "[.]"))


def percent_encoding(random: RandomBytes, pieces: Pieces) -> Pieces:
    """About half of the letters and digits of host and path as %6D; browsers undo it."""

    def encoded(match: re.Match[str]) -> str:
        return f"%{ord(match[0]):02X}" if random(1)[0] % 2 else match[0]

    roles = frozenset({Role.host, Role.path})
    return each(pieces, roles, lambda text: re.sub("[A-Za-z0-9]", encoded, text))


def user_info(random: RandomBytes, pieces: Pieces) -> Pieces:
    """Another host, or a name, before the real one: http://news.example.com@real."""
    user = pick(random, decoy_users)
    return each(pieces, _host, lambda text: f"{user}@{text}")


def backslashes(_: RandomBytes, pieces: Pieces) -> Pieces:
    """Backslashes for slashes; browsers take them for the same."""
    return each(pieces, link_roles, _replace("/", "\\"))


def spaced_scheme(_: RandomBytes, pieces: Pieces) -> Pieces:
    """Spaces around the signs of the scheme: https : // host."""
    return each(pieces, _scheme, lambda text: text.replace("://", " : // "))


def _replace(old: str, new: str) -> Callable[[str], str]:
    return lambda text: text.replace(old, new)
