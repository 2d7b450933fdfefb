"""The database's shape, step by step, as Alembic runs it."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection

from kouling.errors import StoreError


def upgrade(connection: Connection) -> None:
    """Bring a database's tables to the newest version, in the connection's transaction.

    Raises `StoreError` for a database that a newer Kouling wrote, or that can't be brought there.
    """
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    config.attributes["connection"] = connection
    known = [script.revision for script in ScriptDirectory.from_config(config).walk_revisions()]
    found = MigrationContext.configure(connection).get_current_revision()
    if found not in (*known, None):
        raise StoreError(
            f"the database has version {found}, this Kouling knows them up to {known[0]}",
            hint="open it with the newer Kouling that wrote it",
        )
    try:
        command.upgrade(config, "head")
    except CommandError as error:
        raise StoreError(f"the tables can't be brought up to date: {error}") from error
