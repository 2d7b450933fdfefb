"""The ledger takes charges for paid places: entries that are about no sale, and their link."""

import sqlalchemy as sa
from alembic import op

from kouling.db import Time
from kouling.migrations.triggers import append_only, release_trigger

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_refers = "(kind = 'pending' OR kind = 'posted' AND conversion IS NULL) = (refers IS NULL)"
_settled = sa.text("kind IN ('posted', 'voided')")


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        _rebuild_entry()
    else:
        op.alter_column("entry", "conversion", nullable=True)
        op.drop_constraint(op.f("ck_entry_refers"), "entry")
        op.create_check_constraint(op.f("ck_entry_refers"), "entry", _refers)
    _charge_posting()


def downgrade() -> None:
    raise RuntimeError("a ledger is not thrown away; keep the newer Kouling")


def _rebuild_entry() -> None:
    """Make the table anew, since SQLite can't change a column; its rows and their ids stay."""
    op.execute("PRAGMA defer_foreign_keys = ON")  # postings and entries refer to entries
    op.execute("CREATE TEMP TABLE kept AS SELECT * FROM entry")
    op.drop_table("entry")
    _entry()
    names = "id, kind, conversion, refers, memo, entered_at, previous, hash"
    op.execute(f"INSERT INTO entry ({names}) SELECT {names} FROM kept ORDER BY id")
    op.execute("DROP TABLE kept")
    append_only("entry")
    release_trigger()


def _entry() -> None:
    op.create_table(
        "entry",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("conversion", sa.String(length=128), nullable=True),
        sa.Column("refers", sa.BigInteger(), nullable=True),
        sa.Column("memo", sa.Text(), nullable=False),
        sa.Column("entered_at", Time(), nullable=False),
        sa.Column("previous", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.CheckConstraint(_refers, name=op.f("ck_entry_refers")),
        sa.CheckConstraint(
            "kind IN ('pending', 'posted', 'voided', 'reversal')", name=op.f("ck_entry_kind")
        ),
        sa.ForeignKeyConstraint(
            ["conversion"], ["conversion.id"], name=op.f("fk_entry_conversion")
        ),
        sa.ForeignKeyConstraint(["refers"], ["entry.id"], name=op.f("fk_entry_refers")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_entry")),
        sa.UniqueConstraint("hash", name=op.f("uq_entry_hash")),
        sa.UniqueConstraint("previous", name=op.f("uq_entry_previous")),
    )
    op.create_index(op.f("ix_entry_conversion"), "entry", ["conversion"])
    op.create_index(op.f("ix_entry_entered_at"), "entry", ["entered_at"])
    op.create_index(
        "uq_entry_settled_once", "entry", ["refers"], unique=True, sqlite_where=_settled
    )


def _charge_posting() -> None:
    op.create_table(
        "charge_posting",
        sa.Column("placement", sa.String(length=128), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("viewer", sa.String(length=128), nullable=False),
        sa.Column("entry", sa.BigInteger(), nullable=False),
        sa.Column("leg", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["placement", "day", "viewer"],
            ["charge.placement", "charge.day", "charge.viewer"],
            name="fk_charge_posting_charge",
        ),
        sa.ForeignKeyConstraint(
            ["entry", "leg"], ["posting.entry", "posting.leg"], name="fk_charge_posting_posting"
        ),
        sa.PrimaryKeyConstraint("placement", "day", "viewer", name=op.f("pk_charge_posting")),
        sa.UniqueConstraint("entry", "leg", name="uq_charge_posting_entry_leg"),
    )
    append_only("charge_posting")
