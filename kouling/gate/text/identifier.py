"""What the path of an address says: an identifier that nobody chose, or words that somebody wrote.

A segment of a path comes in, its weight as the identifier of a share link goes out. Letters of both
cases and digits, drawn at random, are what apps make for sharing. Model numbers, hashes, versions
and titles are of fewer kinds or stand among words.
"""

from __future__ import annotations

import re
from urllib.parse import unquote

from kouling.gate.text.shape import is_opaque, randomness
from kouling.gate.text.token import is_plain

mixed, in_one_case, hexadecimal = 2.4, 1.4, 0.5
"""What an identifier of both cases and digits adds to the log-odds that a link was made for
sharing; one of one case and digits, as models and article numbers are, too; a hash."""

length_min, length_max = 5, 64
"""Letters and digits of an identifier."""

random_min, perhaps_min = 4.0, 2.0
"""Log-odds from which on letters and digits were drawn at random rather than written; and from
which on they may have been, which a host for links makes likely."""

letters_min = 8
"""Letters of an identifier without digits that is taken for one as surely."""

word_length_min = 3
"""Letters of the shortest part between signs that may be a word."""

long_hash = 24
"""Hexadecimal digits from which on they are a hash or a number of a database, whatever else."""

_part = re.compile("[A-Za-z0-9]+")
_hex = re.compile("(?:[0-9a-f]+|[0-9A-F]+)")


def weight_of(segment: str) -> float:
    """Return what a segment adds to the log-odds that its address was made for sharing."""
    decoded = unquote(segment)
    parts = _part.findall(decoded)
    token = "".join(parts)
    if not decoded.isascii() or not length_min <= len(token) <= length_max:
        return 0.0
    drawn = randomness(token)
    if _is_written(parts) or is_plain(token) or (drawn < perhaps_min and not is_opaque(token)):
        return 0.0
    if _hex.fullmatch(token):
        return hexadecimal if len(token) < long_hash else 0.0
    has_both_cases = token.lower() != token != token.upper()
    is_mixed = has_both_cases and (not token.isalpha() or len(token) >= letters_min)
    return mixed if is_mixed and drawn >= random_min else in_one_case


def _is_written(parts: list[str]) -> bool:
    """Say whether parts between signs are words and numbers, as in a title, version or date."""
    longer = [part for part in parts if len(part) >= word_length_min]
    return not longer or (len(parts) > 1 and any(map(is_plain, longer)))
