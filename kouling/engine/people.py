"""The door of people: friends, follows, groups, blocks."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from kouling import people
from kouling.db import Connection
from kouling.engine.runtime import Runtime
from kouling.engine.verb import verb
from kouling.errors import InvalidInput
from kouling.eventlog import Request, natural_key
from kouling.ids import GroupId, UserId, check_id

Relate = Callable[[Connection, Any, Any, datetime], None]


class PeopleDoor:
    """Who knows whom, who follows whom, who is in which group, who keeps whom out."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime

    @verb
    def befriend(self, user: UserId, friend: UserId) -> None:
        """Make two users friends of each other."""
        check_two("befriend", user, friend)
        self._relate("befriend", (user, friend), people.add_friendship)

    @verb
    def follow(self, follower: UserId, followee: UserId) -> None:
        """Let one user follow another."""
        check_two("follow", follower, followee)
        self._relate("follow", (follower, followee), people.add_follow)

    @verb
    def join(self, user: UserId, group: GroupId) -> None:
        """Take a user into a group."""
        self._relate("join", (user, group), people.add_member)

    @verb
    def block(self, user: UserId, blocked: UserId) -> None:
        """Keep two users' public items from each other, until `unblock`."""
        check_two("block", user, blocked)
        self._relate("block", (user, blocked), people.add_block, self._runtime.fresh())

    @verb
    def unblock(self, user: UserId, blocked: UserId) -> None:
        """Take a block back."""
        self._relate("unblock", (user, blocked), people.remove_block, self._runtime.fresh())

    def _relate(self, name: str, ends: tuple[UserId, str], act: Relate, key: str = "") -> None:
        check_ids(*ends)
        request = Request(name, key or natural_key(*ends), list(ends))
        self._runtime.once(request, None, lambda c, at: act(c, *ends, at))


def check_ids(user: UserId, other: str) -> None:
    """Raise `InvalidInput` unless a user can be put in relation with what another id names."""
    check_id(user, "user id")
    check_id(other, "id")


def check_two(name: str, user: UserId, other: UserId) -> None:
    """Raise `InvalidInput` for one user where two are related."""
    if user == other:
        raise InvalidInput(f"{user!r:.80} can't {name} itself", hint="name two users")
