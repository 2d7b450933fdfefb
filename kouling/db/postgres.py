"""PostgreSQL: connections on which no wait is without end, whatever becomes of the server.

Imported only for an address of PostgreSQL, since its driver takes long to load.
"""

from __future__ import annotations

from typing import Any, TypeVar

import psycopg
import sqlalchemy as sa
from psycopg.abc import PQGen
from psycopg.errors import _WaitTimeout
from sqlalchemy import event

from kouling.db.target import Waits, silence_seconds

advisory_lock = 7_305_809_156  # any constant; all writers of one PostgreSQL database share it

Made = TypeVar("Made")


class _Patient(psycopg.Connection[Any]):
    """A connection that is given up when its server says nothing for too long.

    The server's own timeouts are of no use once it hangs, and keepalives are answered by its
    machine.
    """

    silence_seconds_max: float | None = None

    def wait(self, gen: PQGen[Made], interval: float = 0.1, timeout: float | None = None) -> Made:
        """Wait for an answer as long as one may take."""
        if timeout is not None or self.silence_seconds_max is None:
            return super().wait(gen, interval, timeout)
        try:
            return super().wait(gen, interval, self.silence_seconds_max)
        except _WaitTimeout:
            self.close()
            message = f"the server has not answered for {self.silence_seconds_max:.0f} seconds"
            raise psycopg.OperationalError(message) from None


def engine(url: sa.URL, waits: Waits, *, writes: bool) -> sa.Engine:
    """Return what connects to a server, to write or to read."""
    arguments: dict[str, Any] = {**_signs_of_life(waits), "connect_timeout": waits.connect_seconds}
    for name in url.query:
        arguments.pop(name, None)  # the address says it in its own way
    options: dict[str, Any] = {}
    if not writes:
        options = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
        arguments["prepare_threshold"] = None  # plan each: one item has no comments, one a million
    made = sa.create_engine(
        url, pool_pre_ping=True, execution_options=options, connect_args=arguments
    )

    def connect(_dialect: Any, _record: Any, given: Any, named: Any) -> _Patient:
        connection = _Patient.connect(*given, **named)
        _limit(connection, waits, writes=writes)
        return connection

    event.listen(made, "do_connect", connect)
    if writes:
        begin = f"SELECT pg_advisory_xact_lock({advisory_lock})"
        event.listen(made, "begin", lambda connection: connection.exec_driver_sql(begin))
    return made


def _limit(connection: _Patient, waits: Waits, *, writes: bool) -> None:
    """Let neither end of a new connection wait for the other without end."""
    silence = waits.statement_seconds and waits.statement_seconds + silence_seconds
    connection.silence_seconds_max = silence or None
    limits = {"statement_timeout": waits.statement_seconds, "lock_timeout": waits.lock_seconds}
    if writes:  # a writer that was lost must not hold the lock
        limits["idle_in_transaction_session_timeout"] = 2 * silence
    settings = "; ".join(f"SET {name} = {1_000 * seconds}" for name, seconds in limits.items())
    with connection.cursor() as cursor:
        cursor.execute(settings.encode())
    connection.commit()


def _signs_of_life(waits: Waits) -> dict[str, int]:
    """Let the machine ask an idle connection for signs of life, and end one without any."""
    third = max(1, waits.keepalive_seconds // 3)
    return {
        "keepalives": 1,
        "keepalives_idle": third,
        "keepalives_interval": third,
        "keepalives_count": 2,
        "tcp_user_timeout": 1_000 * waits.keepalive_seconds,
    }
