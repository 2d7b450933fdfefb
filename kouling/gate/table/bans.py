"""Bans: subjects that are kept out, for good or until a time."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from kouling.errors import NotFound
from kouling.gate.records import Ban, Subject, SubjectKind
from kouling.gate.table.pictures import mark
from kouling.gate.table.schema import ban_table
from kouling.ids import UserId

_banned_among = sa.select(ban_table.c.kind, ban_table.c.value).where(
    sa.tuple_(ban_table.c.kind, ban_table.c.value).in_(sa.bindparam("pairs", expanding=True)),
    sa.or_(ban_table.c.until.is_(None), ban_table.c.until > sa.bindparam("at")),
)


def store_ban(connection: sa.Connection, ban: Ban) -> None:
    """Keep a subject out; a later ban on the same subject replaces the earlier one."""
    _remove_ban(connection, ban.subject)
    connection.execute(
        ban_table.insert(),
        {
            "kind": ban.subject.kind,
            "value": ban.subject.value,
            "reason": ban.reason,
            "banned_at": ban.banned_at,
            "until": ban.until,
        },
    )
    if ban.subject.kind is SubjectKind.picture:
        mark(connection, ban.subject.value, ban.banned_at, None)


def lift_ban(connection: sa.Connection, subject: Subject) -> None:
    """Let a subject in again; raise `NotFound` if it was not banned."""
    if not _remove_ban(connection, subject):
        raise NotFound(f"{subject.kind} {subject.value!r:.80} is not banned", hint="check it")


def banned(connection: sa.Connection, subjects: Iterable[Subject], at: datetime) -> set[Subject]:
    """Return those of the subjects that are banned at that time."""
    pairs = [(subject.kind, subject.value) for subject in subjects]
    rows = connection.execute(_banned_among, {"pairs": pairs, "at": at})
    return {Subject(SubjectKind(row.kind), row.value) for row in rows}


def leads_banned(connection: sa.Connection, at: datetime) -> bool:
    """Whether anything is banned at that time that a link or a code may lead to."""
    others = (SubjectKind.user, SubjectKind.picture)
    banned = sa.exists().where(ban_table.c.kind.not_in(others), _active(at))
    return bool(connection.execute(sa.select(banned)).scalar_one())


def banned_users(at: datetime) -> Any:
    """Return the query for users who are banned at that time, to be used inside others."""
    return sa.select(ban_table.c.value).where(ban_table.c.kind == SubjectKind.user, _active(at))


def is_banned(connection: sa.Connection, user: UserId, at: datetime) -> bool:
    """Whether a user is banned at that time."""
    return bool(banned(connection, [Subject(SubjectKind.user, user)], at))


def _active(at: datetime) -> Any:
    return sa.or_(ban_table.c.until.is_(None), ban_table.c.until > at)


def _remove_ban(connection: sa.Connection, subject: Subject) -> bool:
    removed = connection.execute(
        ban_table.delete().where(
            ban_table.c.kind == subject.kind, ban_table.c.value == subject.value
        )
    )
    return bool(removed.rowcount)
