from datetime import timedelta

import pytest

from kouling import Engine
from kouling.clock import ManualClock
from kouling.errors import InvalidInput
from kouling.ids import UserId
from kouling.insight import Overlap, Steadiness
from kouling.insight.loyalty import best_share, variation
from tests.deliver.feed import likes, video


@pytest.fixture
def creators(engine: Engine) -> Engine:
    """A steady creator, one with a single hit, and one whom nobody likes; some fans are shared."""
    for creator in ("steady", "hit"):
        for number in range(3):
            video(engine, f"{creator}-{number}", creator)
    video(engine, "nobody-0", "nobody")
    for fan in range(4):
        likes(engine, f"fan-{fan}", "steady-0", "steady-1", "steady-2")
    for fan in range(3, 9):
        likes(engine, f"fan-{fan}", "hit-1")
    return engine


def test_a_steady_creator_is_told_from_one_hit(creators: Engine, clock: ManualClock) -> None:
    table = creators.insight("loyalty", clock.at.date())

    assert table.columns == (
        *("creator", "items", "likes", "variation", "best_share", "likers", "also_others"),
    )
    assert table.rows == (
        ("steady", 3, 12, 0.0, 0.3333, 4, 0.25),
        ("hit", 3, 6, 1.4142, 1.0, 6, 0.1667),
    )


def test_likes_after_the_day_do_not_count(creators: Engine, clock: ManualClock) -> None:
    day = clock.at.date()
    clock.advance(days=1)
    likes(creators, "late", "hit-0")

    assert creators.insight("loyalty", day).column("likes") == (12, 6)
    assert creators.insight("loyalty", day + timedelta(days=1)).column("likes") == (12, 7)
    assert creators.insight("loyalty", day - timedelta(days=1)).rows == ()


def test_a_creator_asks_for_itself(creators: Engine) -> None:
    assert creators.insight.steadiness(UserId("hit")) == Steadiness(
        creator=UserId("hit"),
        items=3,
        likes=6,
        variation=1.4142,
        best_share=1.0,
        likers=6,
        also_others=0.1667,
    )


@pytest.mark.parametrize(("creator", "items"), [("nobody", 1), ("a stranger", 0)])
def test_a_creator_whom_nobody_likes_is_told_so(creators: Engine, creator: str, items: int) -> None:
    assert creators.insight.steadiness(UserId(creator)) == Steadiness(
        creator=UserId(creator),
        items=items,
        likes=0,
        variation=None,
        best_share=None,
        likers=0,
        also_others=None,
    )
    with pytest.raises(InvalidInput):
        creators.insight.steadiness(UserId(""))


def test_how_far_two_creators_have_the_same_likers(creators: Engine) -> None:
    assert creators.insight.overlap(UserId("steady"), UserId("hit")) == Overlap(
        creator_likers=4,
        other_likers=6,
        shared=1,
        of_creator=1 / 4,
        of_other=1 / 6,
        of_either=1 / 9,
    )
    assert creators.insight.overlap(UserId("steady"), UserId("nobody")).of_either == 0.0


def test_steadiness_of_nothing_is_nothing() -> None:
    assert (variation([]), best_share([0, 0])) == (None, None)
