"""The evasion laboratory for pictures: codes in disguise, and what the gate still reads of them.

Pictures are drawn, not collected: cards, posters and chats in ten styles, each labelled with its
share code or QR code and the place of it. What needs the libraries for pictures is imported only
when a plan is carried out.
"""

from kouling.lab.pictures.plan import (
    PicturePlan,
    picture_count,
    picture_sheet,
    printed_card,
    try_picture_plan,
)
from kouling.lab.pictures.tally import Aim, Outcome, PictureTally, added_up, pooled_tallies

__all__ = [
    "Aim",
    "Outcome",
    "PicturePlan",
    "PictureTally",
    "added_up",
    "picture_count",
    "picture_sheet",
    "pooled_tallies",
    "printed_card",
    "try_picture_plan",
]
