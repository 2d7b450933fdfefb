"""The database's shape, step by step, as Alembic runs it."""
