"""What a glance at a text says about a condition: that it can't hold, or nothing.

A condition's source comes in, tests of a text come out. Where a condition is a chain of `&&` and
one of its links asks whether the text has a word in it, is longer than so much, or matches a
regex, the condition is false of all texts for which that link is: whatever the others say.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable

import re2

Glance = Callable[[str], object]

_text = r"item\s*\.\s*text"
_literal = r"""r"[^"\n]*"|r'[^'\n]*'|"[^"\\\n]*"|'[^'\\\n]*'"""
_call = re.compile(
    rf"{_text}\s*\.\s*(contains|startsWith|endsWith|matches)\s*\(\s*({_literal})\s*\)"
)
_size = re.compile(
    rf"(?:{_text}\s*\.\s*size\s*\(\s*\)|size\s*\(\s*{_text}\s*\))\s*(>=?)\s*(\d{{1,9}})"
)
_pieces = re.compile(
    r"""(?P<string>"[^"\n]*"|'[^'\n]*')|(?P<strange>["']|//)|(?P<other>\|\||\?)"""
    r"|(?P<open>[(\[{])|(?P<close>[)\]}])|(?P<and>&&)"
)
_quoted_quote = re.compile(r"""\\["']|["']{3}""")


def glances_of(source: str) -> tuple[Glance, ...]:
    """Return tests of a text, all of which pass wherever the condition holds."""
    tests = (_glance(link.strip()) for link in _links(source))
    return tuple(test for test in tests if test is not None)


def _links(source: str) -> list[str]:
    """Return what a condition joins by `&&`, or nothing where it is no such chain."""
    if _quoted_quote.search(source):
        return []
    links, start, depth = [], 0, 0
    for piece in _pieces.finditer(source):
        match piece.lastgroup:
            case "strange":
                return []
            case "other" if depth == 0:
                return []
            case "and" if depth == 0:
                links.append(source[start : piece.start()])
                start = piece.end()
            case "open":
                depth += 1
            case "close":
                depth -= 1
    return [*links, source[start:]]


def _glance(link: str) -> Glance | None:
    call = _call.fullmatch(link)
    if call:
        word = ast.literal_eval(call[2])
        return _glance_of_call(call[1], word)
    size = _size.fullmatch(link)
    if size:
        least = int(size[2]) + (size[1] == ">")
        return lambda text: len(text) >= least
    return None


def _glance_of_call(name: str, word: str) -> Glance:
    if name == "matches":
        regex = re2.compile(word)
        return lambda text: regex.search(text) is not None
    if name == "contains":
        return lambda text: word in text
    if name == "startsWith":
        return lambda text: text.startswith(word)
    return lambda text: text.endswith(word)
