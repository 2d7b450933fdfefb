"""The gate's tables: items, pictures, decisions, policies, bans; and what is done on them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple

import msgspec
import sqlalchemy as sa

from kouling.db import Serial, Time, metadata
from kouling.errors import Conflict, InvalidInput, NotFound
from kouling.gate.detectors.text_duplicate import bands_of, pieces_of
from kouling.gate.picture.look import Look
from kouling.gate.picture.near_duplicate import hashes_to_keep
from kouling.gate.policy import Policy, in_force, policy_of_source
from kouling.gate.records import (
    Ban,
    Decision,
    Item,
    Party,
    Subject,
    SubjectKind,
    Surface,
    Visibility,
)
from kouling.ids import ItemId, UserId, id_length_max

Id = sa.String(id_length_max)

item_table = sa.Table(
    "item",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("author", Id, nullable=False, index=True),
    sa.Column("surface", sa.String(16), nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("to", Id, index=True),
    sa.Column("group", Id, index=True),
    sa.Column("under", Id, sa.ForeignKey("item.id"), index=True),
    sa.Column("narrowed", sa.Boolean, nullable=False),
    sa.Column("posted_at", Time, nullable=False),
    sa.Index("ix_item_surface_posted_at_id", "surface", "posted_at", "id"),
)

audience_table = sa.Table(
    "audience",
    metadata,
    sa.Column("item", Id, sa.ForeignKey("item.id"), primary_key=True),
    sa.Column("user", Id, primary_key=True),
)

picture_table = sa.Table(
    "picture",
    metadata,
    sa.Column("sha256", sa.String(64), primary_key=True),
    sa.Column("bytes", sa.LargeBinary, nullable=False),
)

item_picture_table = sa.Table(
    "item_picture",
    metadata,
    sa.Column("item", Id, sa.ForeignKey("item.id"), primary_key=True),
    sa.Column("place", sa.Integer, primary_key=True),
    sa.Column("picture", sa.String(64), sa.ForeignKey("picture.sha256"), nullable=False),
)

item_code_table = sa.Table(
    "item_code",
    metadata,
    sa.Column("item", Id, sa.ForeignKey("item.id"), primary_key=True),
    sa.Column("code", sa.String(11), primary_key=True, index=True),
)

decision_table = sa.Table(
    "decision",
    metadata,
    sa.Column("item", Id, sa.ForeignKey("item.id"), primary_key=True),
    sa.Column("visibility", sa.String(8), nullable=False),
    sa.Column("policy_version", sa.String(160), nullable=False),
    sa.Column("decided_at", Time, nullable=False),
    sa.Column("body", sa.Text, nullable=False),
    sa.CheckConstraint("visibility IN ('allow', 'limit', 'drop')", "visibility"),
)

text_band_table = sa.Table(
    "text_band",
    metadata,
    sa.Column("band", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("item", Id, sa.ForeignKey("item.id"), primary_key=True),
)

picture_look_table = sa.Table(
    "picture_look",
    metadata,
    sa.Column("sha256", sa.String(64), primary_key=True),
    sa.Column("looked_at", Time, nullable=False),
    sa.Column("cpu_ms", sa.Float, nullable=False),
    sa.Column("memory_mb", sa.Float, nullable=False),
    sa.Column("body", sa.LargeBinary, nullable=False),
)

picture_mark_table = sa.Table(
    "picture_mark",
    metadata,
    sa.Column("seq", Serial, primary_key=True),
    sa.Column("picture", sa.String(64), nullable=False, index=True),
    sa.Column("item", Id, sa.ForeignKey("item.id"), index=True),
    sa.Column("hashes", sa.LargeBinary, nullable=False),
    sa.Column("marked_at", Time, nullable=False),
)

policy_table = sa.Table(
    "policy",
    metadata,
    sa.Column("version", sa.String(160), primary_key=True),
    sa.Column("effective_at", Time, nullable=False),
    sa.Column("activated_at", Time, nullable=False),
    sa.Column("sha256", sa.String(64), nullable=False),
    sa.Column("source", sa.Text, nullable=False),
)

ban_table = sa.Table(
    "ban",
    metadata,
    sa.Column("kind", sa.String(8), primary_key=True),
    sa.Column("value", sa.String(2_048), primary_key=True),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("banned_at", Time, nullable=False),
    sa.Column("until", Time),
)


_source_in_force = (
    sa.select(policy_table.c.source)
    .where(policy_table.c.effective_at <= sa.bindparam("at"))
    .order_by(policy_table.c.effective_at.desc(), policy_table.c.activated_at.desc())
    .limit(1)
)

_banned_among = sa.select(ban_table.c.kind, ban_table.c.value).where(
    sa.tuple_(ban_table.c.kind, ban_table.c.value).in_(sa.bindparam("pairs", expanding=True)),
    sa.or_(ban_table.c.until.is_(None), ban_table.c.until > sa.bindparam("at")),
)

_comments_before = (
    sa.select(item_table.c.text)
    .where(
        item_table.c.under == sa.bindparam("under"),
        item_table.c.author == sa.bindparam("author"),
        item_table.c.posted_at >= sa.bindparam("since"),
        item_table.c.id != sa.bindparam("id"),
    )
    .order_by(item_table.c.posted_at.desc(), item_table.c.id.desc())
    .limit(sa.bindparam("count", type_=sa.Integer))
)

_texts_not_shown = (
    sa.select(item_table.c.id, item_table.c.text)
    .join(text_band_table, text_band_table.c.item == item_table.c.id)
    .where(text_band_table.c.band.in_(sa.bindparam("bands", expanding=True)))
    .group_by(item_table.c.id, item_table.c.text)
    .order_by(sa.func.count().desc(), item_table.c.id)
    .limit(sa.bindparam("count", type_=sa.Integer))
)

_known_pictures = (
    sa.select(
        picture_mark_table.c.seq,
        picture_mark_table.c.picture,
        decision_table.c.visibility,
        picture_look_table.c.body,
    )
    .join(picture_look_table, picture_look_table.c.sha256 == picture_mark_table.c.picture)
    .outerjoin(decision_table, decision_table.c.item == picture_mark_table.c.item)
    .where(picture_mark_table.c.seq.in_(sa.bindparam("marks", expanding=True)))
)

_insert_item = item_table.insert()
_insert_decision = decision_table.insert()


def store_policy(connection: sa.Connection, policy: Policy, at: datetime) -> None:
    """Keep a policy from which `policy_in_force` chooses.

    Raises `Conflict` if its version is known with other rules.
    """
    known = connection.execute(
        sa.select(policy_table.c.sha256).where(policy_table.c.version == policy.version)
    ).scalar()
    if known is None:
        connection.execute(
            policy_table.insert(),
            {
                "version": policy.version,
                "effective_at": policy.effective_at,
                "activated_at": at,
                "sha256": policy.sha256,
                "source": policy.source,
            },
        )
    elif known != policy.sha256:
        raise Conflict(
            f"policy {policy.version} is active with other rules",
            hint="a policy never changes: give the new rules a new version",
        )


def policy_in_force(connection: sa.Connection, at: datetime) -> Policy:
    """Return the stored policy whose date came last, or the open one before any date."""
    source = connection.execute(_source_in_force, {"at": at}).scalar()
    return in_force([policy_of_source(source)] if source else [], at)


def store_decision(
    connection: sa.Connection,
    item: Item,
    decision: Decision,
    looks: Iterable[tuple[str, Look]] = (),
) -> None:
    """Keep an item together with its decision, and what was seen in its pictures.

    Raises `NotFound` if it comments on nothing.
    """
    _check_under(connection, item)
    values = {name: getattr(item, name) for name in ("id", "author", "surface", "text")}
    values |= {name: getattr(item, name) for name in ("to", "group", "under")}
    narrowed = item.audience is not None
    connection.execute(
        _insert_item, {**values, "narrowed": narrowed, "posted_at": decision.decided_at}
    )
    _insert(connection, audience_table, [{"item": item.id, "user": u} for u in _audience(item)])
    _store_pictures(connection, item)
    _insert(connection, item_code_table, [{"item": item.id, "code": c} for c in _codes(decision)])
    _insert(
        connection, text_band_table, [{"item": item.id, "band": b} for b in _bands(item, decision)]
    )
    connection.execute(
        _insert_decision,
        {
            "item": item.id,
            "visibility": decision.visibility,
            "policy_version": decision.policy_version,
            "decided_at": decision.decided_at,
            "body": msgspec.json.encode(decision).decode(),
        },
    )
    for digest, look in looks:
        _store_look(connection, digest, look, decision.decided_at)
    for picture in {item.pictures[place - 1] for place in _pictures_blamed(decision)}:
        _mark(connection, _sha256(picture), decision.decided_at, item.id)


def comments_before(
    connection: sa.Connection, item: Item, since: datetime, count: int
) -> list[str]:
    """Return the author's last comments under the same item, oldest first."""
    asked = {"under": item.under, "author": item.author, "since": since, "id": item.id}
    return list(connection.scalars(_comments_before, {**asked, "count": count}))[::-1]


def texts_not_shown(
    connection: sa.Connection, bands: Iterable[int], count: int = 20
) -> list[tuple[str, str]]:
    """Return items with their texts that share a band hash and were kept from being shown."""
    rows = connection.execute(_texts_not_shown, {"bands": list(bands), "count": count})
    return [(row.id, row.text) for row in rows]


def load_decision(connection: sa.Connection, item: ItemId) -> Decision:
    """Return the decision on an item; raise `NotFound` if it was never gated."""
    body = connection.execute(
        sa.select(decision_table.c.body).where(decision_table.c.item == item)
    ).scalar()
    if body is None:
        raise NotFound(f"item {item!r:.80} was never gated", hint="gate it first")
    return msgspec.json.decode(body, type=Decision)


def load_pictures(connection: sa.Connection, items: Iterable[str]) -> dict[str, tuple[bytes, ...]]:
    """Return the pictures of those items that have any, in their order."""
    link, found = item_picture_table, dict[str, list[bytes]]()
    query = (
        sa.select(link.c.item, picture_table.c.bytes)
        .join(picture_table, picture_table.c.sha256 == link.c.picture)
        .where(link.c.item.in_(list(items)))
        .order_by(link.c.item, link.c.place)
    )
    for row in connection.execute(query):
        found.setdefault(row.item, []).append(row.bytes)
    return {item: tuple(pictures) for item, pictures in found.items()}


def load_looks(connection: sa.Connection, pictures: Iterable[str]) -> dict[str, Look]:
    """Return what was seen in those pictures that were looked into before, by digest."""
    look = picture_look_table.c
    query = sa.select(look.sha256, look.body).where(look.sha256.in_(list(pictures)))
    return {
        row.sha256: msgspec.msgpack.decode(row.body, type=Look) for row in connection.execute(query)
    }


def marks_after(connection: sa.Connection, newest: int) -> list[tuple[int, bytes]]:
    """Return the marks of pictures kept from being shown that are newer than one, in order."""
    mark = picture_mark_table.c
    query = sa.select(mark.seq, mark.hashes).where(mark.seq > newest).order_by(mark.seq)
    return [(row.seq, row.hashes) for row in connection.execute(query)]


class MarkedPicture(NamedTuple):
    """A picture that is kept from being shown: by its item's decision, or by a ban."""

    mark: int
    sha256: str
    look: Look
    is_banned: bool


def known_pictures(
    connection: sa.Connection, marks: Sequence[int], at: datetime
) -> list[MarkedPicture]:
    """Return those marked pictures that are kept from being shown at that time."""
    rows = connection.execute(_known_pictures, {"marks": list(marks)}).all()
    subjects = {Subject(SubjectKind.picture, row.picture) for row in rows}
    bans = {subject.value for subject in banned(connection, subjects, at)}
    return [
        MarkedPicture(
            row.seq, row.picture, msgspec.msgpack.decode(row.body, type=Look), row.picture in bans
        )
        for row in rows
        if row.picture in bans or row.visibility in (Visibility.limit, Visibility.drop)
    ]


def store_ban(connection: sa.Connection, ban: Ban) -> None:
    """Keep a subject out; a later ban on the same subject replaces the earlier one."""
    _remove_ban(connection, ban.subject)
    connection.execute(
        ban_table.insert(),
        {
            "kind": ban.subject.kind,
            "value": ban.subject.value,
            "reason": ban.reason,
            "banned_at": ban.banned_at,
            "until": ban.until,
        },
    )
    if ban.subject.kind is SubjectKind.picture:
        _mark(connection, ban.subject.value, ban.banned_at, None)


def lift_ban(connection: sa.Connection, subject: Subject) -> None:
    """Let a subject in again; raise `NotFound` if it was not banned."""
    if not _remove_ban(connection, subject):
        raise NotFound(f"{subject.kind} {subject.value!r:.80} is not banned", hint="check it")


def banned(connection: sa.Connection, subjects: Iterable[Subject], at: datetime) -> set[Subject]:
    """Return those of the subjects that are banned at that time."""
    pairs = [(subject.kind, subject.value) for subject in subjects]
    rows = connection.execute(_banned_among, {"pairs": pairs, "at": at})
    return {Subject(SubjectKind(row.kind), row.value) for row in rows}


def banned_users(at: datetime) -> Any:
    """Return the query for users who are banned at that time, to be used inside others."""
    return sa.select(ban_table.c.value).where(ban_table.c.kind == SubjectKind.user, _active(at))


def visible_to(viewer: UserId, at: datetime) -> Any:
    """Return the clause for items that a viewer may see, as `visible` has it, bans included."""
    own = item_table.c.author == viewer
    allowed = decision_table.c.visibility == Visibility.allow
    limited = decision_table.c.visibility == Visibility.limit
    return sa.or_(
        sa.and_(own, sa.or_(allowed, limited)),
        sa.and_(allowed, item_table.c.author.not_in(banned_users(at))),
    )


def is_banned(connection: sa.Connection, user: UserId, at: datetime) -> bool:
    """Whether a user is banned at that time."""
    return bool(banned(connection, [Subject(SubjectKind.user, user)], at))


def _active(at: datetime) -> Any:
    return sa.or_(ban_table.c.until.is_(None), ban_table.c.until > at)


def _remove_ban(connection: sa.Connection, subject: Subject) -> bool:
    removed = connection.execute(
        ban_table.delete().where(
            ban_table.c.kind == subject.kind, ban_table.c.value == subject.value
        )
    )
    return bool(removed.rowcount)


def _check_under(connection: sa.Connection, item: Item) -> None:
    if item.surface != Surface.comment:
        return
    parent = connection.execute(
        sa.select(item_table.c.surface).where(item_table.c.id == item.under)
    ).scalar()
    if parent is None:
        raise NotFound(f"item {item.under!r:.80} is not there to comment on", hint="gate it first")
    if parent == Surface.comment:
        raise InvalidInput("a comment stands under an item, not under a comment")


def _audience(item: Item) -> list[UserId]:
    return sorted(set(item.audience or ()))


def _codes(decision: Decision) -> list[str]:
    return sorted({s.code for s in decision.signals if s.party is Party.own and s.code})


def _bands(item: Item, decision: Decision) -> list[int]:
    """A text is remembered when a rule kept it from being shown for what stands in it."""
    blamed = any(start < end for reason in decision.reasons for start, end in reason.spans)
    return sorted(set(bands_of(pieces_of(item.text)))) if blamed else []


def _pictures_blamed(decision: Decision) -> list[int]:
    return sorted({place for reason in decision.reasons for place in reason.pictures})


def _store_look(connection: sa.Connection, digest: str, look: Look, at: datetime) -> None:
    connection.execute(picture_look_table.delete().where(picture_look_table.c.sha256 == digest))
    connection.execute(
        picture_look_table.insert(),
        {
            "sha256": digest,
            "looked_at": at,
            "cpu_ms": look.cost.cpu_ms,
            "memory_mb": look.cost.memory_mb,
            "body": msgspec.msgpack.encode(look),
        },
    )


def _mark(connection: sa.Connection, digest: str, at: datetime, item: ItemId | None) -> None:
    """Let a picture be known again by its looks, if it was looked into."""
    look = load_looks(connection, [digest]).get(digest)
    if look is not None and look.imprint is not None:
        connection.execute(
            picture_mark_table.insert(),
            {
                "picture": digest,
                "item": item,
                "hashes": hashes_to_keep(look.imprint),
                "marked_at": at,
            },
        )


def _sha256(picture: bytes) -> str:
    return hashlib.sha256(picture).hexdigest()


def _store_pictures(connection: sa.Connection, item: Item) -> None:
    for place, picture in enumerate(item.pictures):
        digest = _sha256(picture)
        known = sa.select(picture_table.c.sha256).where(picture_table.c.sha256 == digest)
        if connection.execute(known).scalar() is None:
            connection.execute(picture_table.insert(), {"sha256": digest, "bytes": picture})
        connection.execute(
            item_picture_table.insert(), {"item": item.id, "place": place, "picture": digest}
        )


def _insert(connection: sa.Connection, table: sa.Table, rows: list[dict[str, Any]]) -> None:
    if rows:
        connection.execute(table.insert(), rows)
