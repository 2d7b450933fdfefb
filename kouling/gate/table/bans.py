"""Bans: subjects that are kept out, for good or until a time."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from kouling.errors import InvalidInput, NotFound
from kouling.gate.item import check_size
from kouling.gate.records import Ban, Subject, SubjectKind
from kouling.gate.subject import subjects_of_page
from kouling.gate.table.pictures import mark
from kouling.gate.table.schema import ban_table
from kouling.ids import UserId

subjects_max = 500
"""Subjects in one statement of a look-up."""

_banned_among = sa.select(ban_table.c.kind, ban_table.c.value).where(
    # Not pairs: SQLite would walk through all bans of a kind to find them.
    ban_table.c.kind.in_(sa.bindparam("kinds", expanding=True)),
    ban_table.c.value.in_(sa.bindparam("values", expanding=True)),
    sa.or_(ban_table.c.until.is_(None), ban_table.c.until > sa.bindparam("at")),
)


def store_ban(connection: sa.Connection, ban: Ban, at: datetime) -> None:
    """Keep a subject out from a time on; a later ban on the same subject replaces the earlier one.

    Raises `InvalidInput` for a ban that is over before it begins.
    """
    if ban.until is not None and ban.until <= at:
        raise InvalidInput(
            f"the ban would end at {ban.until.isoformat()}, which is past",
            hint="give a later time, or none for a ban until it is lifted",
        )
    _remove_ban(connection, ban.subject)
    connection.execute(
        ban_table.insert(),
        {
            "kind": ban.subject.kind,
            "value": ban.subject.value,
            "reason": ban.reason,
            "banned_at": at,
            "until": ban.until,
        },
    )
    if ban.subject.kind is SubjectKind.picture:
        mark(connection, ban.subject.value, at, None)


def lift_ban(connection: sa.Connection, subject: Subject) -> None:
    """Let a subject in again; raise `NotFound` if it was not banned."""
    if not _remove_ban(connection, subject):
        raise NotFound(
            f"{subject.kind} {subject.value!r:.80} is not banned",
            hint="a ban is lifted on the subject that was banned, not on one above or below it",
        )


def list_bans(connection: sa.Connection, at: datetime, size: int) -> list[Ban]:
    """Return the bans that hold at a time, by kind and subject."""
    check_size(size)
    query = sa.select(ban_table).where(_active(at)).order_by(ban_table.c.kind, ban_table.c.value)
    return [
        Ban(Subject(SubjectKind(row.kind), row.value), row.reason, row.until)
        for row in connection.execute(query.limit(size))
    ]


def banned(connection: sa.Connection, subjects: Iterable[Subject], at: datetime) -> set[Subject]:
    """Return those of the subjects that are banned at that time."""
    asked = list(subjects)
    found: set[Subject] = set()
    for start in range(0, len(asked), subjects_max):
        found |= _banned_of(connection, asked[start : start + subjects_max], at)
    return found


def leads_banned(connection: sa.Connection, at: datetime) -> bool:
    """Whether anything is banned at that time that a link or a code may lead to."""
    kinds = (SubjectKind.domain, SubjectKind.ip, SubjectKind.page, SubjectKind.issuer)
    banned = sa.exists().where(ban_table.c.kind.in_(kinds), _active(at))
    return bool(connection.execute(sa.select(banned)).scalar_one())


def banned_users(at: datetime) -> Any:
    """Return the query for users who are banned at that time, to be used inside others."""
    return sa.select(ban_table.c.value).where(ban_table.c.kind == SubjectKind.user, _active(at))


def is_kept_out(
    connection: sa.Connection, users: Iterable[UserId], page: str | None, at: datetime
) -> bool:
    """Whether one of some users is banned at that time, or where a page lies."""
    asked = [Subject(SubjectKind.user, user) for user in users]
    if page is not None:
        asked += subjects_of_page(page)
    return bool(banned(connection, asked, at))


def _banned_of(connection: sa.Connection, asked: list[Subject], at: datetime) -> set[Subject]:
    kinds, values = ({getattr(one, name) for one in asked} for name in ("kind", "value"))
    keys = {"kinds": sorted(kinds), "values": sorted(values), "at": at}
    rows = connection.execute(_banned_among, keys)
    return {Subject(SubjectKind(row.kind), row.value) for row in rows}.intersection(asked)


def _active(at: datetime) -> Any:
    return sa.or_(ban_table.c.until.is_(None), ban_table.c.until > at)


def _remove_ban(connection: sa.Connection, subject: Subject) -> bool:
    removed = connection.execute(
        ban_table.delete().where(
            ban_table.c.kind == subject.kind, ban_table.c.value == subject.value
        )
    )
    return bool(removed.rowcount)
