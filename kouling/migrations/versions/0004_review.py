"""The review queue: items that wait for a person, and how each case was closed."""

import sqlalchemy as sa
from alembic import op

from kouling.db import Serial, Time
from kouling.migrations.triggers import closed_once

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "review",
        sa.Column("number", Serial, nullable=False),
        sa.Column("item", sa.String(length=128), nullable=False),
        sa.Column("queued_at", Time(), nullable=False),
        sa.Column("closed_at", Time(), nullable=True),
        sa.Column("visibility", sa.String(length=8), nullable=True),
        sa.Column("reviewer", sa.String(length=128), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "(closed_at IS NULL) = (visibility IS NULL)", name=op.f("ck_review_closed")
        ),
        sa.CheckConstraint(
            "visibility IN ('allow', 'limit', 'drop')", name=op.f("ck_review_visibility")
        ),
        sa.ForeignKeyConstraint(["item"], ["item.id"], name=op.f("fk_review_item")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_review")),
        sa.UniqueConstraint("item", name=op.f("uq_review_item")),
    )
    waiting = sa.text("closed_at IS NULL")
    op.create_index(
        "ix_review_waiting",
        "review",
        ["number"],
        sqlite_where=waiting,
        postgresql_where=waiting,
    )
    closed_once("review")


def downgrade() -> None:
    raise RuntimeError("what reviewers decided is not thrown away; keep the newer Kouling")
