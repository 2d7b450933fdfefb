"""The contact sheet shows what was found."""

import numpy as np

from kouling.lab.pictures.scene import Sample
from kouling.lab.pictures.sheet import found_colour, missed_colour, thumbnail


def test_the_contact_sheet_frames_what_was_found_in_green_and_missed_in_red(
    poster: Sample,
) -> None:
    for found, colour in ((True, found_colour), (False, missed_colour)):
        distance = np.abs(thumbnail(poster, found).astype(int) - colour).sum(2)
        assert (distance < 30).sum() > 50
