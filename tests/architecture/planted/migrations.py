"""Plants for the rules on migrations."""

from __future__ import annotations

from tests.architecture.planted.plant import Files, Plant

TABLES = {
    "mint/table.py": "import sqlalchemy as sa\noffer_table = sa.Table('offer')",
    "gate/table.py": "import sqlalchemy as sa\nitem_table = sa.Table('item')",
    "migrations/versions/0001_first.py": (
        "from alembic import op\nrevision = '0001'\ndown_revision = None\n\n"
        "def upgrade():\n    op.create_table('offer')\n    op.create_table('item')"
    ),
}


def _migration(step: str, name: str = "0002_mint_more", before: str = "'0001'") -> Files:
    text = (
        f"from alembic import op\nrevision = '{name[:4]}'\ndown_revision = {before}\n\n"
        f"def upgrade():\n    {step}"
    )
    return {**TABLES, f"migrations/versions/{name}.py": text}


def _both(name: str, before: str) -> Files:
    return {**_migration("pass"), **_migration("pass", name, before)}


GOOD = _migration("op.add_column('offer')")


def _room(claim: str, bad: str, good: str) -> Plant:
    return Plant("migration_rooms", claim, _migration(f"{bad}  #!"), _migration(good))


PLANTS = [
    Plant(
        "migration_line",
        "two heads",
        _both("0003_gate_more", "'0001'  #!"),
        _both("0003_gate_more", "'0002'"),
    ),
    Plant(
        "migration_line",
        "a gap in the numbers",
        {
            **TABLES,
            "migrations/versions/0002_mint_more.py": (
                "revision = '0003'  #!\ndown_revision = '0001'"
            ),
        },
        GOOD,
    ),
    Plant(
        "migration_rooms",
        "a name without a room",
        {
            **TABLES,
            "migrations/versions/0002_more.py": (
                '"""More."""  #!\nrevision = "0002"\ndown_revision = "0001"'
            ),
        },
        GOOD,
    ),
    Plant(
        "migration_rooms",
        "the first makes a table that no room has",
        {
            **TABLES,
            "migrations/versions/0001_first.py": (
                "from alembic import op\nrevision = '0001'\ndown_revision = None\n\n"
                "def upgrade():\n    op.create_table('offers')  #!"
            ),
        },
        GOOD,
    ),
    _room("another room's table", "op.add_column('item')", "op.add_column('offer')"),
    _room("its index", "op.create_index('ix', 'item')", "op.create_index('ix', 'offer')"),
    _room(
        "its index, by keyword",
        "op.drop_index('ix', table_name='item')",
        "op.drop_index('ix', table_name='offer')",
    ),
    _room(
        "its rows",
        "op.execute('UPDATE item SET a = 1')",
        "op.execute('INSERT INTO offer SELECT * FROM item')",
    ),
    _room(
        "its statements",
        "op.execute('ALTER TABLE item ADD a')",
        "op.execute('CREATE UNIQUE INDEX ix ON offer (a)')",
    ),
    _room("its triggers", "append_only('item')", "append_only('offer')"),
]
