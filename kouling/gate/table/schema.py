"""The gate's tables: items, pictures, decisions, reviews, policies, bans."""

from __future__ import annotations

import sqlalchemy as sa

from kouling.db import Id, Serial, Time, metadata

item_table = sa.Table(
    "item",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("author", Id, nullable=False),
    sa.Column("surface", sa.String(16), nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("to", Id, index=True),
    sa.Column("group", Id),
    sa.Column("under", Id, sa.ForeignKey("item.id")),
    sa.Column("narrowed", sa.Boolean, nullable=False),
    sa.Column("posted_at", Time, nullable=False),
    sa.Index("ix_item_surface_posted_at_id", "surface", "posted_at", "id"),
    sa.Index("ix_item_author_surface_posted_at_id", "author", "surface", "posted_at", "id"),
    sa.Index(
        "ix_item_group_posted_at_id",
        "group",
        "posted_at",
        "id",
        sqlite_where=sa.text('"group" IS NOT NULL'),
        postgresql_where=sa.text('"group" IS NOT NULL'),
    ),
    sa.Index("ix_item_under_posted_at_id", "under", "posted_at", "id"),
)

audience_table = sa.Table(
    "audience",
    metadata,
    sa.Column("item", Id, sa.ForeignKey("item.id"), primary_key=True),
    sa.Column("user", Id, primary_key=True),
)

picture_table = sa.Table(
    "picture",
    metadata,
    sa.Column("sha256", sa.String(64), primary_key=True),
    sa.Column("bytes", sa.LargeBinary, nullable=False),
)

item_picture_table = sa.Table(
    "item_picture",
    metadata,
    sa.Column("item", Id, sa.ForeignKey("item.id"), primary_key=True),
    sa.Column("place", sa.Integer, primary_key=True),
    sa.Column("picture", sa.String(64), sa.ForeignKey("picture.sha256"), nullable=False),
)

item_code_table = sa.Table(
    "item_code",
    metadata,
    sa.Column("item", Id, sa.ForeignKey("item.id"), primary_key=True),
    sa.Column("code", sa.String(11), primary_key=True, index=True),
)

decision_table = sa.Table(
    "decision",
    metadata,
    sa.Column("item", Id, sa.ForeignKey("item.id"), primary_key=True),
    sa.Column("visibility", sa.String(8), nullable=False),
    sa.Column("policy_version", sa.String(160), nullable=False),
    sa.Column("decided_at", Time, nullable=False),
    sa.Column("body", sa.Text, nullable=False),
    sa.CheckConstraint("visibility IN ('allow', 'limit', 'drop')", "visibility"),
)

review_table = sa.Table(
    "review",
    metadata,
    sa.Column("number", Serial, primary_key=True),
    sa.Column("item", Id, sa.ForeignKey("item.id"), nullable=False, unique=True),
    sa.Column("queued_at", Time, nullable=False),
    sa.Column("closed_at", Time),
    sa.Column("visibility", sa.String(8)),
    sa.Column("reviewer", Id),
    sa.Column("reason", sa.Text),
    sa.Index(
        "ix_review_waiting",
        "number",
        sqlite_where=sa.text("closed_at IS NULL"),
        postgresql_where=sa.text("closed_at IS NULL"),
    ),
    sa.CheckConstraint("(closed_at IS NULL) = (visibility IS NULL)", "closed"),
    sa.CheckConstraint("visibility IN ('allow', 'limit', 'drop')", "visibility"),
)

text_band_table = sa.Table(
    "text_band",
    metadata,
    sa.Column("band", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("item", Id, sa.ForeignKey("item.id"), primary_key=True),
)

picture_look_table = sa.Table(
    "picture_look",
    metadata,
    sa.Column("sha256", sa.String(64), primary_key=True),
    sa.Column("looked_at", Time, nullable=False),
    sa.Column("cpu_ms", sa.Float, nullable=False),
    sa.Column("memory_mb", sa.Float, nullable=False),
    sa.Column("body", sa.LargeBinary, nullable=False),
)

picture_mark_table = sa.Table(
    "picture_mark",
    metadata,
    sa.Column("seq", Serial, primary_key=True),
    sa.Column("picture", sa.String(64), nullable=False, index=True),
    sa.Column("item", Id, sa.ForeignKey("item.id"), index=True),
    sa.Column("hashes", sa.LargeBinary, nullable=False),
    sa.Column("voters", sa.LargeBinary, nullable=False),
    sa.Column("marked_at", Time, nullable=False),
)

policy_table = sa.Table(
    "policy",
    metadata,
    sa.Column("version", sa.String(160), primary_key=True),
    sa.Column("effective_at", Time, nullable=False),
    sa.Column("activated_at", Time, nullable=False),
    sa.Column("sha256", sa.String(64), nullable=False),
    sa.Column("source", sa.Text, nullable=False),
)

ban_table = sa.Table(
    "ban",
    metadata,
    sa.Column("kind", sa.String(8), primary_key=True),
    sa.Column("value", sa.String(2_048), primary_key=True),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("banned_at", Time, nullable=False),
    sa.Column("until", Time),
)
