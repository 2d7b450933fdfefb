"""The tables of who knows whom: a row is an edge from one id to another, and since when."""

from __future__ import annotations

from datetime import datetime
from itertools import chain

import sqlalchemy as sa

from kouling.db import Id, Time, metadata
from kouling.errors import NotFound
from kouling.eventlog import Faults, edge_faults, events
from kouling.ids import GroupId, UserId


def edge_table(name: str, one: str, other: str, *more: sa.Index) -> sa.Table:
    """Return a new table of edges, each once, between what two columns name."""
    return sa.Table(
        name,
        metadata,
        sa.Column(one, Id, primary_key=True),
        sa.Column(other, Id, primary_key=True),
        sa.Column("at", Time, nullable=False, index=True),
        *more,
    )


friendship_table = edge_table("friendship", "user", "friend")
follow_table = edge_table("follow", "follower", "followee")
membership_table = edge_table("membership", "user", "group")
block_table = edge_table("block", "user", "blocked")


def add_friendship(connection: sa.Connection, user: UserId, friend: UserId, at: datetime) -> None:
    """Make two users friends of each other, if they are not."""
    add_edge(connection, friendship_table, (user, friend), at)
    add_edge(connection, friendship_table, (friend, user), at)


def add_follow(connection: sa.Connection, follower: UserId, followee: UserId, at: datetime) -> None:
    """Let one user follow another, if it does not."""
    add_edge(connection, follow_table, (follower, followee), at)


def add_member(connection: sa.Connection, user: UserId, group: GroupId, at: datetime) -> None:
    """Take a user into a group, if it is not in it."""
    add_edge(connection, membership_table, (user, group), at)


def add_block(connection: sa.Connection, user: UserId, blocked: UserId, at: datetime) -> None:
    """Keep two users' public items from each other, whoever of them asked for it."""
    add_edge(connection, block_table, (user, blocked), at)


def remove_friendship(
    connection: sa.Connection, user: UserId, friend: UserId, at: datetime
) -> None:
    """Let two users be friends no more; raise `NotFound` if they are none."""
    _remove_edge(connection, friendship_table, (user, friend), "is no friend of")
    _remove_edge(connection, friendship_table, (friend, user), "is no friend of")


def remove_follow(
    connection: sa.Connection, follower: UserId, followee: UserId, at: datetime
) -> None:
    """Let one user follow another no more; raise `NotFound` if it does not."""
    _remove_edge(connection, follow_table, (follower, followee), "doesn't follow")


def remove_member(connection: sa.Connection, user: UserId, group: GroupId, at: datetime) -> None:
    """Take a user out of a group; raise `NotFound` if it is not in it."""
    _remove_edge(connection, membership_table, (user, group), "is not in")


def remove_block(connection: sa.Connection, user: UserId, blocked: UserId, at: datetime) -> None:
    """Take a block back; raise `NotFound` if there is none."""
    _remove_edge(connection, block_table, (user, blocked), "doesn't block")


def blocked_with(connection: sa.Connection, user: UserId) -> set[UserId]:
    """Return whom a user blocks, and who blocks it."""
    block = block_table.c
    ends = (
        sa.select(block.blocked).where(block.user == user),
        sa.select(block.user).where(block.blocked == user),
    )
    return {UserId(other) for other in connection.scalars(sa.union(*ends))}


def add_edge(
    connection: sa.Connection, table: sa.Table, ends: tuple[str, str], at: datetime
) -> bool:
    """Add a row to a table of edges and say whether it is new."""
    one, other = list(table.primary_key.columns)
    known = sa.select(table.c.at).where(one == ends[0], other == ends[1])
    if connection.execute(known).first() is not None:
        return False
    connection.execute(table.insert(), {one.name: ends[0], other.name: ends[1], "at": at})
    return True


def _remove_edge(
    connection: sa.Connection, table: sa.Table, ends: tuple[str, str], otherwise: str
) -> None:
    one, other = list(table.primary_key.columns)
    removed = connection.execute(table.delete().where(one == ends[0], other == ends[1]))
    if not removed.rowcount:
        raise NotFound(f"{ends[0]!r:.80} {otherwise} {ends[1]!r:.80}", hint="check the ids")


_tables = {"follow": follow_table, "join": membership_table, "block": block_table}
_taken_back = {"unblock": "block", "unfollow": "follow", "leave": "join"}


def people_faults(connection: sa.Connection) -> Faults:
    """Yield the relations that tables and log don't have in common."""
    friends: set[tuple[str, str]] = set()
    told: dict[str, set[tuple[str, str]]] = {verb: set() for verb in _tables}
    for event in events(connection, "befriend", "unfriend", *_tables, *_taken_back):
        one, other = event.request
        if event.verb == "befriend":
            friends |= {(one, other), (other, one)}
        elif event.verb == "unfriend":
            friends -= {(one, other), (other, one)}
        elif event.verb in _taken_back:
            told[_taken_back[event.verb]].discard((one, other))
        else:
            told[event.verb].add((one, other))
    found = (edge_faults(connection, _tables[verb], edges) for verb, edges in told.items())
    return chain(edge_faults(connection, friendship_table, friends), *found)
