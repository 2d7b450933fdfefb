"""The append-only event log: every write leaves one event.

The event is also what the write's idempotency key is remembered by: the same key with the same
request gives the recorded answer, with another request it is an `IdempotencyConflict`. Insight,
backtests and webhooks read the log; nothing changes it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Annotated, Any, Generic, NamedTuple, TypeVar

import msgspec
import sqlalchemy as sa
from msgspec.structs import replace

from kouling.clock import Clock, in_utc
from kouling.db import Serial, Time, metadata, server_time, unindexed
from kouling.errors import ClockWentAhead, ClockWentBack, IdempotencyConflict, InvalidInput

key_length_max = 512
"""Characters in an idempotency key."""

IdempotencyKey = Annotated[
    str, msgspec.Meta(min_length=1, max_length=key_length_max, title="an idempotency key")
]
"""What makes the same request twice one request: 1 to 512 printable characters."""

skew_seconds_max = 5
"""How far a clock may lag behind the log, as clocks of several machines do."""

ahead_of_log_max = timedelta(days=200)
"""How far a clock may be ahead of the newest event: no shop rests longer than half a year."""

ahead_of_server_max = timedelta(hours=1)
"""How far it may be ahead of the clock of the database's server."""

event_table = sa.Table(
    "event",
    metadata,
    sa.Column("seq", Serial, primary_key=True),
    sa.Column("at", Time, nullable=False),
    sa.Column("verb", sa.String(32), nullable=False),
    sa.Column("key", sa.String(key_length_max), nullable=False),
    sa.Column("request_sha256", sa.String(64), nullable=False),
    sa.Column("request", sa.Text, nullable=False),
    sa.Column("answer", sa.Text, nullable=False),
    # of all the others and the event before, so that a change is noticed by whoever checks
    sa.Column("sha256", sa.String(64), nullable=False),
    sa.UniqueConstraint("verb", "key"),
)

_insert = event_table.insert()
_length = sa.select(sa.func.max(event_table.c.seq))
_recorded = sa.select(
    event_table.c.request_sha256, event_table.c.request, event_table.c.answer
).where(event_table.c.verb == sa.bindparam("verb"), event_table.c.key == sa.bindparam("key"))
_newest_sha256 = sa.select(event_table.c.sha256).order_by(event_table.c.seq.desc()).limit(1)
_newest = sa.select(event_table.c.at).order_by(event_table.c.seq.desc()).limit(1)
_witnesses = sa.select(_newest.scalar_subquery().label("log"), server_time().label("server"))
_accepted = sa.select(sa.func.max(event_table.c.at)).where(event_table.c.verb == "clock")

T = TypeVar("T")


class Request(msgspec.Struct, frozen=True):
    """What a caller asks: the verb, the idempotency key, and the body that must not change."""

    verb: str
    key: str
    body: Any


class Written(NamedTuple, Generic[T]):
    """An answer and the JSON that the log keeps of it; who keeps it as well encodes it once."""

    answer: T
    json: str


def natural_key(*parts: str) -> str:
    """Return the key of a request that its own parts identify, such as a sharer and an offer.

    Raises `InvalidInput` for a part that is no Unicode.
    """
    try:
        key = msgspec.json.encode(parts).decode()
    except UnicodeEncodeError as error:
        message = f"{error.object!a:.60} has half a character"
        raise InvalidInput(message, hint="send whole Unicode characters") from None
    return key if len(key) <= key_length_max else hashlib.sha256(key.encode()).hexdigest()


def length(connection: sa.Connection) -> int:
    """Return how many events there are."""
    return connection.scalar(_length) or 0


def requests_after(connection: sa.Connection, seq: int, verbs: Iterable[str]) -> list[Any]:
    """Return the bodies of the requests with one of these verbs that came after event `seq`."""
    event = event_table.c
    query = sa.select(event.request).where(
        event.seq > seq,
        unindexed(event.verb).in_(list(verbs)),  # most events are likes
    )
    return [msgspec.json.decode(body) for body in connection.scalars(query.order_by(event.seq))]


def once(
    connection: sa.Connection,
    request: Request,
    clock: Clock,
    answer_type: Any,
    act: Callable[[datetime], T],
) -> T:
    """Answer a request once: do `act` at the present time, or return what it gave before.

    Raises `IdempotencyConflict` for a key that came with another body and `ClockWentBack`.
    """
    return once_written(connection, request, clock, answer_type, lambda at: written(act(at)))


def written(answer: T) -> Written[T]:
    """Return an answer with its JSON."""
    return Written(answer, msgspec.json.encode(answer).decode())


def once_written(
    connection: sa.Connection,
    request: Request,
    clock: Clock,
    answer_type: Any,
    act: Callable[[datetime], Written[T]],
) -> T:
    """Answer a request once, as `once` does, by an `act` that has written its answer out."""
    _check_key(request.key)
    asked = {"verb": request.verb, "key": request.key}
    before = connection.execute(_recorded, asked).one_or_none()
    if before is not None:
        repeated: T = _repeat(request, before, answer_type)
        return repeated
    at = present(connection, clock)
    done = act(at)
    _append(connection, at, request, done.json)
    return done.answer


def _append(connection: sa.Connection, at: datetime, request: Request, answer: str) -> None:
    body = msgspec.json.encode(request.body)
    values = {
        "at": at,
        "verb": request.verb,
        "key": request.key,
        "request_sha256": hashlib.sha256(body).hexdigest(),
        "request": body.decode(),
        "answer": answer,
    }
    previous = connection.scalar(_newest_sha256) or ""
    connection.execute(_insert, {**values, "sha256": sha256_of(previous, values)})


def sha256_of(previous: str, event: Mapping[str, Any]) -> str:
    """Return the digest of an event and, by the digest of the one before, of all before it."""
    names = ("verb", "key", "request_sha256", "answer")
    content = (previous, event["at"].isoformat(), *(event[name] for name in names))
    return hashlib.sha256(msgspec.json.encode(content)).hexdigest()


def _repeat(request: Request, before: Any, answer_type: Any) -> Any:
    body = msgspec.json.encode(request.body)
    if before.request_sha256 != hashlib.sha256(body).hexdigest():
        other = _differing(body, before.request)
        raise IdempotencyConflict(
            f"{request.verb} {request.key!r:.80} was asked before with another body{other}",
            hint="repeat the first request as it was, or use a new key",
        )
    return msgspec.json.decode(before.answer, type=answer_type)


def _differing(body: bytes, before: str) -> str:
    """Name the fields in which two bodies differ, if they have any."""
    now, then = msgspec.json.decode(body), msgspec.json.decode(before)
    if not isinstance(now, dict) or not isinstance(then, dict):
        return ""
    names = [name for name in (now | then) if now.get(name) != then.get(name)]
    return f": {', '.join(names)}" if names else ""


class ClockState(msgspec.Struct, frozen=True, kw_only=True):
    """What the clock shows, and what speaks for or against it."""

    clock: datetime
    """The engine's own clock."""
    log: datetime | None
    """The time of the newest event, if there is any."""
    server: datetime | None
    """The clock of the database's server, if that is not this very machine's."""
    problem: str | None = None
    """Why nothing can be written at this time, if so."""


def clock_state(connection: sa.Connection, clock: Clock) -> ClockState:
    """Return what the clock shows beside the log's and the server's time, and whether it is used.

    The log keeps its order, so one reading too far ahead would end all writing until that time
    has come; nobody but a person can tell whose clock is right.
    """
    seen = connection.execute(_witnesses).one()
    state = ClockState(clock=in_utc(clock()), log=seen.log, server=seen.server)
    wrong = _is_ahead(state) or (_is_behind(state) and not _is_accepted(connection, state))
    return replace(state, problem=_problem(state)) if wrong else state


def accept_clock(connection: sa.Connection, clock: Clock, key: str) -> None:
    """Let writing go on by this clock, since a person has looked at it; that is an event, too.

    Where the log is behind, it moves to the clock's time. Where it is ahead, it stands still: all
    that is written has its newest time, until the clock has come there.
    """
    seen = clock_state(connection, clock)
    at = max(seen.clock, seen.log or seen.clock)
    _append(connection, at, Request("clock", key, None), written(None).json)


def present(connection: sa.Connection, clock: Clock) -> datetime:
    """Return the clock's time, never earlier than the newest event's.

    Raises `ClockWentBack` and `ClockWentAhead`.
    """
    state = clock_state(connection, clock)
    if state.problem is None:
        return max(state.clock, state.log or state.clock)
    error = ClockWentAhead if _is_ahead(state) else ClockWentBack
    raise error(state.problem, hint=_clock_hint)


def beside_log(at: datetime, act: Callable[[sa.Connection], T]) -> Callable[[sa.Connection], T]:
    """Return a write that leaves no event, kept from a time at which none can be written.

    It raises `ClockWentAhead`; a clock that lags does it no harm.
    """

    def checked(connection: sa.Connection) -> T:
        state = clock_state(connection, lambda: at)
        if state.problem and _is_ahead(state):
            raise ClockWentAhead(state.problem, hint=_clock_hint)
        return act(connection)

    return checked


_clock_hint = (
    "set the clock right; if it is right, see `kouling database clock`; nothing was written"
)


def _is_ahead(state: ClockState) -> bool:
    return _is_ahead_of_log(state) or _is_ahead_of_server(state)


def _is_ahead_of_log(state: ClockState) -> bool:
    return state.log is not None and state.clock > state.log + ahead_of_log_max


def _is_ahead_of_server(state: ClockState) -> bool:
    """Whether the server's clock speaks against a time that the log has not come near, either."""
    witnesses = [time for time in (state.server, state.log) if time is not None]
    return state.server is not None and state.clock > max(witnesses) + ahead_of_server_max


def _is_behind(state: ClockState) -> bool:
    return state.log is not None and state.log > state.clock + timedelta(seconds=skew_seconds_max)


def _is_accepted(connection: sa.Connection, state: ClockState) -> bool:
    """Whether a person has seen that the log's newest time lies ahead, and let it stand still."""
    return state.log is not None and connection.scalar(_accepted) == state.log


def _problem(state: ClockState) -> str:
    shows = f"the clock shows {state.clock.isoformat()}"
    if _is_ahead_of_server(state) and not _is_ahead_of_log(state) and state.server:
        return f"{shows}, but the database's server has {state.server.isoformat()}"
    newest = state.log.isoformat() if state.log else "never"
    return f"{shows}, but the log's newest event is of {newest}"


def _check_key(key: str) -> None:
    if not isinstance(key, str) or not 0 < len(key) <= key_length_max or not key.isprintable():
        raise InvalidInput(
            f"idempotency key {key!r:.60} can't be used",
            hint=f"give 1 to {key_length_max} printable characters",
        )
