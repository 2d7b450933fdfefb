"""How long anything may wait for the database."""

from __future__ import annotations

from typing import NamedTuple


class Waits(NamedTuple):
    """Seconds after which waiting for the database ends; each default serves a first run."""

    connect_seconds: int = 10
    """For a connection to PostgreSQL."""
    statement_seconds: int = 30
    """For one statement of PostgreSQL, and for a server that says nothing at all."""
    lock_seconds: int = 10
    """For another program that writes."""
    keepalive_seconds: int = 30
    """For a sign of life on an idle connection to PostgreSQL."""
    deadline_seconds: int = 30
    """For one write, from its call to its answer."""


silence_seconds = 2
"""How much longer than the server itself this side waits, so that its words come first."""

default_waits = Waits()
"""Where nobody says otherwise."""
