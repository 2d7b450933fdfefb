"""Pictures: what was seen in them, and the marks by which they are known again."""

import sqlalchemy as sa
from alembic import op

from kouling.db import Serial, Time

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "picture_look",
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("looked_at", Time(), nullable=False),
        sa.Column("cpu_ms", sa.Float(), nullable=False),
        sa.Column("memory_mb", sa.Float(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_picture_look")),
    )
    op.create_table(
        "picture_mark",
        sa.Column("seq", Serial, nullable=False),
        sa.Column("picture", sa.String(length=64), nullable=False),
        sa.Column("item", sa.String(length=128), nullable=True),
        sa.Column("hashes", sa.LargeBinary(), nullable=False),
        sa.Column("marked_at", Time(), nullable=False),
        sa.ForeignKeyConstraint(["item"], ["item.id"], name=op.f("fk_picture_mark_item")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_picture_mark")),
    )
    op.create_index(op.f("ix_picture_mark_item"), "picture_mark", ["item"])
    op.create_index(op.f("ix_picture_mark_picture"), "picture_mark", ["picture"])


def downgrade() -> None:
    raise RuntimeError("what was seen is not thrown away; keep the newer Kouling")
