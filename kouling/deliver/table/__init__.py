"""All that deliver knows of SQL: its tables, and what is read from and written to them."""

from kouling.db import Connection
from kouling.deliver.table.likes import (
    AllLikes,
    add_like,
    author_of,
    import_likes,
    items_of,
    like_faults,
    like_key,
    likers,
    likes_of,
    load_likes,
    remove_like,
    unlike_key,
)
from kouling.deliver.table.market import (
    Bill,
    add_placement,
    has_placements,
    index_item,
    index_placements,
    keep_market_page,
    read_market,
    set_labels,
    spent_on,
    stop_placement,
)
from kouling.deliver.table.schema import (
    charge_table,
    impression_table,
    like_table,
    placement_table,
)
from kouling.deliver.table.seen import (
    add_impressions,
    carriers,
    check_seen,
    read_page,
    visible_among,
)
from kouling.deliver.table.timeline import read_timeline
from kouling.deliver.table.trials import queue_trial, report_trial
from kouling.gate import Decision, Item, Visibility

__all__ = [
    "AllLikes",
    "Bill",
    "add_impressions",
    "add_like",
    "add_placement",
    "author_of",
    "carriers",
    "charge_table",
    "check_seen",
    "follow_decision",
    "has_placements",
    "import_likes",
    "impression_table",
    "index_item",
    "index_placements",
    "items_of",
    "keep_market_page",
    "like_faults",
    "like_key",
    "like_table",
    "likers",
    "likes_of",
    "load_likes",
    "placement_table",
    "queue_trial",
    "read_market",
    "read_page",
    "read_timeline",
    "remove_like",
    "report_trial",
    "set_labels",
    "spent_on",
    "stop_placement",
    "unlike_key",
    "visible_among",
    "welcome",
]


def follow_decision(connection: Connection, item: Item, before: Decision, after: Decision) -> None:
    """Take in an item that was dropped, and is not any more; what is read heeds a decision alone.

    A trial goes on where it stood once its item is shown: until then it gets no places.
    """
    if before.visibility == Visibility.drop:
        welcome(connection, item, after)
        index_placements(connection, item)


def welcome(connection: Connection, item: Item, decision: Decision) -> None:
    """Take in an item that was gated: it waits for its trial, or can be found in the market."""
    if decision.visibility != Visibility.drop:
        queue_trial(connection, item, decision.decided_at)
        index_item(connection, item)
