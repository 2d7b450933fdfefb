"""A plan and the contact sheet of what came of it."""

from kouling.lab.pictures.attempt import attempts
from kouling.lab.pictures.disguises import (
    find_picture_disguise,
)
from kouling.lab.pictures.plan import PicturePlan, picture_count, picture_sheet
from kouling.lab.pictures.scene import Sample
from kouling.lab.pictures.sheet import thumbnail
from kouling.lab.pictures.tally import (
    Aim,
    Outcome,
    PictureTally,
)


def test_a_plan_tries_as_many_pictures_as_it_says() -> None:
    plan = PicturePlan(("rotation", "no_quiet_zone"), each=1)
    tried = list(attempts([find_picture_disguise(name) for name in plan.disguises], 1, 1))
    assert len(tried) == picture_count(plan)
    assert {attempt.aim for attempt in tried} == set(Aim)


def test_the_contact_sheet_is_a_png_with_a_row_for_each_disguise(poster: Sample) -> None:
    small = thumbnail(poster, True)
    rows = [Outcome(PictureTally(name, Aim.payload), small) for name in ("none", "blur", "blur")]
    one, three = picture_sheet(rows[:1]), picture_sheet(rows)
    assert one.startswith(b"\x89PNG\r\n")
    heights = [int.from_bytes(png[20:24], "big") for png in (one, three)]
    assert heights[1] > 1.8 * heights[0]
