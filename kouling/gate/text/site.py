"""What a host says by its name: a place for links to share, or one where something is published.

A host comes in, a lean goes out. Apps put their share links on short names, m., s., share., or a
domain of a few letters; blogs, forms, stores and papers have names that say so.
"""

from __future__ import annotations

import enum

from kouling.address import domain_of, is_registry

short_name_max = 5
"""Letters of a domain that was chosen to be short."""

_letters = "acdeghklmpqrstuvwxyz"
_words = (
    "h5 wap app apps share shares link links lnk url short go to get dl qr click jump onelink"
    " vt vm sm mobile invite act activity promo"
)
_for_links = frozenset((*_letters, *_words.split()))
_usual_suffixes = frozenset({"com", "net", "org", "edu", "gov", "info"})
_published = frozenset({"edu", "gov", "mil", "org", "ac"})


class Lean(enum.Enum):
    """Which way a host leans."""

    links = "links"
    neither = "neither"
    pages = "pages"


def lean_of(host: str) -> Lean:
    """Return whether a host's name leans to links that are shared, or to pages."""
    domain = _domain_of(host)
    name, _, suffix = domain.partition(".")
    labels = [label for label in host.removesuffix(domain).split(".") if label and label != "www"]
    if any(label in _for_links for label in labels) or "link" in name:
        return Lean.links
    if labels or _published.intersection(suffix.split(".")) or not _is_open(suffix):
        return Lean.pages  # below a suffix that is no registry everybody has pages of their own
    is_short = len(name) <= short_name_max and suffix not in _usual_suffixes and host == domain
    return Lean.links if is_short else Lean.neither


def _domain_of(host: str) -> str:
    """Return the registered domain; of a top-level domain that nobody knows the last two labels."""
    below = f"x.{host}"
    return domain_of(host) if domain_of(below) != below else ".".join(host.split(".")[-2:])


def _is_open(suffix: str) -> bool:
    """Whether anybody registers domains under a suffix, or it is one that nobody knows."""
    return "." not in suffix or is_registry(suffix)
