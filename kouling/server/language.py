"""Which language a request asks for: `Accept-Language` comes in, one that we speak goes out."""

from __future__ import annotations

from functools import lru_cache

from kouling.language import Language

header_length_max = 200
"""Characters of the header that are read."""


def accepted_language(header: str) -> Language:
    """Return the best language that a header asks for and we speak (RFC 9110, 12.5.4).

    English where it asks for none of ours; a region or a script, as in `zh-Hant-TW`, is not told
    apart. What can't be read of the header is passed over.
    """
    return _accepted(header[:header_length_max])


@lru_cache(maxsize=256)
def _accepted(header: str) -> Language:
    best, most = Language.en, 0.0
    for asked in header.split(","):
        tag, _, weight = asked.partition(";")
        language, quality = _spoken(tag), _quality(weight)
        if language is not None and quality > most:
            best, most = language, quality
    return best


def _spoken(tag: str) -> Language | None:
    name = tag.strip().lower().partition("-")[0]
    if name == "*":
        return Language.en
    return Language(name) if name in list(Language) else None


def _quality(weight: str) -> float:
    name, _, number = weight.strip().partition("=")
    if not name:
        return 1.0
    try:
        quality = float(number)
    except ValueError:
        return 0.0
    return quality if name.strip().lower() == "q" and 0 <= quality <= 1 else 0.0
