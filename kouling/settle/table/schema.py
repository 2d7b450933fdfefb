"""Settle's tables: accounts, entries and postings; sales, their refunds and cancellations.

Constraints and triggers of the database keep the ledger's rules: entries and postings are
append-only, a posting is positive, within one currency and of its entry's kind, an estimate is
settled or voided at most once, balances follow from postings alone and stay within their bounds,
nothing is reversed beyond what was posted.
"""

from __future__ import annotations

import sqlalchemy as sa

from kouling.db import Id, Serial, Time, metadata
from kouling.settle.ledger.rules import sum_max
from kouling.settle.records import AccountKind, never_below_zero

sums = ("pending_debit", "pending_credit", "posted_debit", "posted_credit")
"""The columns of an account that its postings are summed in."""


def _listed(names: tuple[str, ...]) -> str:
    return ", ".join(f"'{name}'" for name in names)


account_table = sa.Table(
    "account",
    metadata,
    sa.Column("id", Serial, primary_key=True),
    sa.Column("kind", sa.String(16), nullable=False),
    sa.Column("owner", Id, nullable=False),
    sa.Column("currency", sa.String(3), nullable=False),
    *(sa.Column(name, sa.BigInteger, nullable=False, server_default="0") for name in sums),
    sa.Column("credit_limit", sa.BigInteger),
    sa.Column("day", sa.Integer, nullable=False),
    *(sa.CheckConstraint(f"{name} BETWEEN 0 AND {sum_max}", name) for name in sums),
    sa.CheckConstraint(f"kind IN ({_listed(tuple(AccountKind))})", "kind"),
    sa.CheckConstraint(
        f"kind NOT IN ({_listed(never_below_zero)})"
        " OR posted_credit - posted_debit - pending_debit >= 0",
        "floor",
    ),
    sa.CheckConstraint(
        "credit_limit IS NULL OR posted_credit - posted_debit - pending_debit >= -credit_limit",
        "credit_limit",
    ),
    sa.UniqueConstraint("owner", "kind", "currency"),
    sa.UniqueConstraint("id", "currency"),
)

balance_day_table = sa.Table(
    "balance_day",
    metadata,
    sa.Column("no", Serial, primary_key=True),
    sa.Column("account", sa.BigInteger, sa.ForeignKey("account.id"), nullable=False),
    sa.Column("day", sa.Integer, nullable=False),
    sa.Column("posted", sa.BigInteger, nullable=False),
    sa.Column("pending", sa.BigInteger, nullable=False),
    sa.UniqueConstraint("account", "day"),
)
"""What stood on an account at the end of a day (since 1970) on which it moved."""

conversion_table = sa.Table(
    "conversion",
    metadata,
    sa.Column("no", Serial, primary_key=True),
    sa.Column("merchant", Id, nullable=False),
    sa.Column("id", Id, nullable=False),
    sa.Column("line", Id, nullable=False),
    sa.Column("offer", Id, sa.ForeignKey("offer.id"), nullable=False),
    sa.Column("buyer", Id),
    sa.Column("currency", sa.String(3), nullable=False),
    sa.Column("amount", sa.BigInteger, nullable=False),
    sa.Column("net", sa.Boolean, nullable=False),
    sa.Column("refunded", sa.BigInteger, nullable=False),
    sa.Column("netted", sa.BigInteger, nullable=False),
    sa.Column("status", sa.String(16), nullable=False),
    sa.Column("converted_at", Time, nullable=False, index=True),
    sa.Column("reported_at", Time),
    sa.Column("code", sa.String(11), nullable=False),
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
    sa.Index("ix_conversion_id_line", "id", "line"),
    sa.Index("ix_conversion_buyer_merchant", "buyer", "merchant"),
    sa.Index(
        "ix_conversion_held",
        "sharer",
        sqlite_where=sa.text("held"),
        postgresql_where=sa.text("held"),
    ),
)

refund_table = sa.Table(
    "refund",
    metadata,
    sa.Column("no", Serial, primary_key=True),
    sa.Column("merchant", Id, nullable=False),
    sa.Column("id", Id, nullable=False),
    sa.Column("line", Id, nullable=False),
    sa.Column("conversion", Id, nullable=False),
    sa.Column("currency", sa.String(3), nullable=False),
    sa.Column("amount", sa.BigInteger, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("refunded_at", Time),
    sa.Column("sale", sa.BigInteger, sa.ForeignKey("conversion.no"), index=True),
    sa.Column("state", sa.String(8), nullable=False),
    sa.Column("netted", sa.Boolean, nullable=False),
    sa.UniqueConstraint("merchant", "id", "line"),
    sa.CheckConstraint("amount > 0", "amount"),
    sa.CheckConstraint("state IN ('waiting', 'applied', 'undone')", "state"),
    sa.Index(
        "ix_refund_waiting",
        "conversion",
        "line",
        sqlite_where=sa.text("state = 'waiting'"),
        postgresql_where=sa.text("state = 'waiting'"),
    ),
)

cancellation_table = sa.Table(
    "cancellation",
    metadata,
    sa.Column("no", Serial, primary_key=True),
    sa.Column("merchant", Id, nullable=False),
    sa.Column("id", Id, nullable=False),
    sa.Column("line", Id, nullable=False),
    sa.Column("conversion", Id, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("sale", sa.BigInteger, sa.ForeignKey("conversion.no"), index=True),
    sa.UniqueConstraint("merchant", "id", "line"),
    sa.Index(
        "ix_cancellation_waiting",
        "conversion",
        "line",
        sqlite_where=sa.text("sale IS NULL"),
        postgresql_where=sa.text("sale IS NULL"),
    ),
)

entry_table = sa.Table(
    "entry",
    metadata,
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
        "(kind = 'pending' OR kind = 'posted' AND conversion IS NULL) = (refers IS NULL)", "refers"
    ),
    sa.CheckConstraint(
        "(conversion IS NULL) = (about_kind IS NOT NULL)"
        " AND (about_kind IS NULL) = (about_id IS NULL)",
        "about",
    ),
    sa.CheckConstraint("effective_at <= entered_at", "effective"),
    sa.Index(
        "uq_entry_settled_once",
        "refers",
        unique=True,
        sqlite_where=sa.text("kind IN ('posted', 'voided')"),
        postgresql_where=sa.text("kind IN ('posted', 'voided')"),
    ),
)

posting_table = sa.Table(
    "posting",
    metadata,
    sa.Column("entry", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("leg", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("kind", sa.String(16), nullable=False),
    sa.Column("debit", sa.BigInteger, nullable=False),
    sa.Column("credit", sa.BigInteger, nullable=False),
    sa.Column("currency", sa.String(3), nullable=False),
    sa.Column("amount", sa.BigInteger, nullable=False),
    sa.ForeignKeyConstraint(["entry", "kind"], ["entry.id", "entry.kind"], name="fk_posting_entry"),
    sa.ForeignKeyConstraint(
        ["debit", "currency"], ["account.id", "account.currency"], name="fk_posting_debit"
    ),
    sa.ForeignKeyConstraint(
        ["credit", "currency"], ["account.id", "account.currency"], name="fk_posting_credit"
    ),
    sa.CheckConstraint("amount > 0", "amount"),
    sa.CheckConstraint("debit <> credit", "two_accounts"),
    sa.Index("ix_posting_debit_entry", "debit", "entry"),
    sa.Index("ix_posting_credit_entry", "credit", "entry"),
)
