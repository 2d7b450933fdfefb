"""What is handed over to the process that fits is what it takes over."""

from pathlib import Path

import numpy as np

from kouling.interest import LikeMatrix, Names, hand_over, matrix_of
from kouling.interest.handover import take_over


def test_likes_are_taken_over_as_they_were_handed(tmp_path: Path) -> None:
    likes = matrix_of(["ann", "bo", "ann"], ["红裙", "b", "b"], (Names(), Names()))
    hand_over(likes, tmp_path)
    taken = take_over(tmp_path)

    assert (taken.user_ids, taken.item_ids) == (["ann", "bo"], ["红裙", "b"])
    assert (taken.start.tolist(), taken.item.tolist()) == ([0, 2, 3], [0, 1, 1])
    assert taken.ordered


def test_no_likes_are_handed_over_too(tmp_path: Path) -> None:
    nothing = LikeMatrix(start=np.zeros(1, np.int64), item=np.empty(0, np.int32), items=0)
    hand_over(nothing, tmp_path)

    assert len(take_over(tmp_path)) == 0
