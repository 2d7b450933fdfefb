"""The newest items of an author on a surface, and of a group, are found without reading others."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_in_a_group = sa.text('"group" IS NOT NULL')


def upgrade() -> None:
    by_author = ["author", "surface", "posted_at", "id"]
    op.create_index("ix_item_author_surface_posted_at_id", "item", by_author)
    op.create_index(
        "ix_item_group_posted_at_id",
        "item",
        ["group", "posted_at", "id"],
        sqlite_where=_in_a_group,
        postgresql_where=_in_a_group,
    )
    op.drop_index("ix_item_author", "item")
    op.drop_index("ix_item_group", "item")


def downgrade() -> None:
    op.create_index("ix_item_author", "item", ["author"])
    op.create_index("ix_item_group", "item", ["group"])
    op.drop_index("ix_item_author_surface_posted_at_id", "item")
    op.drop_index("ix_item_group_posted_at_id", "item")
