"""Settle's first tables: sales with their refunds, accounts, entries and postings."""

from __future__ import annotations

import sqlalchemy as sa

from kouling.db import Serial, Time
from kouling.migrations.shapes import Code, Currency, Id, foreign, index, table


def conversions() -> None:
    """Create the tables of sales, and of what becomes of them."""
    table(
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
        index("conversion", "id", "line"),
        index("conversion", "buyer", "merchant"),
        index("conversion", "sharer", name="ix_conversion_held", where="held"),
    )


def refunds() -> None:
    """Create the tables of refunds and cancellations."""
    table(
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
        index("refund", "conversion", "line", name="ix_refund_waiting", where="state = 'waiting'"),
    )
    table(
        "cancellation",
        sa.Column("no", Serial, primary_key=True),
        sa.Column("merchant", Id, nullable=False),
        sa.Column("id", Id, nullable=False),
        sa.Column("line", Id, nullable=False),
        sa.Column("conversion", Id, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("sale", sa.BigInteger, sa.ForeignKey("conversion.no"), index=True),
        sa.UniqueConstraint("merchant", "id", "line"),
        index(
            "cancellation",
            "conversion",
            "line",
            name="ix_cancellation_waiting",
            where="sale IS NULL",
        ),
    )


def accounts() -> None:
    """Create the tables of accounts, and of what stood on them."""
    sums = ("pending_debit", "pending_credit", "posted_debit", "posted_credit")
    kinds = (
        "'merchant', 'sharer', 'platform', 'leader', 'receivable', 'payout', 'tax', 'packet',"
        " 'funder', 'cash'"
    )
    there = "posted_credit - posted_debit - pending_debit"
    table(
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
    table(
        "balance_day",
        sa.Column("no", Serial, primary_key=True),
        sa.Column("account", sa.BigInteger, sa.ForeignKey("account.id"), nullable=False),
        sa.Column("day", sa.Integer, nullable=False),
        sa.Column("posted", sa.BigInteger, nullable=False),
        sa.Column("pending", sa.BigInteger, nullable=False),
        sa.UniqueConstraint("account", "day"),
    )


def entries() -> None:
    """Create the tables of entries and postings, and which of them pay for charges."""
    table(
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
        index(
            "entry", "refers", name="uq_entry_settled_once", where="kind IN ('posted', 'voided')"
        ),
    )
    table(
        "posting",
        sa.Column("entry", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("leg", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("debit", sa.BigInteger, nullable=False),
        sa.Column("credit", sa.BigInteger, nullable=False),
        sa.Column("currency", Currency, nullable=False),
        sa.Column("amount", sa.BigInteger, nullable=False),
        foreign("fk_posting_entry", "entry kind", "entry", "id kind"),
        foreign("fk_posting_debit", "debit currency", "account", "id currency"),
        foreign("fk_posting_credit", "credit currency", "account", "id currency"),
        sa.CheckConstraint("amount > 0", "amount"),
        sa.CheckConstraint("debit <> credit", "two_accounts"),
        index("posting", "debit", "entry"),
        index("posting", "credit", "entry"),
    )
    key = "placement day viewer"
    table(
        "charge_posting",
        sa.Column("placement", Id, primary_key=True),
        sa.Column("day", sa.Date, primary_key=True),
        sa.Column("viewer", Id, primary_key=True),
        sa.Column("entry", sa.BigInteger, nullable=False),
        sa.Column("leg", sa.Integer, nullable=False),
        foreign("fk_charge_posting_charge", key, "charge", key),
        foreign("fk_charge_posting_posting", "entry leg", "posting", "entry leg"),
        sa.UniqueConstraint("entry", "leg"),
    )
