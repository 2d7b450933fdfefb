"""The feed and the market: blocks, unlikes, sessions, trials, labels, placements, charges."""

import sqlalchemy as sa
from alembic import op

from kouling.db import Serial, Time
from kouling.migrations.triggers import append_only

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _edges()
    _feed()
    _trials()
    _market()
    _placements()
    for table in ("trial_step", "charge"):
        append_only(table)


def downgrade() -> None:
    raise RuntimeError("likes and trials are not thrown away; keep the newer Kouling")


def _edges() -> None:
    op.create_table(
        "block",
        sa.Column("user", sa.String(length=128), nullable=False),
        sa.Column("blocked", sa.String(length=128), nullable=False),
        sa.Column("at", Time(), nullable=False),
        sa.PrimaryKeyConstraint("user", "blocked", name=op.f("pk_block")),
    )
    op.create_index(op.f("ix_block_at"), "block", ["at"])
    op.create_index("ix_like_item", "like", ["item"])
    op.create_table(
        "unlike",
        sa.Column("user", sa.String(length=128), nullable=False),
        sa.Column("item", sa.String(length=128), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("user", "item", name=op.f("pk_unlike")),
    )


def _feed() -> None:
    op.create_table(
        "feed_place",
        sa.Column("session", sa.String(length=32), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("item", sa.String(length=128), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("because", sa.String(length=128), nullable=True),
        sa.Column("stage", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["item"], ["item.id"], name=op.f("fk_feed_place_item")),
        sa.PrimaryKeyConstraint("session", "number", name=op.f("pk_feed_place")),
        sa.UniqueConstraint("session", "item", name=op.f("uq_feed_place_session_item")),
    )


def _trials() -> None:
    op.create_table(
        "trial",
        sa.Column("item", sa.String(length=128), nullable=False),
        sa.Column("author", sa.String(length=128), nullable=False),
        sa.Column("guaranteed", sa.Integer(), nullable=False),
        sa.Column("stage", sa.Integer(), nullable=False),
        sa.Column("impressions", sa.Integer(), nullable=False),
        sa.Column("alike", sa.Integer(), nullable=False),
        sa.Column("likes", sa.Integer(), nullable=False),
        sa.Column("queued_at", Time(), nullable=False),
        sa.Column("started_at", Time(), nullable=True),
        sa.Column("passed_at", Time(), nullable=True),
        sa.Column("ended_at", Time(), nullable=True),
        sa.CheckConstraint("likes BETWEEN 0 AND impressions", name=op.f("ck_trial_likes")),
        sa.CheckConstraint("alike BETWEEN 0 AND impressions", name=op.f("ck_trial_alike")),
        sa.ForeignKeyConstraint(["item"], ["item.id"], name=op.f("fk_trial_item")),
        sa.PrimaryKeyConstraint("item", name=op.f("pk_trial")),
    )
    op.create_index(op.f("ix_trial_author"), "trial", ["author"])
    op.create_index("ix_trial_ended_at_queued_at", "trial", ["ended_at", "queued_at"])
    op.create_table(
        "trial_place",
        sa.Column("item", sa.String(length=128), nullable=False),
        sa.Column("viewer", sa.String(length=128), nullable=False),
        sa.Column("liked", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["item"], ["trial.item"], name=op.f("fk_trial_place_item")),
        sa.PrimaryKeyConstraint("item", "viewer", name=op.f("pk_trial_place")),
    )
    op.create_table(
        "trial_step",
        sa.Column("seq", Serial, nullable=False),
        sa.Column("item", sa.String(length=128), nullable=False),
        sa.Column("at", Time(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["item"], ["trial.item"], name=op.f("fk_trial_step_item")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_trial_step")),
    )
    op.create_index("ix_trial_step_item_seq", "trial_step", ["item", "seq"])


def _market() -> None:
    op.create_table(
        "label",
        sa.Column("item", sa.String(length=128), nullable=False),
        sa.Column("label", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(["item"], ["item.id"], name=op.f("fk_label_item")),
        sa.PrimaryKeyConstraint("item", "label", name=op.f("pk_label")),
    )
    op.create_index(op.f("ix_label_label"), "label", ["label"])
    if op.get_bind().dialect.name == "sqlite":
        op.execute("CREATE VIRTUAL TABLE market_search USING fts5(item UNINDEXED, words)")
        return
    op.create_table(
        "market_search",
        sa.Column("item", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
    )
    op.execute(
        "CREATE INDEX market_search_words ON market_search"
        " USING gin (to_tsvector('simple'::regconfig, words))"
    )
    op.execute("CREATE INDEX market_search_item ON market_search (item)")


def _placements() -> None:
    op.create_table(
        "placement",
        sa.Column("id", sa.String(length=128), nullable=False),
        sa.Column("advertiser", sa.String(length=128), nullable=False),
        sa.Column("item", sa.String(length=128), nullable=False),
        sa.Column("bid", sa.BigInteger(), nullable=False),
        sa.Column("daily_budget", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("placed_at", Time(), nullable=False),
        sa.Column("stopped_at", Time(), nullable=True),
        sa.CheckConstraint("bid > 0", name=op.f("ck_placement_bid")),
        sa.CheckConstraint("daily_budget >= bid", name=op.f("ck_placement_daily_budget")),
        sa.ForeignKeyConstraint(["item"], ["item.id"], name=op.f("fk_placement_item")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_placement")),
    )
    op.create_index(op.f("ix_placement_item"), "placement", ["item"])
    op.create_table(
        "charge",
        sa.Column("placement", sa.String(length=128), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("viewer", sa.String(length=128), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("bid", sa.BigInteger(), nullable=False),
        sa.Column("at", Time(), nullable=False),
        sa.CheckConstraint("amount BETWEEN 1 AND bid", name=op.f("ck_charge_amount")),
        sa.ForeignKeyConstraint(["placement"], ["placement.id"], name=op.f("fk_charge_placement")),
        sa.PrimaryKeyConstraint("placement", "day", "viewer", name=op.f("pk_charge")),
    )
