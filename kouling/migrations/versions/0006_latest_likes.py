"""A user's latest likes are found without reading all of them."""

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_like_user_at_item", "like", ["user", "at", "item"])


def downgrade() -> None:
    op.drop_index("ix_like_user_at_item", "like")
