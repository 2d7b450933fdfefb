"""Deliver's tables: likes, impressions, trials, the market."""

from __future__ import annotations

import sqlalchemy as sa

from kouling.db import Id, Serial, Time, metadata
from kouling.people import edge_table

like_table = edge_table(
    "like",
    "user",
    "item",
    sa.Index("ix_like_item", "item"),
    sa.Index("ix_like_user_at_item", "user", "at", "item"),
)

unlike_table = sa.Table(
    "unlike",
    metadata,
    sa.Column("user", Id, primary_key=True),
    sa.Column("item", Id, primary_key=True),
    sa.Column("times", sa.Integer, nullable=False),
)
"""How often a user took a like back, so that each turn of like and unlike has a key."""

impression_table = sa.Table(
    "impression",
    metadata,
    sa.Column("viewer", Id, primary_key=True),
    sa.Column("item", Id, sa.ForeignKey("item.id"), primary_key=True),
    sa.Column("first_at", Time, nullable=False, index=True),
    sa.Column("last_at", Time, nullable=False),
)

feed_place_table = sa.Table(
    "feed_place",
    metadata,
    sa.Column("session", sa.String(32), primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("item", Id, sa.ForeignKey("item.id"), nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("because", Id),
    sa.Column("stage", sa.Integer),
    sa.Column("at", Time, nullable=False, index=True),
    sa.UniqueConstraint("session", "item"),
)
"""What a session of the interest feed was given, so that a page asked for twice is one page.

It is kept for `session_days`.
"""

trial_table = sa.Table(
    "trial",
    metadata,
    sa.Column("item", Id, sa.ForeignKey("item.id"), primary_key=True),
    sa.Column("author", Id, nullable=False, index=True),
    sa.Column("guaranteed", sa.Integer, nullable=False),
    sa.Column("stage", sa.Integer, nullable=False),
    sa.Column("impressions", sa.Integer, nullable=False),
    sa.Column("alike", sa.Integer, nullable=False),
    sa.Column("likes", sa.Integer, nullable=False),
    sa.Column("queued_at", Time, nullable=False),
    sa.Column("started_at", Time),
    sa.Column("passed_at", Time),
    sa.Column("ended_at", Time),
    sa.CheckConstraint("likes BETWEEN 0 AND impressions", "likes"),
    sa.CheckConstraint("alike BETWEEN 0 AND impressions", "alike"),
    sa.Index("ix_trial_ended_at_queued_at", "ended_at", "queued_at"),
)

trial_place_table = sa.Table(
    "trial_place",
    metadata,
    sa.Column("item", Id, sa.ForeignKey("trial.item"), primary_key=True),
    sa.Column("viewer", Id, primary_key=True),
    sa.Column("liked", sa.Boolean, nullable=False),
)
"""Whom a trial reached, and who of them likes the item now."""

trial_step_table = sa.Table(
    "trial_step",
    metadata,
    sa.Column("seq", Serial, primary_key=True),
    sa.Column("item", Id, sa.ForeignKey("trial.item"), nullable=False),
    sa.Column("at", Time, nullable=False),
    sa.Column("body", sa.Text, nullable=False),
    sa.Index("ix_trial_step_item_seq", "item", "seq"),
)
"""The log of all trials: what was done and what it rested on."""

label_table = sa.Table(
    "label",
    metadata,
    sa.Column("item", Id, sa.ForeignKey("item.id"), primary_key=True),
    sa.Column("label", sa.String(40), primary_key=True, index=True),
)

market_search_table = sa.Table(
    "market_search",
    metadata,
    sa.Column("item", sa.Text, nullable=False),
    sa.Column("words", sa.Text, nullable=False),
)
"""The words of market items for full-text search; in SQLite it is an FTS5 table."""

placement_table = sa.Table(
    "placement",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("advertiser", Id, nullable=False),
    sa.Column("item", Id, sa.ForeignKey("item.id"), nullable=False, index=True),
    sa.Column("bid", sa.BigInteger, nullable=False),
    sa.Column("daily_budget", sa.BigInteger, nullable=False),
    sa.Column("currency", sa.String(3), nullable=False),
    sa.Column("placed_at", Time, nullable=False),
    sa.Column("stopped_at", Time),
    sa.Column("words", sa.Text),
    sa.Index(
        "ix_placement_running",
        "bid",
        "id",
        sqlite_where=sa.text("stopped_at IS NULL"),
        postgresql_where=sa.text("stopped_at IS NULL"),
    ),
    sa.CheckConstraint("bid > 0", "bid"),
    sa.CheckConstraint("daily_budget >= bid", "daily_budget"),
)
"""Bids; each has the words of its item between spaces, None before the item could be found."""

charge_table = sa.Table(
    "charge",
    metadata,
    sa.Column("placement", Id, sa.ForeignKey("placement.id"), primary_key=True),
    sa.Column("day", sa.Date, primary_key=True),
    sa.Column("viewer", Id, primary_key=True),
    sa.Column("amount", sa.BigInteger, nullable=False),
    sa.Column("bid", sa.BigInteger, nullable=False),
    sa.Column("at", Time, nullable=False),
    sa.CheckConstraint("amount BETWEEN 1 AND bid", "amount"),
)
"""What a placement paid: once for a viewer and day, never more than its bid."""
