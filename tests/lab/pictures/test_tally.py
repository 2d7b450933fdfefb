"""What counts as read, as alike, as a false alarm; and how counts add up."""

from collections.abc import Sequence

import pytest

from kouling.lab.pictures.tally import (
    Aim,
    PictureTally,
    Transcript,
    added_up,
    pooled_tallies,
    reads,
    tally_of,
)


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (["复制 ￥aB3dE6gH9jK￥"], True),
        (["a B 3 d E 6 g H 9 j K"], True),
        (["￥aB3dE", "6gH9jK￥"], True),
        (["￥aB3dE", "打开", "6gH9jK￥"], False),
        (["aB3dE6gH9j"], False),
        ([], False),
    ],
)
def test_a_code_is_read_in_one_text_or_over_two(texts: Sequence[str], expected: bool) -> None:
    assert reads("aB3dE6gH9jK", texts) is expected


def test_look_alikes_are_alike_but_not_exact() -> None:
    tally = tally_of("none", Aim.code, "aB3dE6gH0Il", Transcript(("a83dE6gHOl1",), True))
    assert (tally.exact, tally.alike, tally.flagged, tally.false) == (0, 1, 1, 0)


def test_what_is_wrong_is_counted_as_false() -> None:
    misread = tally_of("none", Aim.payload, "https://a.cn/1", Transcript(("https://a.cn/7",)))
    alarm = tally_of("none", Aim.clean, "", Transcript(("￥100",), True))
    assert (misread.exact, misread.false) == (0, 1)
    assert (alarm.exact, alarm.alike, alarm.false) == (0, 0, 1)


def test_tallies_add_up_and_the_plain_pictures_stay_out_of_the_pool() -> None:
    rows = [
        PictureTally("none", Aim.code, 1, 1, 1, 1, cpu_ms=90),
        PictureTally("blur", Aim.code, 1, 1, 1, 1, cpu_ms=10),
        PictureTally("blur", Aim.code, 3, 0, 1, 2, cpu_ms=50),
    ]
    assert added_up(rows)[1:] == [PictureTally("blur", Aim.code, 4, 1, 2, 3, cpu_ms=40)]
    assert pooled_tallies(rows) == [PictureTally("pooled", Aim.code, 4, 1, 2, 3, cpu_ms=40)]
