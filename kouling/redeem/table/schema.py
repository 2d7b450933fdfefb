"""Redeem's tables: redemptions, which are counted uses, and touches, which may cause a sale.

A use is counted once per buyer, share code and hour; a touch is kept each time, at most one a
minute. What a bot touches is kept with its mark, and is no use.
"""

from __future__ import annotations

import sqlalchemy as sa

from kouling.db import Id, Serial, Time, metadata

redemption_table = sa.Table(
    "redemption",
    metadata,
    sa.Column("id", sa.String(32), primary_key=True),
    sa.Column("code", sa.String(11), sa.ForeignKey("share_code.code"), nullable=False),
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
    sa.Index("ix_redemption_visitor", "visitor"),
)

touch_table = sa.Table(
    "touch",
    metadata,
    sa.Column("id", Serial, primary_key=True),
    sa.Column("code", sa.String(11), sa.ForeignKey("share_code.code"), nullable=False),
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
    sa.Index("ix_touch_buyer_code_touched_at", "buyer", "code", "touched_at"),
    sa.Index("ix_touch_buyer_merchant_touched_at", "buyer", "merchant", "touched_at"),
    sa.Index("ix_touch_visitor_code_touched_at", "visitor", "code", "touched_at"),
    sa.Index("ix_touch_ip_prefix_touched_at", "ip_prefix", "touched_at"),
    sa.Index(
        "ix_touch_prefixed",
        "touched_at",
        sqlite_where=sa.text("ip_prefix IS NOT NULL"),
        postgresql_where=sa.text("ip_prefix IS NOT NULL"),
    ),
)

visitor_table = sa.Table(
    "visitor",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("buyer", Id, nullable=False, index=True),
    sa.Column("identified_at", Time, nullable=False),
)
