"""The first tables of every room, and the triggers that keep what is append-only and balanced.

Constraints get the names that `kouling.db` gives them. What a column may hold is written out
here, so that a limit which a room changes later changes no database that is there.
"""

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
    for table in ("event", "trial_step", "charge", "entry", "posting", "charge_posting"):
        append_only(table)
    closed_once("review")
    ledger_triggers()


def downgrade() -> None:
    raise RuntimeError("the first migration is not taken back; drop the database")


def _eventlog() -> None:
    op.create_table(
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
    _edges("friendship", "user", "friend")
    _edges("follow", "follower", "followee")
    _edges("membership", "user", "group")
    _edges("block", "user", "blocked")


def _mint() -> None:
    op.create_table(
        "code_key",
        sa.Column("no", Serial, primary_key=True),
        sa.Column("issuer", Id, nullable=False),
        sa.Column("secret", sa.LargeBinary, nullable=False),
        sa.Column("mints_from", Time, nullable=False),
        sa.Column("sealed", sa.Boolean, nullable=False),
        sa.UniqueConstraint("issuer", "secret"),
    )
    op.create_table(
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
    op.create_table(
        "merchant_host",
        sa.Column("merchant", Id, primary_key=True),
        sa.Column("host", sa.String(253), primary_key=True),
    )
    op.create_table(
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
    op.create_table(
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
    op.create_table(
        "audience",
        sa.Column("item", Id, sa.ForeignKey("item.id"), primary_key=True),
        sa.Column("user", Id, primary_key=True),
    )
    op.create_table(
        "picture",
        sa.Column("sha256", Sha256, primary_key=True),
        sa.Column("bytes", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "item_picture",
        sa.Column("item", Id, sa.ForeignKey("item.id"), primary_key=True),
        sa.Column("place", sa.Integer, primary_key=True),
        sa.Column("picture", Sha256, sa.ForeignKey("picture.sha256"), nullable=False),
    )
    op.create_table(
        "item_code",
        sa.Column("item", Id, sa.ForeignKey("item.id"), primary_key=True),
        sa.Column("code", Code, primary_key=True, index=True),
    )


def _gate_decisions() -> None:
    op.create_table(
        "decision",
        sa.Column("item", Id, sa.ForeignKey("item.id"), primary_key=True),
        sa.Column("visibility", sa.String(8), nullable=False),
        sa.Column("policy_version", sa.String(160), nullable=False),
        sa.Column("decided_at", Time, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.CheckConstraint("visibility IN ('allow', 'limit', 'drop')", "visibility"),
    )
    op.create_table(
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
    op.create_table(
        "policy",
        sa.Column("version", sa.String(160), primary_key=True),
        sa.Column("effective_at", Time, nullable=False),
        sa.Column("activated_at", Time, nullable=False),
        sa.Column("sha256", Sha256, nullable=False),
        sa.Column("source", sa.Text, nullable=False),
    )
    op.create_table(
        "ban",
        sa.Column("kind", sa.String(8), primary_key=True),
        sa.Column("value", sa.String(2_048), primary_key=True),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("banned_at", Time, nullable=False),
        sa.Column("until", Time),
    )


def _gate_known() -> None:
    op.create_table(
        "text_band",
        sa.Column("band", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("item", Id, sa.ForeignKey("item.id"), primary_key=True),
    )
    op.create_table(
        "picture_look",
        sa.Column("sha256", Sha256, primary_key=True),
        sa.Column("looked_at", Time, nullable=False),
        sa.Column("cpu_ms", sa.Float, nullable=False),
        sa.Column("memory_mb", sa.Float, nullable=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "picture_mark",
        sa.Column("seq", Serial, primary_key=True),
        sa.Column("picture", Sha256, nullable=False, index=True),
        sa.Column("item", Id, sa.ForeignKey("item.id"), index=True),
        sa.Column("hashes", sa.LargeBinary, nullable=False),
        sa.Column("marked_at", Time, nullable=False),
    )


def _deliver_likes() -> None:
    _edges("like", "user", "item", _index("like", "item"), _index("like", "user", "at", "item"))
    op.create_table(
        "unlike",
        sa.Column("user", Id, primary_key=True),
        sa.Column("item", Id, primary_key=True),
        sa.Column("times", sa.Integer, nullable=False),
    )
    op.create_table(
        "impression",
        sa.Column("viewer", Id, primary_key=True),
        sa.Column("item", Id, sa.ForeignKey("item.id"), primary_key=True),
        sa.Column("first_at", Time, nullable=False, index=True),
        sa.Column("last_at", Time, nullable=False),
    )


def _deliver_feed() -> None:
    op.create_table(
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
    op.create_table(
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
    op.create_table(
        "trial_place",
        sa.Column("item", Id, sa.ForeignKey("trial.item"), primary_key=True),
        sa.Column("viewer", Id, primary_key=True),
        sa.Column("liked", sa.Boolean, nullable=False),
    )
    op.create_table(
        "trial_step",
        sa.Column("seq", Serial, primary_key=True),
        sa.Column("item", Id, sa.ForeignKey("trial.item"), nullable=False),
        sa.Column("at", Time, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        _index("trial_step", "item", "seq"),
    )


def _deliver_market() -> None:
    op.create_table(
        "label",
        sa.Column("item", Id, sa.ForeignKey("item.id"), primary_key=True),
        sa.Column("label", sa.String(40), primary_key=True, index=True),
    )
    if op.get_bind().dialect.name == "sqlite":
        op.execute("CREATE VIRTUAL TABLE market_search USING fts5(item UNINDEXED, words)")
        return
    op.create_table(
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
    op.create_table(
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
    op.create_table(
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
    op.create_table(
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
    op.create_table(
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
    op.create_table(
        "visitor",
        sa.Column("id", Id, primary_key=True),
        sa.Column("buyer", Id, nullable=False, index=True),
        sa.Column("identified_at", Time, nullable=False),
    )
    op.create_table(
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
    op.create_table(
        "conversion",
        sa.Column("id", Id, primary_key=True),
        sa.Column("buyer", Id, nullable=False),
        sa.Column("offer", Id, sa.ForeignKey("offer.id"), nullable=False),
        sa.Column("amount", sa.BigInteger, nullable=False),
        sa.Column("refunded", sa.BigInteger, nullable=False, server_default="0"),
        sa.Column("currency", Currency, nullable=False),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("converted_at", Time, nullable=False, index=True),
        sa.Column("redemption", sa.String(32), sa.ForeignKey("redemption.id")),
        sa.Column("merchant", Id, nullable=False),
        sa.Column("sharer", Id),
        sa.Column("rate_bps", sa.Integer, nullable=False),
        sa.Column("platform_bps", sa.Integer, nullable=False),
        sa.CheckConstraint("amount > 0", "amount"),
        sa.CheckConstraint("refunded BETWEEN 0 AND amount", "refunded"),
    )


def _settle_ledger() -> None:
    name = sa.String(160)
    sums = ("pending_debit", "pending_credit", "posted_debit", "posted_credit")
    op.create_table(
        "account",
        sa.Column("name", name, primary_key=True),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("owner", Id, nullable=False),
        sa.Column("currency", Currency, nullable=False),
        *(sa.Column(one, sa.BigInteger, nullable=False, server_default="0") for one in sums),
        *(sa.CheckConstraint(f"{one} >= 0", one) for one in sums),
        sa.UniqueConstraint("name", "currency"),
    )
    op.create_table(
        "entry",
        sa.Column("id", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("conversion", Id, sa.ForeignKey("conversion.id"), index=True),
        sa.Column("refers", sa.BigInteger, sa.ForeignKey("entry.id")),
        sa.Column("memo", sa.Text, nullable=False),
        sa.Column("entered_at", Time, nullable=False, index=True),
        sa.Column("previous", Sha256, nullable=False, unique=True),
        sa.Column("hash", Sha256, nullable=False, unique=True),
        sa.CheckConstraint("kind IN ('pending', 'posted', 'voided', 'reversal')", "kind"),
        sa.CheckConstraint(
            "(kind = 'pending' OR kind = 'posted' AND conversion IS NULL) = (refers IS NULL)",
            "refers",
        ),
        _index(
            "entry", "refers", name="uq_entry_settled_once", where="kind IN ('posted', 'voided')"
        ),
    )
    op.create_table(
        "posting",
        sa.Column("entry", sa.BigInteger, sa.ForeignKey("entry.id"), primary_key=True),
        sa.Column("leg", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("debit", name, nullable=False),
        sa.Column("credit", name, nullable=False),
        sa.Column("currency", Currency, nullable=False),
        sa.Column("amount", sa.BigInteger, nullable=False),
        _foreign("fk_posting_debit", "debit currency", "account", "name currency"),
        _foreign("fk_posting_credit", "credit currency", "account", "name currency"),
        sa.CheckConstraint("amount > 0", "amount"),
        sa.CheckConstraint("debit <> credit", "two_accounts"),
    )
    key = "placement day viewer"
    op.create_table(
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


def _edges(table: str, one: str, other: str, *more: sa.Index) -> None:
    """Create a table of edges, each once, between what two columns name."""
    op.create_table(
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
