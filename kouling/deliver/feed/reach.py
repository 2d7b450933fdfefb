"""Whom to push an item to, and who is like those who like a creator's items.

An item is pushed by what its likers like. Where it has none yet, the likers of its creator's
other items stand in for them.
"""

from __future__ import annotations

import numpy as np

from kouling.db import Connection
from kouling.deliver import table
from kouling.deliver.feed.follow import LiveLikes
from kouling.deliver.records import Recipient
from kouling.ids import ItemId, UserId
from kouling.interest import reach_by_likers
from kouling.people import blocked_with


def reach_of(
    likes: LiveLikes, connection: Connection, item: ItemId, n: int
) -> tuple[Recipient, ...]:
    """Return up to `n` people to push an item to, best first.

    Its likers are left out, and whoever its author blocks or is blocked by. Where neither it nor
    its creator's other items have likers, nobody is better than anybody: the answer is empty.
    """
    author = table.author_of(connection, item)
    likers = table.likers(connection, [item])
    seeds = likers or table.likers(connection, table.items_of(connection, author))
    kept_out = {author, *blocked_with(connection, author)}
    found = _reached(likes, connection, (seeds, item if likers else None), n + len(kept_out))
    return tuple(one for one in found if one.user not in kept_out)[:n]


def look_alikes(
    likes: LiveLikes, connection: Connection, author: UserId, new: frozenset[ItemId], n: int
) -> frozenset[UserId] | None:
    """Return a creator's likers and who resembles them most; None if there are none.

    Likes of `new` items don't count: their trial is what the look-alikes are wanted for.
    """
    earlier = [item for item in table.items_of(connection, author) if item not in new]
    seeds = table.likers(connection, earlier)
    if not seeds:
        return None
    return frozenset([*seeds, *(r.user for r in _reached(likes, connection, (seeds, None), n))])


def _reached(
    likes: LiveLikes, connection: Connection, of: tuple[set[UserId], ItemId | None], n: int
) -> list[Recipient]:
    """Return who is reached by some likers, of an item or of whatever they like."""
    state = likes.state(connection)
    numbers = [state.users.find(user) for user in sorted(of[0])]
    likers = np.array([number for number in numbers if number is not None], np.int64)
    if not len(likers):
        return []
    item = None if of[1] is None else state.items.find(of[1])
    users, scores = reach_by_likers(state.online, likers, item, n)
    return [
        Recipient(UserId(state.users.ids[user]), float(score))
        for user, score in zip(users.tolist(), scores.tolist(), strict=True)
    ]
