"""What may be asked of a page, and how its cursor leads on."""

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kouling import Engine
from kouling.clock import ManualClock
from kouling.errors import InvalidInput
from kouling.gate import Surface
from kouling.ids import UserId
from tests.samples import friend, item, seller


def seen(engine: Engine, viewer: UserId, surface: str, **options: object) -> list[str]:
    page = engine.deliver(viewer, surface, **options)  # type: ignore[arg-type]  # any option
    return [place.item.id for place in page.places]


def test_pages_neither_repeat_nor_skip_while_new_items_arrive(
    town: Engine, clock: ManualClock
) -> None:
    for number in range(7):
        clock.advance(seconds=number % 2)  # two items share each moment
        town.gate(item(f"{number}"))

    def pages() -> Iterator[list[str]]:
        cursor = None
        while True:
            page = town.deliver(friend, "moments", size=3, cursor=cursor)
            yield [place.item.id for place in page.places]
            town.gate(item(f"late after {page.places[-1].item.id}"))
            cursor = page.cursor
            if cursor is None:
                return

    assert [id for page in pages() for id in page] == ["6", "5", "4", "3", "2", "1", "0"]


def test_a_cursor_belongs_to_one_viewer_and_surface(town: Engine) -> None:
    for number in range(3):
        town.gate(item(str(number)))
    cursor = town.deliver(friend, "moments", size=1).cursor

    with pytest.raises(InvalidInput, match="another page"):
        town.deliver(seller, "moments", cursor=cursor)
    with pytest.raises(InvalidInput, match="another page"):
        town.deliver(friend, "interest", cursor=cursor)


@given(st.text(max_size=50))
def test_a_made_up_cursor_is_refused(sqlite_engine: Engine, cursor: str) -> None:
    with pytest.raises(InvalidInput, match="cursor"):
        sqlite_engine.deliver(friend, "moments", cursor=cursor)


@pytest.mark.parametrize(
    ("surface", "options"),
    [
        ("feed", {}),
        (Surface.outbound_link, {}),
        ("moments", {"size": 0}),
        ("moments", {"size": 101}),
        ("moments", {"size": 1.5}),
        ("moments", {"size": "5"}),
        ("moments", {"cursor": 5}),
        ("market", {"query": 5}),
        ("market", {"labels": "dress"}),
        ("market", {"labels": [5]}),
        ("market", {"labels": [["dress"]]}),
        ("moments", {"under": "1"}),
        ("comment", {}),
    ],
)
def test_a_page_that_can_not_be_is_refused(
    sqlite_engine: Engine, surface: str, options: dict[str, object]
) -> None:
    with pytest.raises(InvalidInput):
        seen(sqlite_engine, friend, surface, **options)
