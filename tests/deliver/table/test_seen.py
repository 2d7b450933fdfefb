"""What a viewer was shown, and how it is looked for."""

import pytest
import sqlalchemy as sa

from kouling import Engine
from kouling.gate import Surface
from kouling.ids import ItemId
from tests.samples import friend, item, seller


@pytest.mark.parametrize(
    ("surface", "index"),
    [(Surface.comment, "ix_item_under_posted_at_id"), (Surface.direct, "ix_item_to")],
)
def test_what_few_see_is_not_looked_for_among_all_of_its_surface(
    town: Engine, target: str, surface: Surface, index: str
) -> None:
    if target.startswith("postgresql"):
        pytest.skip("PostgreSQL chooses by what it counted")
    asked: list[tuple[str, object]] = []

    def note(_: object, __: object, statement: str, values: object, *___: object) -> None:
        asked.append((statement, values))

    town.gate(item("post", surface="moments"))
    sa.event.listen(sa.Engine, "before_cursor_execute", note)
    try:
        town.deliver(friend, surface, under=ItemId("post") if surface == "comment" else None)
    finally:
        sa.event.remove(sa.Engine, "before_cursor_execute", note)
    statement, values = next(one for one in asked if "ORDER BY item.posted_at" in one[0])
    with town._runtime.store.read() as connection:
        plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)  # type: ignore[arg-type]  # as they were bound
        steps = " ".join(row[3] for row in plan)
    assert index in steps
    assert "ix_item_surface" not in steps


def test_an_impression_is_of_anothers_item_and_counted_once(town: Engine) -> None:
    town.gate(item("1"))
    for viewer in (seller, friend, friend):
        town.deliver(viewer, "moments")

    table = town.insight("funnel", town._runtime.clock().date())
    assert dict(zip(table.column("stage"), table.column("count"), strict=True))["impressions"] == 1
