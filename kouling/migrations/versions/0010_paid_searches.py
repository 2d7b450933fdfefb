"""A placement knows its item's words, and those that run are found without the stopped ones."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_running = sa.text("stopped_at IS NULL")


def upgrade() -> None:
    """Copy the words; an item that was dropped has none until it is let in."""
    op.add_column("placement", sa.Column("words", sa.Text(), nullable=True))
    op.execute(
        "UPDATE placement SET words = ' ' || found.words || ' '"
        " FROM market_search AS found WHERE found.item = placement.item"
    )
    op.create_index(
        "ix_placement_running",
        "placement",
        ["bid", "id"],
        sqlite_where=_running,
        postgresql_where=_running,
    )


def downgrade() -> None:
    op.drop_index("ix_placement_running", "placement")
    op.drop_column("placement", "words")
