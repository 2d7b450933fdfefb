"""The evasion laboratory: share codes in disguise, and what the gate still finds of them.

Messages with labelled codes come in, one tally per disguise goes out. The same seed gives the
same disguises, so two versions of the gate are compared on the same texts.
"""

from kouling.lab.chart import recall_svg
from kouling.lab.disguises import Disguise, all_disguises, find_disguise, reference
from kouling.lab.pictures import (
    Aim,
    Outcome,
    PicturePlan,
    PictureTally,
    added_up,
    picture_count,
    picture_sheet,
    pooled_tallies,
    printed_card,
    try_picture_plan,
)
from kouling.lab.rival import Rival, rival_from
from kouling.lab.samples import sample_material
from kouling.lab.tally import Labelled, Material, Tally, pooled_tally, try_disguises

__all__ = [
    "Aim",
    "Disguise",
    "Labelled",
    "Material",
    "Outcome",
    "PicturePlan",
    "PictureTally",
    "Rival",
    "Tally",
    "added_up",
    "all_disguises",
    "find_disguise",
    "picture_count",
    "picture_sheet",
    "pooled_tallies",
    "pooled_tally",
    "printed_card",
    "recall_svg",
    "reference",
    "rival_from",
    "sample_material",
    "try_disguises",
    "try_picture_plan",
]
