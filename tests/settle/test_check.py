"""The ledger is checked by code: what was changed past the database's triggers is found."""

import pytest
import sqlalchemy as sa

from kouling import ConversionStatus, Engine
from kouling.errors import LedgerError
from tests.samples import conversion, friend, offer, seller


@pytest.fixture
def booked(sqlite_engine: Engine) -> Engine:
    """A ledger with an estimate and what became of it."""
    code = sqlite_engine.mint(offer(), sharer=seller)
    sqlite_engine.redeem(code.code, buyer=friend)
    for status in (ConversionStatus.paid, ConversionStatus.received):
        sqlite_engine.settle(conversion(status=status))
    return sqlite_engine


def tamper(engine: Engine, *statements: str) -> None:
    def act(connection: sa.Connection) -> None:
        for statement in statements:
            connection.exec_driver_sql(statement)

    engine._runtime.store.write(act)


def test_a_ledger_that_nobody_touched_is_in_order(booked: Engine) -> None:
    assert booked.settle.ledger.verify().entries == 2


@pytest.mark.parametrize(
    "change",
    [
        """memo = replace(memo, '19900', '29900')""",
        """memo = replace(memo, '":', '": ')""",
        """memo = replace(memo, '{"kind', '{"note":"","kind')""",
        """memo = replace(memo, 'settled', 'lost')""",
        """memo = ''""",
    ],
)
def test_another_memo_is_found_and_so_is_another_spelling_of_it(
    booked: Engine, change: str
) -> None:
    tamper(booked, "DROP TRIGGER entry_no_update", f"UPDATE entry SET {change} WHERE id = 2")

    with pytest.raises(LedgerError, match="entry 2 "):
        booked.settle.ledger.verify()


def test_a_balance_that_differs_from_its_postings_is_found(booked: Engine) -> None:
    tamper(booked, "UPDATE account SET posted_credit = posted_credit + 1 WHERE kind = 'sharer'")

    with pytest.raises(LedgerError, match=r"sharer:seller:CNY differs from its postings"):
        booked.settle.ledger.verify()
