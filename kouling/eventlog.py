"""The append-only event log: every write leaves one event.

The event is also what the write's idempotency key is remembered by: the same key with the same
request gives the recorded answer, with another request it is an `IdempotencyConflict`. Insight,
backtests and webhooks read the log; nothing changes it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Annotated, Any, Generic, NamedTuple, TypeVar

import msgspec
import sqlalchemy as sa

from kouling.clock import Clock, in_utc
from kouling.db import Serial, Time, metadata, unindexed
from kouling.errors import ClockWentBack, IdempotencyConflict, InvalidInput

key_length_max = 512
"""Characters in an idempotency key."""

IdempotencyKey = Annotated[
    str, msgspec.Meta(min_length=1, max_length=key_length_max, title="an idempotency key")
]
"""What makes the same request twice one request: 1 to 512 printable characters."""

skew_seconds_max = 5
"""How far a clock may lag behind the log, as clocks of several machines do."""

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
    sa.UniqueConstraint("verb", "key"),
)

_insert = event_table.insert()
_length = sa.select(sa.func.max(event_table.c.seq))
_recorded = sa.select(
    event_table.c.request_sha256, event_table.c.request, event_table.c.answer
).where(event_table.c.verb == sa.bindparam("verb"), event_table.c.key == sa.bindparam("key"))
_latest_at = sa.select(event_table.c.at).order_by(event_table.c.seq.desc()).limit(1)

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
    body = msgspec.json.encode(request.body)
    digest = hashlib.sha256(body).hexdigest()
    asked = {"verb": request.verb, "key": request.key}
    before = connection.execute(_recorded, asked).one_or_none()
    if before is not None:
        repeated: T = _repeat(request, digest, before, answer_type)
        return repeated
    at = _present(connection, clock)
    done = act(at)
    connection.execute(
        _insert,
        {
            "at": at,
            "verb": request.verb,
            "key": request.key,
            "request_sha256": digest,
            "request": body.decode(),
            "answer": done.json,
        },
    )
    return done.answer


def _repeat(request: Request, digest: str, before: Any, answer_type: Any) -> Any:
    if before.request_sha256 != digest:
        other = _differing(msgspec.json.encode(request.body), before.request)
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


def _present(connection: sa.Connection, clock: Clock) -> datetime:
    """The clock's time, never earlier than the newest event's."""
    at = in_utc(clock())
    latest: datetime | None = connection.scalar(_latest_at)
    if latest is None or at >= latest:
        return at
    if latest - at > timedelta(seconds=skew_seconds_max):
        raise ClockWentBack(
            f"the clock shows {at.isoformat()}, but the log's newest event is of"
            f" {latest.isoformat()}",
            hint="set the clock right; nothing was written",
        )
    return latest


def _check_key(key: str) -> None:
    if not isinstance(key, str) or not 0 < len(key) <= key_length_max or not key.isprintable():
        raise InvalidInput(
            f"idempotency key {key!r:.60} can't be used",
            hint=f"give 1 to {key_length_max} printable characters",
        )
