"""A copy of a picture that was kept from being shown, or is banned.

What it finds:
    A picture that looks like an earlier one that was limited, dropped or banned, after resizing,
    recompression, a crop, a border, an overlay, a screenshot of it, or in a mirror; and that says
    the same: its barcode, its share code but for letters that look alike, or most of its words.

Why it matters:
    An evader posts the same picture again with small changes until one passes.

Example:
    The limited card as a screenshot, with the chat's bars above and below it.

Known misses:
    A crop of a fifth or more, a large turn, a photo of a screen. Cards of one template with other
    codes on them are told apart: they are `unsure`, for review, and no `near_duplicate`.

Method:
    PDQ (Meta 2019) hashes of 256 bits, searched exactly among up to a million; up to six
    candidates are compared by ORB features (Rublee 2011) and RANSAC.
"""

from __future__ import annotations

from kouling.picture import Imprint, Likeness, Neighbour

distance_sure = 31
"""Bits up to which hashes alone say that two pictures are alike (as PDQ's authors advise)."""

distance_likely = 60
"""The same for pictures that have too few features to be compared by them."""

quality_min = 50
"""PDQ's quality below which a picture has too little in it for its hash to say anything."""

inliers_min = 20
"""Features that must lie alike."""

inliers_likely_min = 8
"""The same for pictures whose hashes are near: something may cover the rest."""

features_min = 60
"""Features that a picture must have for their silence to say something."""


def is_alike(candidate: Neighbour, found: Likeness, seen: Imprint, known: Imprint) -> bool:
    """Whether two pictures look alike, by hash and by features."""
    if found.inliers >= inliers_min:
        return True
    if min(seen.quality, known.quality) < quality_min:
        return False
    supported = found.features < features_min or found.inliers >= inliers_likely_min
    return candidate.distance <= (distance_likely if supported else distance_sure)
