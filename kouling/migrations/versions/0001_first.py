"""The first tables of every room, and the triggers that keep what is append-only and balanced.

Constraints get the names that `kouling.db` gives them. What a column may hold is written out
here, so that a limit which a room changes later changes no database that is there.
"""

import sqlalchemy as sa
from alembic import op

from kouling.db import Serial, Time
from kouling.migrations import first_settle
from kouling.migrations.shapes import Code, Currency, Id, Sha256, edges, index, is_sqlite, table
from kouling.migrations.triggers import append_only, closed_once, ledger_triggers

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    _eventlog()
    _people()
    _mint()
    _gate_items()
    _gate_decisions()
    _gate_known()
    _deliver_likes()
    _deliver_feed()
    _deliver_market()
    _deliver_placements()
    _redeem()
    first_settle.conversions()
    first_settle.refunds()
    first_settle.accounts()
    first_settle.entries()
    for name in ("event", "trial_step", "charge"):
        append_only(name)
    for name in ("entry", "posting", "charge_posting", "balance_day"):
        append_only(name)
    closed_once("review")
    ledger_triggers()


def downgrade() -> None:
    raise RuntimeError("the first migration is not taken back; drop the database")


def _eventlog() -> None:
    table(
        "event",
        sa.Column("seq", Serial, primary_key=True),
        sa.Column("at", Time, nullable=False),
        sa.Column("verb", sa.String(32), nullable=False),
        sa.Column("key", sa.String(512), nullable=False),
        sa.Column("request_sha256", Sha256, nullable=False),
        sa.Column("request", sa.Text, nullable=False),
        sa.Column("answer", sa.Text, nullable=False),
        sa.Column("sha256", Sha256, nullable=False),
        sa.UniqueConstraint("verb", "key"),
    )


def _people() -> None:
    edges("friendship", "user", "friend")
    edges("follow", "follower", "followee")
    edges("membership", "user", "group")
    edges("block", "user", "blocked")


def _mint() -> None:
    table(
        "code_key",
        sa.Column("no", Serial, primary_key=True),
        sa.Column("issuer", Id, nullable=False),
        sa.Column("secret", sa.LargeBinary, nullable=False),
        sa.Column("mints_from", Time, nullable=False),
        sa.Column("sealed", sa.Boolean, nullable=False),
        sa.UniqueConstraint("issuer", "secret"),
    )
    table(
        "offer",
        sa.Column("id", Id, primary_key=True),
        sa.Column("merchant", Id, nullable=False),
        sa.Column("title", sa.String(60), nullable=False),
        sa.Column("url", sa.String(2_048), nullable=False),
        sa.Column("price", sa.BigInteger, nullable=False),
        sa.Column("currency", Currency, nullable=False),
        sa.Column("rate_bps", sa.Integer, nullable=False),
        sa.CheckConstraint("price > 0", "price"),
        sa.CheckConstraint("rate_bps BETWEEN 0 AND 10000", "rate"),
    )
    table(
        "merchant_host",
        sa.Column("merchant", Id, primary_key=True),
        sa.Column("host", sa.String(253), primary_key=True),
    )
    table(
        "share_code",
        sa.Column("id", Serial, primary_key=True, autoincrement=False),
        sa.Column("code", Code, nullable=False, unique=True),
        sa.Column("issuer", Id, nullable=False),
        sa.Column("offer", Id, sa.ForeignKey("offer.id"), nullable=False),
        sa.Column("sharer", Id, nullable=False),
        sa.Column("campaign", Id, nullable=False),
        sa.Column("minted_at", Time, nullable=False),
        sa.Column("expires_at", Time, nullable=False),
        sa.Column("uses_max", sa.BigInteger),
        sa.Column("uses", sa.BigInteger, nullable=False, server_default="0"),
        sa.Column("uses_before", sa.BigInteger, nullable=False, server_default="0"),
        sa.Column("renewals", sa.Integer, nullable=False, server_default="0"),
        sa.Column("parent", Code, sa.ForeignKey("share_code.code"), index=True),
        sa.Column("revoked_at", Time),
        sa.UniqueConstraint("sharer", "offer", "campaign"),
        sa.CheckConstraint(
            "uses >= uses_before AND (uses_max IS NULL OR uses - uses_before <= uses_max)", "uses"
        ),
    )


def _gate_items() -> None:
    table(
        "item",
        sa.Column("id", Id, primary_key=True),
        sa.Column("author", Id, nullable=False),
        sa.Column("surface", sa.String(16), nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("to", Id, index=True),
        sa.Column("group", Id),
        sa.Column("under", Id, sa.ForeignKey("item.id")),
        sa.Column("narrowed", sa.Boolean, nullable=False),
        sa.Column("posted_at", Time, nullable=False),
        index("item", "surface", "posted_at", "id"),
        index("item", "author", "surface", "posted_at", "id"),
        index("item", "group", "posted_at", "id", where='"group" IS NOT NULL'),
        index("item", "under", "posted_at", "id"),
    )
    table(
        "audience",
        sa.Column("item", Id, sa.ForeignKey("item.id"), primary_key=True),
        sa.Column("user", Id, primary_key=True),
    )
    table(
        "picture",
        sa.Column("sha256", Sha256, primary_key=True),
        sa.Column("bytes", sa.LargeBinary, nullable=False),
    )
    table(
        "item_picture",
        sa.Column("item", Id, sa.ForeignKey("item.id"), primary_key=True),
        sa.Column("place", sa.Integer, primary_key=True),
        sa.Column("picture", Sha256, sa.ForeignKey("picture.sha256"), nullable=False),
    )
    table(
        "item_code",
        sa.Column("item", Id, sa.ForeignKey("item.id"), primary_key=True),
        sa.Column("code", Code, primary_key=True, index=True),
    )


def _gate_decisions() -> None:
    table(
        "decision",
        sa.Column("item", Id, sa.ForeignKey("item.id"), primary_key=True),
        sa.Column("visibility", sa.String(8), nullable=False),
        sa.Column("policy_version", sa.String(160), nullable=False),
        sa.Column("decided_at", Time, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.CheckConstraint("visibility IN ('allow', 'limit', 'drop')", "visibility"),
    )
    table(
        "review",
        sa.Column("number", Serial, primary_key=True),
        sa.Column("item", Id, sa.ForeignKey("item.id"), nullable=False, unique=True),
        sa.Column("queued_at", Time, nullable=False),
        sa.Column("closed_at", Time),
        sa.Column("visibility", sa.String(8)),
        sa.Column("reviewer", Id),
        sa.Column("reason", sa.Text),
        index("review", "number", name="ix_review_waiting", where="closed_at IS NULL"),
        sa.CheckConstraint("(closed_at IS NULL) = (visibility IS NULL)", "closed"),
        sa.CheckConstraint("visibility IN ('allow', 'limit', 'drop')", "visibility"),
    )
    table(
        "policy",
        sa.Column("version", sa.String(160), primary_key=True),
        sa.Column("effective_at", Time, nullable=False),
        sa.Column("activated_at", Time, nullable=False),
        sa.Column("sha256", Sha256, nullable=False),
        sa.Column("source", sa.Text, nullable=False),
    )
    table(
        "ban",
        sa.Column("kind", sa.String(8), primary_key=True),
        sa.Column("value", sa.String(2_048), primary_key=True),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("banned_at", Time, nullable=False),
        sa.Column("until", Time),
    )


def _gate_known() -> None:
    table(
        "text_band",
        sa.Column("band", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("item", Id, sa.ForeignKey("item.id"), primary_key=True),
    )
    table(
        "picture_look",
        sa.Column("sha256", Sha256, primary_key=True),
        sa.Column("looked_at", Time, nullable=False),
        sa.Column("cpu_ms", sa.Float, nullable=False),
        sa.Column("memory_mb", sa.Float, nullable=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
    )
    table(
        "picture_mark",
        sa.Column("seq", Serial, primary_key=True),
        sa.Column("picture", Sha256, nullable=False, index=True),
        sa.Column("item", Id, sa.ForeignKey("item.id"), index=True),
        *(sa.Column(name, sa.LargeBinary, nullable=False) for name in ("hashes", "voters")),
        sa.Column("marked_at", Time, nullable=False),
    )


def _deliver_likes() -> None:
    edges("like", "user", "item", index("like", "item"), index("like", "user", "at", "item"))
    table(
        "unlike",
        sa.Column("user", Id, primary_key=True),
        sa.Column("item", Id, primary_key=True),
        sa.Column("times", sa.Integer, nullable=False),
    )
    table(
        "impression",
        sa.Column("viewer", Id, primary_key=True),
        sa.Column("item", Id, sa.ForeignKey("item.id"), primary_key=True),
        sa.Column("first_at", Time, nullable=False, index=True),
        sa.Column("last_at", Time, nullable=False),
    )


def _deliver_feed() -> None:
    table(
        "feed_place",
        sa.Column("session", sa.String(32), primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("item", Id, sa.ForeignKey("item.id"), nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("because", Id),
        sa.Column("stage", sa.Integer),
        sa.Column("at", Time, nullable=False, index=True),
        sa.UniqueConstraint("session", "item"),
    )
    table(
        "trial",
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
        index("trial", "ended_at", "queued_at"),
        sa.CheckConstraint("likes BETWEEN 0 AND impressions", "likes"),
        sa.CheckConstraint("alike BETWEEN 0 AND impressions", "alike"),
    )
    table(
        "trial_place",
        sa.Column("item", Id, sa.ForeignKey("trial.item"), primary_key=True),
        sa.Column("viewer", Id, primary_key=True),
        sa.Column("liked", sa.Boolean, nullable=False),
    )
    table(
        "trial_step",
        sa.Column("seq", Serial, primary_key=True),
        sa.Column("item", Id, sa.ForeignKey("trial.item"), nullable=False),
        sa.Column("at", Time, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        index("trial_step", "item", "seq"),
    )


def _deliver_market() -> None:
    table(
        "label",
        sa.Column("item", Id, sa.ForeignKey("item.id"), primary_key=True),
        sa.Column("label", sa.String(40), primary_key=True, index=True),
    )
    if is_sqlite():
        op.execute("CREATE VIRTUAL TABLE market_search USING fts5(item UNINDEXED, words)")
        return
    table(
        "market_search",
        sa.Column("item", sa.Text, nullable=False),
        sa.Column("words", sa.Text, nullable=False),
    )
    op.execute(
        "CREATE INDEX market_search_words ON market_search"
        " USING gin (to_tsvector('simple'::regconfig, words))"
    )
    # ten times as many words are counted as by default, so that rare ones are told
    op.execute("ALTER INDEX market_search_words ALTER COLUMN 1 SET STATISTICS 1000")
    op.execute("CREATE INDEX market_search_item ON market_search (item)")


def _deliver_placements() -> None:
    table(
        "placement",
        sa.Column("id", Id, primary_key=True),
        sa.Column("advertiser", Id, nullable=False),
        sa.Column("item", Id, sa.ForeignKey("item.id"), nullable=False, index=True),
        sa.Column("bid", sa.BigInteger, nullable=False),
        sa.Column("daily_budget", sa.BigInteger, nullable=False),
        sa.Column("currency", Currency, nullable=False),
        sa.Column("placed_at", Time, nullable=False),
        sa.Column("stopped_at", Time),
        sa.Column("words", sa.Text),
        index("placement", "bid", "id", name="ix_placement_running", where="stopped_at IS NULL"),
        sa.CheckConstraint("bid > 0", "bid"),
        sa.CheckConstraint("daily_budget >= bid", "daily_budget"),
    )
    table(
        "charge",
        sa.Column("placement", Id, sa.ForeignKey("placement.id"), primary_key=True),
        sa.Column("day", sa.Date, primary_key=True),
        sa.Column("viewer", Id, primary_key=True),
        sa.Column("amount", sa.BigInteger, nullable=False),
        sa.Column("bid", sa.BigInteger, nullable=False),
        sa.Column("at", Time, nullable=False),
        sa.CheckConstraint("amount BETWEEN 1 AND bid", "amount"),
    )


def _redeem() -> None:
    table(
        "redemption",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("code", Code, sa.ForeignKey("share_code.code"), nullable=False),
        sa.Column("offer", Id, sa.ForeignKey("offer.id"), nullable=False),
        sa.Column("url", sa.Text, nullable=False),
        sa.Column("sharer", Id, nullable=False),
        sa.Column("buyer", Id),
        sa.Column("visitor", Id),
        sa.Column("redeemed_at", Time, nullable=False, index=True),
        sa.Column("item", Id, sa.ForeignKey("item.id"), index=True),
        sa.Column("traced_by", sa.String(16), nullable=False),
        sa.Column("own", sa.Boolean, nullable=False),
        sa.CheckConstraint("buyer IS NOT NULL OR visitor IS NOT NULL", "who"),
        index("redemption", "visitor"),
    )
    table(
        "touch",
        sa.Column("id", Serial, primary_key=True),
        sa.Column("code", Code, sa.ForeignKey("share_code.code"), nullable=False),
        sa.Column("merchant", Id, nullable=False),
        sa.Column("sharer", Id, nullable=False),
        sa.Column("buyer", Id),
        sa.Column("visitor", Id),
        sa.Column("touched_at", Time, nullable=False),
        sa.Column("redemption", sa.String(32), sa.ForeignKey("redemption.id")),
        sa.Column("own", sa.Boolean, nullable=False),
        sa.Column("bot", sa.String(64)),
        sa.Column("ip_prefix", sa.String(64)),
        sa.CheckConstraint("buyer IS NOT NULL OR visitor IS NOT NULL", "who"),
        sa.CheckConstraint("(redemption IS NULL) = (bot IS NOT NULL)", "bot"),
        index("touch", "buyer", "code", "touched_at"),
        index("touch", "buyer", "merchant", "touched_at"),
        index("touch", "visitor", "code", "touched_at"),
        index("touch", "ip_prefix", "touched_at"),
        index("touch", "touched_at", name="ix_touch_prefixed", where="ip_prefix IS NOT NULL"),
    )
    table(
        "visitor",
        sa.Column("id", Id, primary_key=True),
        sa.Column("buyer", Id, nullable=False, index=True),
        sa.Column("identified_at", Time, nullable=False),
    )
