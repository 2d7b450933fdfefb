"""What a fit records of itself: what it chose, on what, and how good that was."""

from __future__ import annotations

import enum

import msgspec

format_version = 2
"""Of the folder that a model is kept in."""

history_max = 500
"""Likes of one user that are learnt from and served from: the latest.

Chosen, not measured: pairs grow with the square of it.
"""

recommended_max = 1_000
"""Items that are recommended at once."""


class ModelKind(enum.StrEnum):
    """What a model is made of; all are served by the same rows of neighbours."""

    filter = "filter"
    ease = "ease"
    blend = "blend"
    popularity = "popularity"


class Term(msgspec.Struct, frozen=True, kw_only=True):
    """How one source of neighbours enters: weight times liked**-liker times shown**-target.

    `liker` is the exponent of how often the liked item is liked, `target` of the one that its
    like speaks for.
    """

    weight: float
    liker: float
    target: float


class Parameters(msgspec.Struct, frozen=True, kw_only=True):
    """All that a fit chooses; a later fit begins its search here."""

    kind: ModelKind
    terms: dict[str, Term] = {}
    keep: int = 100
    """Neighbours kept for each item."""
    rarity: float = 0.34
    """Exponent of an item's number of likes by which seldom liked ones lead among candidates."""
    fading: float = 0.0
    """A like with r later ones of its user weighs (1+r)**-fading; 0 leaves the order out."""
    trend: float = 0.0
    """How much more an item is shown that its likers liked late."""
    ridge: float = 0.0
    """What EASE adds to the diagonal."""
    rank: int = 0
    """Singular vectors of the filter."""


class Quality(msgspec.Struct, frozen=True, kw_only=True):
    """How well likes that a model has not seen are found again among its first 20 places."""

    recall: float
    ndcg: float
    coverage: float = 0.0
    """Share of the catalogue that stands in at least one user's first 20 places."""
    users: int = 0

    @property
    def goodness(self) -> float:
        """The one number that a fit raises: the geometric mean of recall and NDCG."""
        return float((self.recall * self.ndcg) ** 0.5)


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """What stands beside a model's arrays: what they are and how they were chosen."""

    version: int = format_version
    kind: ModelKind
    items: int
    users: int
    likes: int
    ordered: bool = False
    """Whether each user's likes stood in the order in which they were given."""
    parameters: Parameters
    held_out: Quality | None = None
    """How good the parameters were on likes held out of the training likes."""
    evaluations: int = 0
    """How many sets of parameters the fit tried."""
    digests: dict[str, str] = {}
    """SHA-256 of each file, by name; empty until the model is saved."""
