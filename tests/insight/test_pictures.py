"""What became of a day's pictures, and what looking into them took."""

from datetime import date
from typing import Any

from kouling import Engine, bundled_policy
from kouling.clock import ManualClock
from kouling.gate import Evidence, EvidenceKind
from kouling.gate.gallery.budget import author_pictures_max
from kouling.insight.pictures import pictures_table
from kouling.insight.records import PictureCosts, PicturesPosted
from kouling.words import cell_of
from tests.conftest import noon
from tests.picture.samples import png
from tests.samples import friend, item

day = noon.date()


def counted(engine: Engine, on: date = day) -> dict[Any, Any]:
    table = engine.insight("pictures", on)
    return dict(zip(map(cell_of, table.column("what")), table.column("pictures"), strict=True))


def test_a_day_without_pictures_is_empty(engine: Engine) -> None:
    assert counted(engine) == {
        "posted": 0,
        "looked into": 0,
        "known already": 0,
        "not inspected": 0,
    }


def test_every_picture_is_counted_where_it_ended(engine: Engine, clock: ManualClock) -> None:
    engine.gate.policies.activate(bundled_policy("moments-2018"))
    engine.gate(item("1", pictures=(png(8, 8), png(9, 9))))
    clock.advance(minutes=1)
    engine.gate(item("2", pictures=(png(8, 8), b"<svg/>")))
    engine.gate(item("3", pictures=(png(8, 8),), surface="comment", under="1"))
    clock.advance(days=1)
    engine.gate(item("4", pictures=(png(9, 9),)))

    assert counted(engine) == {
        "posted": 5,
        "looked into": 3,
        "known already": 2,
        "not inspected": 1,
        "not inspected: it is SVG, which is not decoded": 1,
    }
    assert counted(engine, clock().date())["known already"] == 1


def test_what_they_took_stands_beside(engine: Engine) -> None:
    engine.gate.policies.activate(bundled_policy("moments-2018"))
    engine.gate(item("1", pictures=tuple(png(8, 8 + n) for n in range(3))))

    table = engine.insight("pictures", day)

    (_, count, middle, late, memory) = table.rows[1]
    assert isinstance(middle, float)
    assert isinstance(late, float)
    assert isinstance(memory, float)
    assert count == 3
    assert 0 < middle <= late < 10_000
    assert 50 < memory < 600


def test_a_budget_that_was_used_up_is_seen(engine: Engine) -> None:
    engine.gate.policies.activate(bundled_policy("moments-2018"))
    for start in range(0, author_pictures_max + 5, 5):
        tiny = tuple(f"{start}-{number}".encode() for number in range(5))
        engine.gate(item(f"{start}", pictures=tiny))

    found = counted(engine)

    assert found["not inspected: budget: 30 pictures of an author in a minute"] == 5
    assert (found["looked into"], found["known already"]) == (30, 0)


def test_where_no_rule_asks_pictures_are_not_inspected(engine: Engine) -> None:
    engine.gate(item("1", pictures=(png(8, 8),), surface="direct", to=friend))

    reason = "not inspected: no rule on this surface asks about pictures"
    assert counted(engine)[reason] == 1


def test_reasons_stand_by_number() -> None:
    a, b, c = (
        Evidence(EvidenceKind.step_failed, about=name)
        for name in ("KeyError", "ValueError", "ZeroDivisionError")
    )
    costs = PictureCosts(2, 1.0, 2.0, 3.0)
    table = pictures_table(PicturesPosted(9, 1), costs, {b: 1, a: 1, c: 4})

    assert table.column("what")[4:] == (c, a, b)
    assert table.column("pictures")[:4] == (9, 2, 1, 6)
