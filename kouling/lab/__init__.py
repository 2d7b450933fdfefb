"""The evasion laboratory: share codes in disguise, and what the gate still finds of them.

Messages with labelled codes come in, one score per disguise goes out. The same seed gives the
same disguises, so two versions of the gate are compared on the same texts.
"""

from kouling.lab.disguises import Disguise, disguises, find_disguise, reference
from kouling.lab.picture import recall_svg
from kouling.lab.pictures import (
    Aim,
    Outcome,
    PicturePlan,
    PictureScore,
    picture_count,
    picture_sheet,
    pooled_scores,
    tally,
    try_picture_plan,
)
from kouling.lab.rival import Rival, rival_from
from kouling.lab.samples import sample_material
from kouling.lab.score import Labelled, Material, Score, pooled_score, try_disguises

__all__ = [
    "Aim",
    "Disguise",
    "Labelled",
    "Material",
    "Outcome",
    "PicturePlan",
    "PictureScore",
    "Rival",
    "Score",
    "disguises",
    "find_disguise",
    "picture_count",
    "picture_sheet",
    "pooled_score",
    "pooled_scores",
    "recall_svg",
    "reference",
    "rival_from",
    "sample_material",
    "tally",
    "try_disguises",
    "try_picture_plan",
]
