"""Every statement of a verb about money is looked up by an index, whatever lies in the tables.

The statements are those that the verbs of mint, redeem and settle issue on both databases.
SQLite plans without statistics; PostgreSQL is asked for a plan while scans count as dear, so that
it shows one only where no index serves.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa

from kouling import ConversionStatus, Engine, Refund
from kouling.clock import ManualClock
from kouling.gate import Subject, SubjectKind
from kouling.ids import ConversionId, UserId
from kouling.money import Money
from kouling.redeem import Arrival
from kouling.settle import Cancellation
from tests.samples import conversion, friend, offer, seller

ends = re.compile(r"ORDER BY \w+\.(?:seq|id) DESC\s+LIMIT")
"""A look at the last row of a table, which SQLite calls a scan: it goes no further."""

whole = {
    "code_key": "a ring has 32 keys, and all are tried",
    "alembic_version": "one row",
}
"""Tables that a verb may read whole → why."""

Asked = tuple[str, Any]


def told(engine: Engine, clock: ManualClock) -> None:
    """Let every verb about money speak that is asked for one code, buyer, owner or sale."""
    shop = offer().merchant
    code = engine.mint(offer(), sharer=seller).code
    engine.mint(offer(), sharer=friend, parent=code)
    clock.advance(days=31)
    engine.mint(offer(), sharer=seller)
    arrival = Arrival("Mozilla/5.0", ip_prefix="203.0.113.7")
    engine.redeem(code, visitor=UserId("visitor"), visit=arrival)
    engine.redeem.journeys.identify(UserId("visitor"), friend)
    clock.advance(minutes=2)
    engine.redeem(code, buyer=friend)
    engine.settle.refund(Refund("early", conversion().id, Money(100, "CNY")))
    engine.settle(conversion())
    engine.settle(conversion(status=ConversionStatus.received))
    engine.settle.refund(Refund("refund", conversion().id, Money(9_900, "CNY")))
    engine.settle.sales.undo_refund("refund", shop)
    clock.advance(days=1)
    engine.settle.cancel(Cancellation("off", conversion().id))
    engine.settle.many([conversion("order-2"), conversion("order-3", buyer=None, code=code)])
    banned = Subject(SubjectKind.user, seller)
    engine.gate.ban(banned, "fraud")
    engine.settle(conversion("order-2", status=ConversionStatus.received))
    engine.gate.lift(banned)
    engine.settle.sales.state(ConversionId("order-2"), shop)
    engine.settle.ledger.balances(seller)
    engine.settle.ledger.entries(seller, since=clock.at, until=clock.at)
    engine.settle.ledger.head()
    engine.mint.revoke(code)


def statements_of(engine: Engine, act: Callable[[], None]) -> list[Asked]:
    """Return each statement that is issued, once, with the parameters it had."""
    asked: dict[str, Any] = {}

    def hear(_c: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        if re.match(r"SELECT|INSERT|UPDATE|DELETE", statement):
            asked.setdefault(statement, parameters)

    store = engine._runtime.store
    for one in (store._writer, store._readers):
        sa.event.listen(one, "before_cursor_execute", hear)
    try:
        act()
    finally:
        for one in (store._writer, store._readers):
            sa.event.remove(one, "before_cursor_execute", hear)
    return list(asked.items())


def scanned(connection: sa.Connection, asked: Asked) -> set[str]:
    """Return the tables that a statement reads from end to end."""
    statement, parameters = asked
    if isinstance(parameters, list):
        parameters = parameters[0]
    if connection.dialect.name == "sqlite":
        rows = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters).all()
        if ends.search(statement) or statement.startswith("INSERT INTO entry"):  # its trigger does
            return set()
        found = re.findall(r"^SCAN (\w+)(?! USING)", "\n".join(row[3] for row in rows), re.M)
        return set(found) - {"CONSTANT"}
    rows = connection.exec_driver_sql(f"EXPLAIN {statement}", parameters).all()
    return set(re.findall(r"Seq Scan on (\w+)", "\n".join(row[0] for row in rows)))


def test_what_a_verb_asks_is_looked_up_by_an_index(engine: Engine, clock: ManualClock) -> None:
    asked = statements_of(engine, lambda: told(engine, clock))
    assert len(asked) > 40
    wrong = {}
    with engine._runtime.store._writer.begin() as connection:
        if connection.dialect.name != "sqlite":
            connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
        for one in asked:
            tables = {name for name in scanned(connection, one) if name not in whole}
            if tables:
                wrong[one[0]] = tables
        connection.rollback()
    assert wrong == {}


@pytest.mark.parametrize("table", ["conversion", "touch", "entry", "share_code"])
def test_a_statement_that_scans_is_found(engine: Engine, table: str) -> None:
    with engine._runtime.store._writer.begin() as connection:
        assert scanned(connection, (f"SELECT * FROM {table}", ())) == {table}
        assert scanned(connection, ("SELECT * FROM entry WHERE id = 7", ())) == set()
        connection.rollback()
