"""The newest comments under an item are found without reading all comments."""

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_item_under_posted_at_id", "item", ["under", "posted_at", "id"])
    op.drop_index("ix_item_under", "item")


def downgrade() -> None:
    op.create_index("ix_item_under", "item", ["under"])
    op.drop_index("ix_item_under_posted_at_id", "item")
