"""The event log against itself, and the tables against the log: what does not agree is a fault.

The log seals every event by a digest of it and of the one before. What rooms keep in tables
follows from it, so that a flipped byte is noticed on either side.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from itertools import islice
from typing import Any, NamedTuple

import msgspec
import sqlalchemy as sa

from kouling.errors import KoulingError
from kouling.eventlog.log import event_table, sha256_of

events_at_once = 1_000
"""Events that are read from the database together."""

faults_max = 100
"""Faults that are told of one part of a database."""


class Fault(msgspec.Struct, frozen=True):
    """Something in a database that is not as it was written: where, and what is wrong."""

    place: str
    problem: str


class Event(NamedTuple):
    """One event as it stands in the log."""

    seq: int
    at: datetime
    verb: str
    request: Any
    answer: str


Faults = Iterator[Fault]


def faults_of(part: str, check: Callable[[], Iterable[Fault]]) -> list[Fault]:
    """Return the faults of one part, among them that it can't be read any further."""
    found: list[Fault] = []
    try:
        found.extend(islice(check(), faults_max))
    except KoulingError as error:
        found.append(Fault(error.where or part, error.message))
    except (ValueError, TypeError, LookupError, OverflowError) as error:
        found.append(Fault(part, f"it can't be read: {error!s:.200}"))
    return found


def log_faults(connection: sa.Connection) -> Faults:
    """Yield the events that are not as they were written, or not in the order of time."""
    previous, latest = "", None
    for row in _rows(connection, ()):
        place = f"event {row['seq']}"
        if row["sha256"] != sha256_of(previous, row):
            yield Fault(place, "it is not as it was written, or one before it is gone")
        if row["request_sha256"] != _sha256(row["request"]):
            yield Fault(place, "its request is not as it was written")
        if latest is not None and row["at"] < latest:
            yield Fault(place, "it is earlier than the one before")
        previous, latest = row["sha256"], row["at"]


def events(connection: sa.Connection, *verbs: str) -> Iterator[Event]:
    """Yield the events with one of these verbs, in order, their requests read."""
    for row in _rows(connection, verbs):
        body = msgspec.json.decode(row["request"])
        yield Event(row["seq"], row["at"], row["verb"], body, row["answer"])


def row_faults(
    connection: sa.Connection, table: sa.Table, key: str, wanted: Mapping[Any, Mapping[str, Any]]
) -> Faults:
    """Yield what rows of a table, by the column `key`, don't have in common with what the log says.

    A row that the log knows nothing of is a fault, too.
    """
    found: set[Any] = set()
    for row in connection.execute(sa.select(table)).mappings():
        found.add(row[key])
        place, said = f"{table.name} {row[key]!s:.80}", wanted.get(row[key])
        if said is None:
            yield Fault(place, "the log says nothing of it")
            continue
        wrong = [name for name, value in said.items() if name in row and row[name] != value]
        if wrong:
            yield Fault(place, f"{', '.join(wrong)}: not what the log says")
    for missing in wanted.keys() - found:
        yield Fault(f"{table.name} {missing!s:.80}", "it is in the log alone")


def edge_faults(
    connection: sa.Connection, table: sa.Table, wanted: Iterable[tuple[str, str]]
) -> Faults:
    """Yield the edges that a table and the log don't have in common."""
    one, other = list(table.primary_key.columns)
    found = {tuple(row) for row in connection.execute(sa.select(one, other))}
    said = set(wanted)
    for edge in sorted(found - said):
        yield Fault(f"{table.name} {edge!s:.160}", "the log says nothing of it")
    for edge in sorted(said - found):
        yield Fault(f"{table.name} {edge!s:.160}", "it is in the log alone")


def _rows(connection: sa.Connection, verbs: tuple[str, ...]) -> Iterator[Mapping[str, Any]]:
    event = event_table.c
    query = sa.select(event_table).order_by(event.seq).limit(events_at_once)
    if verbs:
        query = query.where(event.verb.in_(verbs))
    seq = -(1 << 62)
    while rows := connection.execute(query.where(event.seq > seq)).mappings().all():
        yield from map(dict, rows)
        seq = rows[-1]["seq"]


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
