"""The books are asked, written out and tampered with."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from kouling import ConversionStatus, Engine, Money, Offer, Refund
from kouling.clock import ManualClock
from kouling.errors import InvalidInput, LedgerError, StoreError
from kouling.ids import ConversionId, OfferId, UserId
from kouling.settle import Account, AccountKind, Conversion, Entry, Head
from kouling.settle.ledger.export import account_name, columns
from tests.conftest import noon
from tests.samples import friend, offer, seller, stranger

received = ConversionStatus.received


def trade(engine: Engine, clock: ManualClock) -> None:
    """Sales of 70 days in two currencies, some received, some refunded, some without a code."""
    lamp = Offer(
        id=OfferId("lamp"),
        merchant=UserId("店"),
        title="Lamp",
        url="https://lamp.example/",
        price=Money(5_000, "JPY"),
        rate_bps=700,
    )
    for terms in (lamp, offer()):
        engine.mint(terms, sharer=stranger)
    for number in range(24):
        sold, buyer = (offer(), friend) if number % 2 else (lamp, UserId(f"buyer-{number % 3}"))
        if number % 5:
            engine.redeem(engine.mint(sold, sharer=seller).code, buyer=buyer)
        id = ConversionId(f"order-{number}")
        amount = Money(sold.price.minor + 100 * number, sold.price.currency)
        for status in (ConversionStatus.paid, received)[: 1 + (number % 3 > 0)]:
            engine.settle(Conversion(id, sold.id, amount, buyer=buyer, status=status))
            clock.advance(days=1, hours=7)
        if number % 4 == 1:
            engine.settle.refund(
                Refund(f"refund-{number}", id, Money(1_000, amount.currency), sold.merchant)
            )
        if number % 8 == 0:
            engine.settle.refund(Refund(f"refund-{number}", id, amount, sold.merchant))


@pytest.fixture
def traded(engine: Engine, clock: ManualClock) -> Engine:
    trade(engine, clock)
    return engine


def at_times(engine: Engine, clock: ManualClock) -> Iterator[tuple[datetime, dict[str, int]]]:
    """Some times, and what all entries up to then say that the sharer's accounts have."""
    with engine._runtime.read() as connection:
        rows = connection.execute(
            sa.text(
                "SELECT e.entered_at, a.currency, p.amount, e.kind, p.credit = a.id FROM posting p"
                " JOIN entry e ON e.id = p.entry JOIN account a ON a.id IN (p.debit, p.credit)"
                " WHERE a.kind = 'sharer' AND e.kind IN ('posted', 'reversal')"
            )
        ).all()
    for hours in range(-5, 24 * 60, 101):
        time = noon + timedelta(hours=hours)
        micro = int(time.timestamp() * 1_000_000)
        sums: dict[str, int] = {}
        for entered_at, currency, amount, _, credited in rows:
            if entered_at <= micro:
                sums[currency] = sums.get(currency, 0) + (amount if credited else -amount)
        yield time, sums


def test_what_stood_at_any_time_is_what_the_entries_until_then_say(
    traded: Engine, clock: ManualClock
) -> None:
    for time, wanted in at_times(traded, clock):
        table = traded.settle.ledger.trial_balance(time)
        for place in (2, 3):  # pending, posted
            for currency in ("CNY", "JPY"):
                rows = [row[place] for row in table.rows if row[1] == currency]
                assert sum(minor for minor in rows if isinstance(minor, int)) == 0
        found = {row[1]: row[3] for row in table.rows if str(row[0]).startswith("sharer:")}
        assert {currency: minor for currency, minor in found.items() if minor} == {
            currency: minor for currency, minor in wanted.items() if minor
        }
    now = traded.settle.ledger.trial_balance(clock.at)
    assert now == traded.settle.ledger.trial_balance()
    assert set(now.column("pending")) - {0}


def test_an_owners_entries_are_given_in_parts(traded: Engine) -> None:
    ledger = traded.settle.ledger
    whole = ledger.entries(seller, size=1_000)
    assert len(whole) > 20
    parts: list[Entry] = []
    after = 0
    while part := ledger.entries(seller, after=after, size=7):
        parts += part
        after = part[-1].id
    assert tuple(parts) == whole
    since, until = whole[3].entered_at, whole[9].entered_at
    some = ledger.entries(seller, since=since, until=until)
    assert some == tuple(one for one in whole if since <= one.entered_at <= until)
    assert len(some) < len(whole)
    assert ledger.entries(UserId("nobody")) == ()
    assert ledger.entries(seller, since=noon + timedelta(days=900)) == ()
    with pytest.raises(InvalidInput, match="1 to 1000"):
        ledger.entries(seller, size=1_001)


def test_rows_of_an_export_have_every_leg(traded: Engine) -> None:
    rows = list(csv.reader(io.StringIO("".join(traded.settle.ledger.export("csv")))))
    objects = [json.loads(line) for line in traded.settle.ledger.export("jsonl")]

    assert tuple(rows[0]) == columns == tuple(objects[0])
    assert len(rows) - 1 == len(objects)
    assert [row[0] for row in rows[1:]] == [str(one["entry"]) for one in objects]
    with pytest.raises(InvalidInput, match="format"):
        traded.settle.ledger.export("xml")


@pytest.mark.parametrize("since", [None, noon + timedelta(days=20)])
def test_a_beancount_file_balances_and_asserts_its_months(
    traded: Engine, since: datetime | None
) -> None:
    """What beancount would check: accounts are opened once before, and assertions hold."""
    sums: dict[str, int] = {}
    opened: set[str] = set()
    asserted = 0
    for line in "".join(traded.settle.ledger.export("beancount", since)).splitlines():
        words = line.split()
        if line.startswith("  ") and len(words) == 3:
            assert words[0] in opened
            sums[words[0]] = sums.get(words[0], 0) + int(words[1].replace(".", ""))
        elif len(words) > 2 and words[1] == "open":
            assert words[2] not in opened
            opened.add(words[2])
        elif len(words) > 2 and words[1] == "balance":
            assert sums.get(words[2], 0) == int(words[3].replace(".", "")), line
            asserted += 1
    assert asserted > 6


def test_names_of_accounts_are_safe_and_unique() -> None:
    owners = ["seller", "Seller", "X-seller", "Xseller", "1", "店", "a b", "a-b", "a-20-b", "a.b"]
    names = {account_name(Account(AccountKind.sharer, owner, "CNY")) for owner in owners}

    assert len(names) == len(owners)
    for name in names:
        assert all(part[0].isupper() or part[0].isdigit() for part in name.split(":"))
        assert name.replace(":", "").replace("-", "").isascii()


triggers = (
    *("entry_no_update", "entry_no_delete", "posting_no_update", "posting_no_delete"),
    *("entry_order", "balance_day_no_update", "balance_day_no_delete", "posting_pending"),
    *("posting_posted", "entry_release", "event_no_update", "event_no_delete"),
)

tamperings = {
    "kind": "UPDATE entry SET kind = 'voided' WHERE id = 3",
    "sale": "UPDATE entry SET conversion = 2 WHERE id = 1",
    "refers": "UPDATE entry SET refers = 3 WHERE id = 2",
    "memo": "UPDATE entry SET memo = replace(memo, '{', '{ ') WHERE id = 3",
    "terms": "UPDATE entry SET terms = replace(terms, '700', '800') WHERE id = 1",
    "entered_at": "UPDATE entry SET entered_at = entered_at + 1 WHERE id = 3",
    "effective_at": "UPDATE entry SET effective_at = effective_at - 1 WHERE id = 3",
    "hash": "UPDATE entry SET hash = zeroblob(32) WHERE id = 3",
    "cut tail": "DELETE FROM posting WHERE entry = (SELECT max(id) FROM entry);"
    " DELETE FROM entry WHERE id = (SELECT max(id) FROM entry)",
    "cut head": "DELETE FROM posting WHERE entry = 1; DELETE FROM entry WHERE id = 1",
    "swapped": "UPDATE entry SET id = -2 WHERE id = 2; UPDATE entry SET id = 2 WHERE id = 3;"
    " UPDATE entry SET id = 3 WHERE id = -2",
    "leg's amount": "UPDATE posting SET amount = amount + 1 WHERE entry = 3",
    "leg's debit": "UPDATE posting SET debit = (SELECT max(id) FROM account) WHERE entry = 3",
    "leg's credit": "UPDATE posting SET credit = (SELECT max(id) FROM account) WHERE entry = 3",
    "leg's currency": "UPDATE posting SET currency = 'USD' WHERE entry = 3",
    "leg's kind": "UPDATE posting SET kind = 'reversal' WHERE entry = 3",
    "leg's place": "UPDATE posting SET leg = leg + 5 WHERE entry = 3",
    "made-up leg": "INSERT INTO posting SELECT entry, 9, kind, debit, credit, currency, 1"
    " FROM posting WHERE entry = 3 AND leg = 1",
    "balance": "UPDATE account SET posted_credit = posted_credit + 1 WHERE kind = 'sharer'",
    "owner": "UPDATE account SET owner = 'thief' WHERE kind = 'sharer'",
    "account's kind": "UPDATE account SET kind = 'leader' WHERE kind = 'sharer'",
    "account's currency": "UPDATE account SET currency = 'USD' WHERE kind = 'sharer'"
    " AND currency = 'CNY'",
    "account's day": "UPDATE account SET day = day + 1",
    "made-up account": "INSERT INTO account (kind, owner, currency, posted_credit, day)"
    " VALUES ('sharer', 'thief', 'CNY', 100, 17680)",
    "day's balance": "UPDATE balance_day SET posted = posted + 1 WHERE no = 2",
    "day is gone": "DELETE FROM balance_day WHERE no = 2",
    "made-up day": "INSERT INTO balance_day (account, day, posted, pending) VALUES (1, 1, 5, 0)",
    "sharer": "UPDATE conversion SET sharer = 'thief' WHERE no = 2",
    "platform": "UPDATE conversion SET platform = 'thief' WHERE no = 2",
    "rate": "UPDATE conversion SET rate_bps = rate_bps + 1 WHERE no = 2",
    "platform's rate": "UPDATE conversion SET platform_bps = 0 WHERE no = 2",
    "amount": "UPDATE conversion SET amount = amount + 1 WHERE no = 2",
    "refunded": "UPDATE conversion SET refunded = refunded + 1 WHERE no = 2",
    "status": "UPDATE conversion SET status = 'paid' WHERE status = 'received'",
    "merchant": "UPDATE conversion SET merchant = 'thief' WHERE no = 2",
    "buyer": "UPDATE conversion SET buyer = 'thief' WHERE no = 2",
    "order": "UPDATE conversion SET id = 'thief' WHERE no = 2",
    "report": "UPDATE conversion SET report = 'none' WHERE no = 2",
    "log": "UPDATE event SET request = replace(request, '5200', '5300') WHERE verb = 'settle'",
    "refund": "UPDATE refund SET amount = amount - 1 WHERE no = 1",
    "refund's state": "UPDATE refund SET state = 'undone' WHERE no = 1",
}


@pytest.fixture(scope="module")
def books(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Path:
    """A database with a ledger, and no triggers that would stop who tampers with it."""
    path = tmp_path_factory.mktemp("books") / "books.db"
    path.write_bytes(sqlite_template.read_bytes())
    clock = ManualClock(noon)
    with Engine.open(str(path), clock=clock) as engine:
        trade(engine, clock)
        engine._runtime.store.write(
            lambda c: [c.exec_driver_sql(f"DROP TRIGGER {name}") for name in triggers]
        )
        assert engine.settle.ledger.verify().entries > 40
    return path


@pytest.mark.parametrize("what", tamperings)
def test_whatever_is_tampered_with_is_found(books: Path, tmp_path: Path, what: str) -> None:
    path = tmp_path / "books.db"
    path.write_bytes(books.read_bytes())
    file = sa.create_engine(f"sqlite:///{path}")  # past the engine, without foreign keys
    with file.begin() as connection:
        connection.exec_driver_sql("PRAGMA ignore_check_constraints=ON")
        changed = [connection.exec_driver_sql(one).rowcount for one in tamperings[what].split(";")]
    assert any(changed)
    file.dispose()

    with Engine.open(str(path)) as engine, pytest.raises(LedgerError) as found:
        engine.settle.ledger.verify()
    assert any(word in str(found.value) for word in ("entry", ":CNY", ":JPY", "conversion"))


def test_a_head_that_was_written_down_finds_a_cut_off_tail(
    traded: Engine, clock: ManualClock
) -> None:
    head = traded.settle.ledger.head()
    before = traded.settle.ledger.verify(head)
    engine_settles = traded.settle(
        Conversion(ConversionId("last"), OfferId("dress"), Money(100, "CNY"), buyer=stranger)
    )

    assert engine_settles is not None
    assert traded.settle.ledger.verify(head).entries == before.entries + 1
    with pytest.raises(LedgerError, match="is not in the ledger"):
        traded.settle.ledger.verify(Head(head.id, "0" * 64))
    ahead = Head(type(head.id)(head.id + 9), head.hash)
    with pytest.raises(LedgerError, match="is not in the ledger"):
        traded.settle.ledger.verify(ahead)


refused = {
    "overdraft": "UPDATE account SET posted_debit = posted_credit + 1 WHERE kind = 'sharer'",
    "sum beyond 2^62": "UPDATE account SET posted_credit = 4611686018427387905",
    "edited entry": "UPDATE entry SET memo = ''",
    "removed entry": "DELETE FROM entry WHERE id = 2",
    "edited leg": "UPDATE posting SET amount = 1",
    "removed leg": "DELETE FROM posting",
    "self-transfer": "INSERT INTO posting SELECT entry, 9, kind, debit, debit, currency, 1"
    " FROM posting WHERE entry = (SELECT max(entry) FROM posting) AND leg = 1",
    "two currencies": "INSERT INTO posting SELECT entry, 9, kind, debit, credit, 'USD', 1"
    " FROM posting WHERE entry = (SELECT max(entry) FROM posting) AND leg = 1",
    "nothing": "INSERT INTO posting SELECT entry, 9, kind, debit, credit, currency, 0"
    " FROM posting WHERE entry = (SELECT max(entry) FROM posting) AND leg = 1",
    "another kind": "INSERT INTO posting SELECT entry, 9, CASE kind WHEN 'posted' THEN 'pending'"
    " ELSE 'posted' END, debit, credit, currency, 1"
    " FROM posting WHERE entry = (SELECT max(entry) FROM posting) AND leg = 1",
    "unknown kind": "INSERT INTO account (kind, owner, currency, day) VALUES ('x', 'y', 'CNY', 1)",
    "settled twice": "INSERT INTO entry (id, kind, conversion, refers, memo, entered_at,"
    " effective_at, hash) SELECT (SELECT max(id) + 1 FROM entry), 'voided', conversion, refers,"
    " memo, (SELECT max(entered_at) FROM entry), entered_at, hash FROM entry"
    " WHERE kind = 'posted' AND refers IS NOT NULL LIMIT 1",
    "out of order": "INSERT INTO entry (id, kind, conversion, memo, entered_at, effective_at, hash)"
    " SELECT (SELECT max(id) + 2 FROM entry), 'pending', conversion, memo,"
    " (SELECT max(entered_at) FROM entry), entered_at, hash FROM entry WHERE id = 1",
    "earlier": "INSERT INTO entry (id, kind, conversion, memo, entered_at, effective_at, hash)"
    " SELECT (SELECT max(id) + 1 FROM entry), 'pending', conversion, memo, 0, 0, hash"
    " FROM entry WHERE id = 1",
    "over-reversal": "INSERT INTO posting SELECT entry, 9, kind, debit, credit, currency, 10000000"
    " FROM posting WHERE kind = 'reversal' LIMIT 1",
}


def is_refused(engine: Engine, statement: str) -> bool:
    try:
        engine._runtime.store.write(lambda c: c.exec_driver_sql(statement).rowcount)
    except StoreError:
        return True
    return False


def test_the_database_refuses_what_breaks_a_rule(traded: Engine) -> None:
    for what, statement in refused.items():
        assert is_refused(traded, statement), what
    assert traded.settle.ledger.verify().entries > 40
