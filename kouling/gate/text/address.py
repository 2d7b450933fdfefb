"""Web addresses in text, however they are written, and where they truly lead.

A reading of a text comes in, `Address`es come out. A regex finds what might be an address; the
WHATWG parser alone decides its host, as a browser would.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

import can_ada

from kouling.address import host_in

addresses_max = 64
"""Addresses looked into in one text."""

_dot = r"(?:[.。·•⋅‧・]|[ ]?[\[({<][ ]?(?:\.|dot|DOT|点|。)[ ]?[\])}>][ ]?|[ ]dot[ ]|点)"
_label = r"[A-Za-z0-9_-]{1,63}"
_pictured = "\u2600-\u27bf\U0001f300-\U0001faff"
_wide_label = rf"[\w{_pictured}\ufe0f\u200d-]{{1,63}}"
_plain_number = r"(?:0[xX][0-9A-Fa-f]{1,8}|[0-9]{8,12})(?![A-Za-z0-9_.-])"
_numeric_host = rf"\[[0-9A-Fa-f:.]{{2,45}}\]|{_plain_number}"
_usual_ends = (
    "com|cn|net|org|tv|co|cc|me|io|vip|top|xyz|shop|club|site|online|store|ink|fun|pro|mobi|info"
    "|biz|app|link|live|ltd|work|group|wang|ren|hk|tw|jp|kr|us|uk|eu|ru|in|im|ly|la|so|sh|gd|gg"
    "|to|am|fm|ai|run|art|cloud|icu|pub|red|life|world|asia|dev|page|tech|space|website|win|中国|网络"
)


def _any_of(words: Iterable[str]) -> str:
    """Return a regex for words in either case that decides letter by letter, without retries."""
    tails: dict[str, list[str]] = {}
    for word in filter(None, words):
        tails.setdefault(word[0], []).append(word[1:])
    branches = [
        (f"[{first}{first.upper()}]" if first.isascii() else first)
        + (_any_of(rest) if any(rest) else "")
        + ("?" if any(rest) and "" in rest else "")
        for first, rest in tails.items()
    ]
    return f"(?:{'|'.join(branches)})"


_end = _any_of(_usual_ends.split("|"))
_rest = (
    r"(?::\d{1,5})?"
    rf"(?:[/\\?#](?:[A-Za-z0-9\-._~%/?#&=+:@$*\\;]|{_dot}(?=[A-Za-z0-9])){{0,600}})?"
)
# Classes spell out both cases: matching with IGNORECASE throughout takes twice as long.
_address = re.compile(
    rf"(?=[A-Za-z0-9/{_pictured}ぁ-ヺ])(?:"
    r"(?P<scheme>(?<![A-Za-z])[Hh][TtXx]{2}[Pp][Ss]?[ ]?(?::?[ ]?[/\\]{1,4}[ ]?|:))"
    r"(?:[^\s/\\?#@一-鿿]{0,64}@){0,3}"
    rf"(?:{_wide_label}(?:{_dot}{_wide_label}){{1,8}}(?:\.(?=[/:?#]))?|{_numeric_host})"
    rf"|(?P<bare>(?<![A-Za-z0-9:/])//){_label}(?:{_dot}{_label}){{1,8}}"
    rf"|(?<![A-Za-z0-9_.@%-]){_label}(?:{_dot}{_label}){{0,6}}{_dot}{_end}"
    r"(?![A-Za-z0-9_-])"
    # A host that begins with an emoji or kana, which has to have a path.
    rf"|(?<![\w.@-])[{_pictured}ぁ-ヺ](?:{_wide_label})?(?:\.{_wide_label}){{0,3}}"
    r"\.(?:[A-Za-z]{2,10}|みんな|コム|ストア|クラウド|世界)(?=/[A-Za-z0-9])"
    rf"){_rest}"
)
_dots = re.compile(_dot, re.IGNORECASE)
_scheme = re.compile(r"h[tx]{2}p(s?)[ ]?:?[ ]?[/\\]{0,4}[ ]?|//", re.IGNORECASE)
_tail = re.compile(r"(?:[.,;:!?'#&*~。$\\+=]|-{3,})+$")
_inner = re.compile(r".(?=https?:[/\\])", re.IGNORECASE)


class Address(NamedTuple):
    """An address in a reading, `url` as the parser writes it."""

    start: int
    end: int
    url: str
    host: str
    path: str
    query: str
    has_scheme: bool

    @property
    def leads_on(self) -> bool:
        """Whether it is surely an address: it has a scheme, or something behind the host."""
        return self.has_scheme or len(self.path) > 1


def addresses_in(text: str) -> tuple[list[Address], int]:
    """Return the addresses in a text, first to last, and where it was given up, 0 if nowhere.

    Of what looks like an address, `addresses_max` are looked into.
    """
    found: list[Address] = []
    for number, match in enumerate(_address.finditer(text)):
        if number == addresses_max:
            return found, match.start()
        address = _parsed(match.group(), match.start(), bool(match["scheme"] or match["bare"]))
        if address is not None:
            found.append(address)
    return found, 0


def _parsed(raw: str, start: int, has_scheme: bool) -> Address | None:
    inner = _inner.search(raw, 4)
    if inner:
        raw = raw[: inner.end()]
    raw = _tail.sub("", raw).rstrip()
    scheme = _scheme.match(raw) if has_scheme else None
    rest = raw[scheme.end() :] if scheme else raw
    plain = _dots.sub(".", rest)
    protocol = (
        "http" if scheme and scheme.group().lower().startswith("h") and not scheme[1] else "https"
    )
    try:
        url = can_ada.parse(f"{protocol}://{plain}")
    except ValueError:
        return None
    host = host_in(url)
    if not any(mark in host for mark in ".:") or any(
        label[:1] == "-" or label[-1:] == "-" for label in host.split(".")
    ):
        return None
    if not host.strip(".0123456789") and not has_scheme:
        return None
    return Address(start, start + len(raw), url.href, host, url.pathname, url.search, has_scheme)
