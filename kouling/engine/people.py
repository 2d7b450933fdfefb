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
from kouling.eventlog import Request
from kouling.ids import GroupId, UserId, check_id

Relate = Callable[[Connection, Any, Any, datetime], None]


class PeopleDoor:
    """Who knows whom, who follows whom, who is in which group, who keeps whom out."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime

    @verb
    def befriend(self, user: UserId, friend: UserId) -> None:
        """Make two users friends of each other, until `unfriend`."""
        check_two("befriend", user, friend)
        self._relate("befriend", (user, friend), people.add_friendship)

    @verb
    def unfriend(self, user: UserId, friend: UserId) -> None:
        """Let two users be friends no more."""
        self._relate("unfriend", (user, friend), people.remove_friendship)

    @verb
    def follow(self, follower: UserId, followee: UserId) -> None:
        """Let one user follow another, until `unfollow`."""
        check_two("follow", follower, followee)
        self._relate("follow", (follower, followee), people.add_follow)

    @verb
    def unfollow(self, follower: UserId, followee: UserId) -> None:
        """Let one user follow another no more."""
        self._relate("unfollow", (follower, followee), people.remove_follow)

    @verb
    def join(self, user: UserId, group: GroupId) -> None:
        """Take a user into a group, until `leave`."""
        self._relate("join", (user, group), people.add_member)

    @verb
    def leave(self, user: UserId, group: GroupId) -> None:
        """Take a user out of a group; what was posted there before stays."""
        self._relate("leave", (user, group), people.remove_member)

    @verb
    def block(self, user: UserId, blocked: UserId) -> None:
        """Keep two users' public items from each other, until `unblock`."""
        check_two("block", user, blocked)
        self._relate("block", (user, blocked), people.add_block)

    @verb
    def unblock(self, user: UserId, blocked: UserId) -> None:
        """Take a block back."""
        self._relate("unblock", (user, blocked), people.remove_block)

    def _relate(self, name: str, ends: tuple[UserId, str], act: Relate) -> None:
        # Each is a request of its own: what was undone since may be asked for again.
        check_ids(*ends)
        request = Request(name, self._runtime.fresh(), list(ends))
        self._runtime.once(request, None, lambda c, at: act(c, *ends, at))


def check_ids(user: UserId, other: str) -> None:
    """Raise `InvalidInput` unless a user can be put in relation with what another id names."""
    check_id(user, "user id")
    check_id(other, "id")


def check_two(name: str, user: UserId, other: UserId) -> None:
    """Raise `InvalidInput` for one user where two are related."""
    if user == other:
        raise InvalidInput(f"{user!r:.80} can't {name} itself", hint="name two users")
