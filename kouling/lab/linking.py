"""Disguises that only a link can wear: its scheme, its host, its dots."""

from __future__ import annotations

import re
from collections.abc import Callable

from kouling.ids import RandomBytes
from kouling.lab.snippets import Role, Snippets, each, link_roles, pick

decoy_users = ("user", "news.example.com", "www.example.org", "login:pass", "help.example.net")
dot_words = ("点", "點", " dot ", "(dot)", "[点]", "丶")

_scheme = frozenset({Role.scheme})
_host = frozenset({Role.host})


def dot_swap(_: RandomBytes, snippets: Snippets) -> Snippets:
    """Chinese full stops for the dots of a link."""
    return each(snippets, link_roles, _replace(".", "。"))


def dot_word(random: RandomBytes, snippets: Snippets) -> Snippets:
    """The dots of a host in words: 点, (dot)."""
    return each(snippets, _host, _replace(".", pick(random, dot_words)))


def scheme_removal(_: RandomBytes, snippets: Snippets) -> Snippets:
    """A link without http:// or https://."""
    return tuple(snippet for snippet in snippets if snippet.role is not Role.scheme)


def defang(_: RandomBytes, snippets: Snippets) -> Snippets:
    """The spelling of security reports: hxxp and [.]."""
    return each(each(snippets, _scheme, _replace("http", "hxxp")), _host, _replace(".", "[.]"))


def percent_encoding(random: RandomBytes, snippets: Snippets) -> Snippets:
    """About half of the letters and digits of host and path as %6D; browsers undo it."""

    def encoded(match: re.Match[str]) -> str:
        return f"%{ord(match[0]):02X}" if random(1)[0] % 2 else match[0]

    roles = frozenset({Role.host, Role.path})
    return each(snippets, roles, lambda text: re.sub("[A-Za-z0-9]", encoded, text))


def user_info(random: RandomBytes, snippets: Snippets) -> Snippets:
    """Another host, or a name, before the real one: http://news.example.com@real."""
    user = pick(random, decoy_users)
    return each(snippets, _host, lambda text: f"{user}@{text}")


def backslashes(_: RandomBytes, snippets: Snippets) -> Snippets:
    """Backslashes for slashes; browsers take them for the same."""
    return each(snippets, link_roles, _replace("/", "\\"))


def spaced_scheme(_: RandomBytes, snippets: Snippets) -> Snippets:
    """Spaces around the signs of the scheme: https : // host."""
    return each(snippets, _scheme, lambda text: text.replace("://", " : // "))


def _replace(old: str, new: str) -> Callable[[str], str]:
    return lambda text: text.replace(old, new)
