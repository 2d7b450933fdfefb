"""The first tables of every room, and the triggers that keep what is append-only and balanced.

Constraints get the names that `kouling.db` gives them. What a column may hold is written out
here, so that a limit which a room changes later changes no database that is there.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

from kouling.db import Serial, Time
from kouling.migrations.triggers import append_only, closed_once, ledger_triggers

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

Id = sa.String(128)
Code = sa.String(11)
Sha256 = sa.String(64)
Currency = sa.String(3)


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
    _settle_conversions()
    _settle_ledger()
    for table in (
        "event",
        "trial_step",
        "charge",
        "entry",
        "posting",
        "charge_posting",
        "balance_day",
    ):
        append_only(table)
    closed_once("review")
    ledger_triggers()


def downgrade() -> None:
    raise RuntimeError("the first migration is not taken back; drop the database")


def _eventlog() -> None:
    _table(
        "event",
        sa.Column("seq", Serial, primary_key=True),
        sa.Column("at", Time, nullable=False),
        sa.Column("verb", sa.String(32), nullable=False),
        sa.Column("key", sa.String(512), nullable=False),
        sa.Column("request_sha256", Sha256, nullable=False),
        sa.Column("request", sa.Text, nullable=False),
        sa.Column("answer", sa.Text, nullable=False),
        sa.UniqueConstraint("verb", "key"),
    )


def _people() -> None:
    _edges("friendship", "user", "friend")
    _edges("follow", "follower", "followee")
    _edges("membership", "user", "group")
    _edges("block", "user", "blocked")


def _mint() -> None:
    _table(
        "code_key",
        sa.Column("no", Serial, primary_key=True),
        sa.Column("issuer", Id, nullable=False),
        sa.Column("secret", sa.LargeBinary, nullable=False),
        sa.Column("mints_from", Time, nullable=False),
        sa.UniqueConstraint("issuer", "secret"),
    )
    _table(
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
    _table(
        "merchant_host",
        sa.Column("merchant", Id, primary_key=True),
        sa.Column("host", sa.String(253), primary_key=True),
    )
    _table(
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
    _table(
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
        _index("item", "surface", "posted_at", "id"),
        _index("item", "author", "surface", "posted_at", "id"),
        _index("item", "group", "posted_at", "id", where='"group" IS NOT NULL'),
        _index("item", "under", "posted_at", "id"),
    )
    _table(
        "audience",
        sa.Column("item", Id, sa.ForeignKey("item.id"), primary_key=True),
        sa.Column("user", Id, primary_key=True),
    )
    _table(
        "picture",
        sa.Column("sha256", Sha256, primary_key=True),
        sa.Column("bytes", sa.LargeBinary, nullable=False),
    )
    _table(
        "item_picture",
        sa.Column("item", Id, sa.ForeignKey("item.id"), primary_key=True),
        sa.Column("place", sa.Integer, primary_key=True),
        sa.Column("picture", Sha256, sa.ForeignKey("picture.sha256"), nullable=False),
    )
    _table(
        "item_code",
        sa.Column("item", Id, sa.ForeignKey("item.id"), primary_key=True),
        sa.Column("code", Code, primary_key=True, index=True),
    )


def _gate_decisions() -> None:
    _table(
        "decision",
        sa.Column("item", Id, sa.ForeignKey("item.id"), primary_key=True),
        sa.Column("visibility", sa.String(8), nullable=False),
        sa.Column("policy_version", sa.String(160), nullable=False),
        sa.Column("decided_at", Time, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.CheckConstraint("visibility IN ('allow', 'limit', 'drop')", "visibility"),
    )
    _table(
        "review",
        sa.Column("number", Serial, primary_key=True),
        sa.Column("item", Id, sa.ForeignKey("item.id"), nullable=False, unique=True),
        sa.Column("queued_at", Time, nullable=False),
        sa.Column("closed_at", Time),
        sa.Column("visibility", sa.String(8)),
        sa.Column("reviewer", Id),
        sa.Column("reason", sa.Text),
        _index("review", "number", name="ix_review_waiting", where="closed_at IS NULL"),
        sa.CheckConstraint("(closed_at IS NULL) = (visibility IS NULL)", "closed"),
        sa.CheckConstraint("visibility IN ('allow', 'limit', 'drop')", "visibility"),
    )
    _table(
        "policy",
        sa.Column("version", sa.String(160), primary_key=True),
        sa.Column("effective_at", Time, nullable=False),
        sa.Column("activated_at", Time, nullable=False),
        sa.Column("sha256", Sha256, nullable=False),
        sa.Column("source", sa.Text, nullable=False),
    )
    _table(
        "ban",
        sa.Column("kind", sa.String(8), primary_key=True),
        sa.Column("value", sa.String(2_048), primary_key=True),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("banned_at", Time, nullable=False),
        sa.Column("until", Time),
    )


def _gate_known() -> None:
    _table(
        "text_band",
        sa.Column("band", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("item", Id, sa.ForeignKey("item.id"), primary_key=True),
    )
    _table(
        "picture_look",
        sa.Column("sha256", Sha256, primary_key=True),
        sa.Column("looked_at", Time, nullable=False),
        sa.Column("cpu_ms", sa.Float, nullable=False),
        sa.Column("memory_mb", sa.Float, nullable=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
    )
    _table(
        "picture_mark",
        sa.Column("seq", Serial, primary_key=True),
        sa.Column("picture", Sha256, nullable=False, index=True),
        sa.Column("item", Id, sa.ForeignKey("item.id"), index=True),
        sa.Column("hashes", sa.LargeBinary, nullable=False),
        sa.Column("marked_at", Time, nullable=False),
    )


def _deliver_likes() -> None:
    _edges("like", "user", "item", _index("like", "item"), _index("like", "user", "at", "item"))
    _table(
        "unlike",
        sa.Column("user", Id, primary_key=True),
        sa.Column("item", Id, primary_key=True),
        sa.Column("times", sa.Integer, nullable=False),
    )
    _table(
        "impression",
        sa.Column("viewer", Id, primary_key=True),
        sa.Column("item", Id, sa.ForeignKey("item.id"), primary_key=True),
        sa.Column("first_at", Time, nullable=False, index=True),
        sa.Column("last_at", Time, nullable=False),
    )


def _deliver_feed() -> None:
    _table(
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
    _table(
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
        _index("trial", "ended_at", "queued_at"),
        sa.CheckConstraint("likes BETWEEN 0 AND impressions", "likes"),
        sa.CheckConstraint("alike BETWEEN 0 AND impressions", "alike"),
    )
    _table(
        "trial_place",
        sa.Column("item", Id, sa.ForeignKey("trial.item"), primary_key=True),
        sa.Column("viewer", Id, primary_key=True),
        sa.Column("liked", sa.Boolean, nullable=False),
    )
    _table(
        "trial_step",
        sa.Column("seq", Serial, primary_key=True),
        sa.Column("item", Id, sa.ForeignKey("trial.item"), nullable=False),
        sa.Column("at", Time, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        _index("trial_step", "item", "seq"),
    )


def _deliver_market() -> None:
    _table(
        "label",
        sa.Column("item", Id, sa.ForeignKey("item.id"), primary_key=True),
        sa.Column("label", sa.String(40), primary_key=True, index=True),
    )
    if _is_sqlite():
        op.execute("CREATE VIRTUAL TABLE market_search USING fts5(item UNINDEXED, words)")
        return
    _table(
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
    _table(
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
        _index("placement", "bid", "id", name="ix_placement_running", where="stopped_at IS NULL"),
        sa.CheckConstraint("bid > 0", "bid"),
        sa.CheckConstraint("daily_budget >= bid", "daily_budget"),
    )
    _table(
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
    _table(
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
        _index("redemption", "visitor"),
    )
    _table(
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
        _index("touch", "buyer", "code", "touched_at"),
        _index("touch", "buyer", "merchant", "touched_at"),
        _index("touch", "visitor", "code", "touched_at"),
        _index("touch", "ip_prefix", "touched_at"),
        _index("touch", "touched_at", name="ix_touch_prefixed", where="ip_prefix IS NOT NULL"),
    )
    _table(
        "visitor",
        sa.Column("id", Id, primary_key=True),
        sa.Column("buyer", Id, nullable=False, index=True),
        sa.Column("identified_at", Time, nullable=False),
    )
    _table(
        "crossing",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("viewer", Id, nullable=False),
        sa.Column("direction", sa.String(8), nullable=False),
        sa.Column("surface", sa.String(16), nullable=False),
        sa.Column("url", sa.Text, nullable=False),
        sa.Column("outcome", sa.String(16), nullable=False),
        sa.Column("policy_version", sa.String(160), nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("crossed_at", Time, nullable=False),
        sa.CheckConstraint("outcome IN ('passed', 'interstitial', 'refusal')", "outcome"),
        sa.CheckConstraint("direction IN ('out', 'in')", "direction"),
        _index("crossing", "viewer", "crossed_at"),
    )


def _settle_conversions() -> None:
    _table(
        "conversion",
        sa.Column("no", Serial, primary_key=True),
        sa.Column("merchant", Id, nullable=False),
        sa.Column("id", Id, nullable=False),
        sa.Column("line", Id, nullable=False),
        sa.Column("offer", Id, sa.ForeignKey("offer.id"), nullable=False),
        sa.Column("buyer", Id),
        sa.Column("currency", Currency, nullable=False),
        sa.Column("amount", sa.BigInteger, nullable=False),
        sa.Column("net", sa.Boolean, nullable=False),
        sa.Column("refunded", sa.BigInteger, nullable=False),
        sa.Column("netted", sa.BigInteger, nullable=False),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("converted_at", Time, nullable=False, index=True),
        sa.Column("reported_at", Time),
        sa.Column("code", Code, nullable=False),
        sa.Column("tracking", Id, nullable=False),
        sa.Column("first", sa.Boolean),
        sa.Column("commission", sa.BigInteger),
        sa.Column("platform", Id, nullable=False),
        sa.Column("sharer", Id),
        sa.Column("redemption", sa.String(32), sa.ForeignKey("redemption.id")),
        sa.Column("rate_bps", sa.Integer, nullable=False),
        sa.Column("platform_bps", sa.Integer, nullable=False),
        sa.Column("days", sa.Integer, nullable=False),
        sa.Column("touchpoints", sa.Integer),
        sa.Column("why", sa.Text),
        sa.Column("held", sa.Boolean, nullable=False),
        sa.Column("report", sa.String(512), nullable=False),
        sa.UniqueConstraint("merchant", "id", "line"),
        sa.CheckConstraint("amount >= 0", "amount"),
        sa.CheckConstraint("refunded >= 0 AND netted BETWEEN 0 AND refunded", "refunded"),
        sa.CheckConstraint("status IN ('ordered', 'paid', 'received', 'cancelled')", "status"),
        _index("conversion", "id", "line"),
        _index("conversion", "buyer", "merchant"),
        _index("conversion", "sharer", name="ix_conversion_held", where="held"),
    )
    _table(
        "refund",
        sa.Column("no", Serial, primary_key=True),
        sa.Column("merchant", Id, nullable=False),
        sa.Column("id", Id, nullable=False),
        sa.Column("line", Id, nullable=False),
        sa.Column("conversion", Id, nullable=False),
        sa.Column("currency", Currency, nullable=False),
        sa.Column("amount", sa.BigInteger, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("refunded_at", Time),
        sa.Column("sale", sa.BigInteger, sa.ForeignKey("conversion.no"), index=True),
        sa.Column("state", sa.String(8), nullable=False),
        sa.Column("netted", sa.Boolean, nullable=False),
        sa.UniqueConstraint("merchant", "id", "line"),
        sa.CheckConstraint("amount > 0", "amount"),
        sa.CheckConstraint("state IN ('waiting', 'applied', 'undone')", "state"),
        _index("refund", "conversion", "line", name="ix_refund_waiting", where="state = 'waiting'"),
    )
    _table(
        "cancellation",
        sa.Column("no", Serial, primary_key=True),
        sa.Column("merchant", Id, nullable=False),
        sa.Column("id", Id, nullable=False),
        sa.Column("line", Id, nullable=False),
        sa.Column("conversion", Id, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("sale", sa.BigInteger, sa.ForeignKey("conversion.no"), index=True),
        sa.UniqueConstraint("merchant", "id", "line"),
        _index(
            "cancellation",
            "conversion",
            "line",
            name="ix_cancellation_waiting",
            where="sale IS NULL",
        ),
    )


def _settle_ledger() -> None:
    sums = ("pending_debit", "pending_credit", "posted_debit", "posted_credit")
    kinds = (
        "'merchant', 'sharer', 'platform', 'leader', 'receivable', 'payout', 'tax', 'packet',"
        " 'funder', 'cash'"
    )
    there = "posted_credit - posted_debit - pending_debit"
    _table(
        "account",
        sa.Column("id", Serial, primary_key=True),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("owner", Id, nullable=False),
        sa.Column("currency", Currency, nullable=False),
        *(sa.Column(one, sa.BigInteger, nullable=False, server_default="0") for one in sums),
        sa.Column("credit_limit", sa.BigInteger),
        sa.Column("day", sa.Integer, nullable=False),
        *(sa.CheckConstraint(f"{one} BETWEEN 0 AND {1 << 62}", one) for one in sums),
        sa.CheckConstraint(f"kind IN ({kinds})", "kind"),
        sa.CheckConstraint(
            f"kind NOT IN ('sharer', 'payout', 'tax', 'packet') OR {there} >= 0", "floor"
        ),
        sa.CheckConstraint(f"credit_limit IS NULL OR {there} >= -credit_limit", "credit_limit"),
        sa.UniqueConstraint("owner", "kind", "currency"),
        sa.UniqueConstraint("id", "currency"),
    )
    _table(
        "balance_day",
        sa.Column("no", Serial, primary_key=True),
        sa.Column("account", sa.BigInteger, sa.ForeignKey("account.id"), nullable=False),
        sa.Column("day", sa.Integer, nullable=False),
        sa.Column("posted", sa.BigInteger, nullable=False),
        sa.Column("pending", sa.BigInteger, nullable=False),
        sa.UniqueConstraint("account", "day"),
    )
    _table(
        "entry",
        sa.Column("id", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("conversion", sa.BigInteger, sa.ForeignKey("conversion.no"), index=True),
        sa.Column("about_kind", sa.String(16)),
        sa.Column("about_id", Id),
        sa.Column("refers", sa.BigInteger, sa.ForeignKey("entry.id")),
        sa.Column("memo", sa.Text, nullable=False),
        sa.Column("terms", sa.Text),
        sa.Column("entered_at", Time, nullable=False, index=True),
        sa.Column("effective_at", Time, nullable=False),
        sa.Column("hash", sa.LargeBinary, nullable=False),
        sa.UniqueConstraint("id", "kind"),
        sa.CheckConstraint("kind IN ('pending', 'posted', 'voided', 'reversal')", "kind"),
        sa.CheckConstraint(
            "(kind = 'pending' OR kind = 'posted' AND conversion IS NULL) = (refers IS NULL)",
            "refers",
        ),
        sa.CheckConstraint(
            "(conversion IS NULL) = (about_kind IS NOT NULL)"
            " AND (about_kind IS NULL) = (about_id IS NULL)",
            "about",
        ),
        sa.CheckConstraint("effective_at <= entered_at", "effective"),
        _index(
            "entry", "refers", name="uq_entry_settled_once", where="kind IN ('posted', 'voided')"
        ),
    )
    _table(
        "posting",
        sa.Column("entry", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("leg", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("debit", sa.BigInteger, nullable=False),
        sa.Column("credit", sa.BigInteger, nullable=False),
        sa.Column("currency", Currency, nullable=False),
        sa.Column("amount", sa.BigInteger, nullable=False),
        _foreign("fk_posting_entry", "entry kind", "entry", "id kind"),
        _foreign("fk_posting_debit", "debit currency", "account", "id currency"),
        _foreign("fk_posting_credit", "credit currency", "account", "id currency"),
        sa.CheckConstraint("amount > 0", "amount"),
        sa.CheckConstraint("debit <> credit", "two_accounts"),
        _index("posting", "debit", "entry"),
        _index("posting", "credit", "entry"),
    )
    key = "placement day viewer"
    _table(
        "charge_posting",
        sa.Column("placement", Id, primary_key=True),
        sa.Column("day", sa.Date, primary_key=True),
        sa.Column("viewer", Id, primary_key=True),
        sa.Column("entry", sa.BigInteger, nullable=False),
        sa.Column("leg", sa.Integer, nullable=False),
        _foreign("fk_charge_posting_charge", key, "charge", key),
        _foreign("fk_charge_posting_posting", "entry leg", "posting", "entry leg"),
        sa.UniqueConstraint("entry", "leg"),
    )


_strict: dict[type[Any], type[Any]] = {
    sa.Text: sa.Text,
    sa.String: sa.Text,
    sa.Boolean: sa.Integer,
    sa.Integer: sa.Integer,
    sa.Float: sa.REAL,
    sa.Date: sa.Text,
    sa.LargeBinary: sa.BLOB,
}
"""A column's type → the one of the few that SQLite holds a column to."""


def _table(name: str, *items: sa.schema.SchemaItem) -> None:
    """Create a table; on SQLite a strict one, which takes no value of another type."""
    if not _is_sqlite():
        op.create_table(name, *items)
        return
    for column in (item for item in items if isinstance(item, sa.Column)):
        kind = column.type.impl if isinstance(column.type, Time) else column.type
        column.type = next(strict() for one, strict in _strict.items() if isinstance(kind, one))
    op.create_table(name, *items, sqlite_strict=True)


def _is_sqlite() -> bool:
    return op.get_bind().dialect.name == "sqlite"


def _edges(table: str, one: str, other: str, *more: sa.Index) -> None:
    """Create a table of edges, each once, between what two columns name."""
    _table(
        table,
        sa.Column(one, Id, primary_key=True),
        sa.Column(other, Id, primary_key=True),
        sa.Column("at", Time, nullable=False, index=True),
        *more,
    )


def _index(table: str, *columns: str, name: str = "", where: str = "") -> sa.Index:
    """Return an index of a new table, over the rows that meet a condition; `uq_` is unique."""
    name = name or "_".join(("ix", table, *columns))
    only = sa.text(where) if where else None
    unique = name.startswith("uq_")
    return sa.Index(name, *columns, unique=unique, sqlite_where=only, postgresql_where=only)


def _foreign(name: str, columns: str, table: str, others: str) -> sa.ForeignKeyConstraint:
    """Return a reference of several columns to as many of another table."""
    keys = [f"{table}.{other}" for other in others.split()]
    return sa.ForeignKeyConstraint(columns.split(), keys, name=name)
