"""Alembic runs the migrations on the connection that `kouling.db` hands over."""

from alembic import context

from kouling.db import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
)
context.run_migrations()
