"""Places of the interest feed know when they were given, so that old ones are forgotten."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from kouling.db import Time

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_names = "session, number, item, reason, because, stage"


def upgrade() -> None:
    """Let the places that were given before be as old as the newest event."""
    _make_anew(
        sa.Column("at", Time(), nullable=False),
        f"INSERT INTO feed_place ({_names}, at) SELECT {_names},"
        " coalesce((SELECT at FROM event ORDER BY seq DESC LIMIT 1), 0) FROM kept",
    )
    op.create_index("ix_feed_place_at", "feed_place", ["at"])


def downgrade() -> None:
    op.drop_index("ix_feed_place_at", "feed_place")
    _make_anew(None, f"INSERT INTO feed_place ({_names}) SELECT {_names} FROM kept")


def _make_anew(at: sa.Column[object] | None, copy: str) -> None:
    """Make the table anew, since SQLite can't add a column that is never empty."""
    op.execute("CREATE TEMP TABLE kept AS SELECT * FROM feed_place")
    op.drop_table("feed_place")
    op.create_table(
        "feed_place",
        sa.Column("session", sa.String(length=32), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("item", sa.String(length=128), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("because", sa.String(length=128), nullable=True),
        sa.Column("stage", sa.Integer(), nullable=True),
        *([] if at is None else [at]),
        sa.ForeignKeyConstraint(["item"], ["item.id"], name=op.f("fk_feed_place_item")),
        sa.PrimaryKeyConstraint("session", "number", name=op.f("pk_feed_place")),
        sa.UniqueConstraint("session", "item", name=op.f("uq_feed_place_session_item")),
    )
    op.execute(copy)
    op.execute("DROP TABLE kept")
