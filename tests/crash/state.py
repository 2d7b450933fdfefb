"""What stands in a database: whether it is consistent, and all of it in a comparable form."""

from __future__ import annotations

import functools
import json
import re
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from operator import itemgetter
from typing import Any

import sqlalchemy as sa

from kouling.db import metadata
from kouling.settle import verify_ledger

Row = dict[str, Any]
State = dict[str, list[Row]]

fresh_key_verbs = (
    *("befriend", "unfriend", "follow", "unfollow", "join", "leave"),
    "add_key",
    "clock",
    "allow_hosts",
    "block",
    "unblock",
    "like",  # what was unliked since can be liked again
    "unlike",
    "label",
    "ban",
    "lift",
)
"""Verbs whose every call is a new request."""

uncompared = {
    "event": ("seq", "request_sha256", "sha256"),  # sequences have gaps; digests cover codes
    "share_code": ("id",),  # the same
    "touch": ("id",),  # the same
    "conversion": ("no",),  # the same
    "refund": ("no", "sale"),  # the same
    "cancellation": ("no", "sale"),  # the same
    "account": ("id",),  # the same
    "posting": ("debit", "credit"),  # the same
    "balance_day": ("no", "account"),  # the same
    "entry": ("conversion", "hash"),  # the same; a hash covers a redemption
    "impression": ("first_at", "last_at"),  # who looks again sees it again
    "ban": ("banned_at",),  # a ban again is a later ban
    "block": ("at",),  # the same
    "like": ("at",),  # the same
    "unlike": ("times",),  # the same
    "feed_place": ("session",),  # a session's name is drawn by lot
    "trial_step": ("seq",),  # sequences have gaps
    "review": ("number",),  # sequences have gaps
    "picture_look": (
        "looked_at",
        "cpu_ms",
        "memory_mb",
        "body",
    ),  # looked into again, it costs again
}


@contextmanager
def connect(target: str) -> Iterator[sa.Connection]:
    """Read a database past the engine."""
    with _engine(target).connect() as connection:
        yield connection


@functools.cache
def _engine(target: str) -> sa.Engine:
    url = target.replace("postgresql://", "postgresql+psycopg://")
    return sa.create_engine(url if "://" in url else f"sqlite:///{url}", poolclass=sa.NullPool)


def read_state(connection: sa.Connection) -> State:
    """Return every table's rows, in an order of their own."""
    return {
        table.name: sorted(map(dict, connection.execute(sa.select(table)).mappings()), key=repr)
        for table in metadata.sorted_tables
    }


def tables(target: str) -> set[str]:
    """Return the names of the tables that a database has, but for SQLite's own."""
    with connect(target) as connection:
        return set(sa.inspect(connection).get_table_names())


def check(target: str) -> State:
    """Assert that a database is consistent, whatever was or was not done to it."""
    with connect(target) as connection:
        state = read_state(connection)
        entries = verify_ledger(connection).entries
    assert entries == len(state["entry"])
    _check_gate(state)
    _check_trials(state)
    _check_redeem(state)
    _check_settle(state)
    _check_relations(state)
    return state


def _check_gate(state: State) -> None:
    """Every item has exactly one decision and one event, and is shown only if it is allowed."""
    visibility = {row["item"]: row["visibility"] for row in state["decision"]}
    assert sorted(visibility) == _sorted(state, "item", "id") == sorted(_asked(state, "gate", "id"))
    for row in state["impression"]:
        assert visibility[row["item"]] == "allow", row
    rulings = {row["item"]: row["visibility"] for row in state["review"] if row["closed_at"]}
    assert rulings == {item: visibility[item] for item in rulings}
    assert len(rulings) == len(_events(state, "review")) + len(_events(state, "look_again"))
    policies = {row["version"].split("@")[0] for row in state["policy"]}
    assert len(policies) == len(_events(state, "activate"))


def _check_trials(state: State) -> None:
    """A trial's counts are those of its places and of its steps, and its places were shown."""
    shown = {(row["viewer"], row["item"]) for row in state["impression"]}
    assert {(row["viewer"], row["item"]) for row in state["trial_place"]} <= shown
    given = Counter(row["item"] for row in state["trial_place"])
    liked = Counter(row["item"] for row in state["trial_place"] if row["liked"])
    steps = Counter((row["item"], json.loads(row["body"])["kind"]) for row in state["trial_step"])
    for row in state["trial"]:
        item = row["item"]
        assert row["impressions"] == given[item] == steps[item, "place"]
        assert row["likes"] == liked[item] == steps[item, "like"] - steps[item, "unlike"]


def _check_redeem(state: State) -> None:
    """Codes, uses and redemptions agree with each other and with the log."""
    codes = {row["code"]: row for row in state["share_code"]}
    assert sorted(codes) == sorted(_answered(state, "mint", "code"))
    uses = Counter(row["code"] for row in state["redemption"])
    assert uses == {code: row["uses"] for code, row in codes.items() if row["uses"]}
    redeemed = {one["id"] for one in map(_answer, _events(state, "redeem")) if "id" in one}
    assert redeemed == {row["id"] for row in state["redemption"]}
    revoked = [json.loads(row["request"]) for row in _events(state, "revoke")]
    assert revoked == [code for code, row in codes.items() if row["revoked_at"] is not None]


def _check_settle(state: State) -> None:
    """Conversions, refunds and entries agree with each other and with the log."""
    sales = {row["id"]: row for row in state["conversion"]}
    numbers = {row["no"] for row in sales.values()}
    booked = _column(state, "entry.conversion") - {None}
    assert sales.keys() == set(_asked(state, "settle", "id"))
    assert numbers == booked
    assert len(state["charge_posting"]) == len(state["charge"])
    refunded = dict.fromkeys(sales, 0)
    undone = {json.loads(row["request"])[1] for row in _events(state, "undo_refund")}
    for body in (json.loads(row["request"]) for row in _events(state, "refund")):
        if body["id"] not in undone and body["conversion"] in refunded:
            refunded[body["conversion"]] += body["amount"]["minor"]
    assert refunded == {id: row["refunded"] for id, row in sales.items()}
    answers = [_answer(row) for verb in ("settle", "refund") for row in _events(state, verb)]
    answered = {answer["id"] for answer in answers if answer is not None}
    assert answered <= _column(state, "entry.id")
    for row in state["account"]:
        debit, credit = row["posted_debit"], row["posted_credit"]
        assert row["pending_debit"] >= 0 <= row["pending_credit"]
        assert (debit >= credit) if row["kind"] == "merchant" else (credit >= debit), row


def _check_relations(state: State) -> None:
    """Each relation has its event, and each event its relation; friendship goes both ways."""
    pairs = _related(state, "befriend")
    friends = sorted([a, b] for pair in pairs for a, b in (pair, pair[::-1]))
    assert friends == sorted([row["user"], row["friend"]] for row in state["friendship"])
    for verb, table in (
        ("follow", "follow"),
        ("join", "membership"),
        ("like", "like"),
        ("block", "block"),
    ):
        rows = [[value for name, value in row.items() if name != "at"] for row in state[table]]
        assert _related(state, verb) == sorted(rows)


opposites = {"befriend": "unfriend", "join": "leave"}
"""What undoes a relation, where it is not called by the verb with "un" before it."""


def _related(state: State, verb: str) -> list[list[str]]:
    """Return the pairs that a verb relates and its opposite did not part since."""
    last = {}
    undone = _events(state, opposites.get(verb, f"un{verb}"))
    for row in sorted(_events(state, verb) + undone, key=itemgetter("seq")):
        last[row["request"]] = row["verb"]
    return sorted(json.loads(pair) for pair, spoken in last.items() if spoken == verb)


def canonical(state: State) -> dict[str, list[str]]:
    """Return every table's rows as sorted text, without what chance or a later retry decides.

    Codes and redemptions are called by what they are about. Keys are left out but for partners';
    events of verbs without a key count once, however often they were asked.
    """
    names = {row["code"]: _code_name(row) for row in state["share_code"]}
    for row in state["redemption"]:
        names[row["id"]] = f"<{row['buyer']}, {names[row['code']]}, {row['redeemed_at']}>"
    found = {table: sorted(_texts(table, rows, names)) for table, rows in state.items()}
    found["code_key"] = sorted({row["issuer"] for row in state["code_key"]})
    return found


def canonical_answer(state: State, answer: Any) -> str:
    """Return an answer as text, with codes and redemptions called by what they are about."""
    names = {row["code"]: _code_name(row) for row in state["share_code"]}
    names |= {row["id"]: "<redemption>" for row in state["redemption"]}
    return _renamed(json.dumps(answer, default=str), names)


def _texts(table: str, rows: list[Row], names: dict[str, str]) -> set[str]:
    texts = []
    for row in rows:
        kept = {name: value for name, value in row.items() if name not in uncompared.get(table, ())}
        if table == "event" and row["verb"] in fresh_key_verbs:
            asked = json.loads(row["request"])
            kept = {"verb": row["verb"], "asked": asked[0] if row["verb"] == "add_key" else asked}
        texts.append(_renamed(json.dumps(kept, default=str), names))
    assert table == "event" or len(set(texts)) == len(texts), f"{table} has a row twice"
    return set(texts)


def _renamed(text: str, names: dict[str, str]) -> str:
    text = re.sub(r"(hash\W+)[0-9a-f]{64}", r"\1<hash>", text)  # it covers a redemption's id
    for name, meaning in names.items():
        text = text.replace(name, meaning)
    return text


def _code_name(row: Row) -> str:
    return f"<{row['sharer']}, {row['offer']}, {row['campaign']}>"


def _events(state: State, verb: str) -> list[Row]:
    return [row for row in state["event"] if row["verb"] == verb]


def _answer(row: Row) -> Any:
    return json.loads(row["answer"])


def _asked(state: State, verb: str, field: str) -> list[Any]:
    return [json.loads(row["request"])[field] for row in _events(state, verb)]


def _answered(state: State, verb: str, field: str) -> list[Any]:
    return [_answer(row)[field] for row in _events(state, verb)]


def _sorted(state: State, table: str, column: str) -> list[Any]:
    return sorted(row[column] for row in state[table])


def _column(state: State, name: str) -> set[Any]:
    table, column = name.split(".")
    return {row[column] for row in state[table]}
