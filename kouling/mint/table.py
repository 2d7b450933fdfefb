"""Mint's tables: offers, share codes, keys, merchants' allow-lists; and what is done on them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from itertools import chain
from typing import Any

import msgspec
import sqlalchemy as sa

from kouling.address import host_length_max, host_of, url_length_max
from kouling.db import Id, Serial, Time, metadata
from kouling.errors import Conflict, InvalidInput, NotFound
from kouling.eventlog import Faults, Request, events, natural_key, row_faults
from kouling.ids import OfferId, UserId, check_id
from kouling.mint.codec import Key, KeyRing, check_secret, encode
from kouling.mint.draft import Draft, title_length_max
from kouling.mint.records import CodeState, Offer, Parsed, ShareCode
from kouling.mint.seal import Seal
from kouling.money import Money

listed_max = 500
"""Share codes in one listing."""

offer_table = sa.Table(
    "offer",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("merchant", Id, nullable=False),
    sa.Column("title", sa.String(title_length_max), nullable=False),
    sa.Column("url", sa.String(url_length_max), nullable=False),
    sa.Column("price", sa.BigInteger, nullable=False),
    sa.Column("currency", sa.String(3), nullable=False),
    sa.Column("rate_bps", sa.Integer, nullable=False),
    sa.CheckConstraint("price > 0", "price"),
    sa.CheckConstraint("rate_bps BETWEEN 0 AND 10000", "rate"),
)

code_key_table = sa.Table(
    "code_key",
    metadata,
    sa.Column("no", Serial, primary_key=True),
    sa.Column("issuer", Id, nullable=False),
    sa.Column("secret", sa.LargeBinary, nullable=False),
    sa.Column("mints_from", Time, nullable=False),
    sa.Column("sealed", sa.Boolean, nullable=False),
    sa.UniqueConstraint("issuer", "secret"),
)

share_code_table = sa.Table(
    "share_code",
    metadata,
    sa.Column("id", Serial, primary_key=True, autoincrement=False),
    sa.Column("code", sa.String(11), nullable=False, unique=True),
    sa.Column("issuer", Id, nullable=False),
    sa.Column("offer", Id, sa.ForeignKey("offer.id"), nullable=False),
    sa.Column("sharer", Id, nullable=False),
    sa.Column("campaign", Id, nullable=False),
    sa.Column("minted_at", Time, nullable=False),
    sa.Column("expires_at", Time, nullable=False),
    sa.Column("uses_max", sa.BigInteger),
    sa.Column("uses", sa.BigInteger, nullable=False, server_default="0"),
    sa.Column("uses_before", sa.BigInteger, nullable=False, server_default="0"),
    sa.Column("renewals", sa.Integer, nullable=False, server_default="0"),
    sa.Column("parent", sa.String(11), sa.ForeignKey("share_code.code"), index=True),
    sa.Column("revoked_at", Time),
    sa.UniqueConstraint("sharer", "offer", "campaign"),
    # a renewed code has all its uses again
    sa.CheckConstraint(
        "uses >= uses_before AND (uses_max IS NULL OR uses - uses_before <= uses_max)", "uses"
    ),
)

merchant_host_table = sa.Table(
    "merchant_host",
    metadata,
    sa.Column("merchant", Id, primary_key=True),
    sa.Column("host", sa.String(host_length_max), primary_key=True),
)


_all_states = sa.select(
    share_code_table, *(column.label(f"offer_{column.name}") for column in offer_table.c)
).join(offer_table, offer_table.c.id == share_code_table.c.offer)
_states = _all_states.where(share_code_table.c.id.in_(sa.bindparam("ids", expanding=True)))
_state_of = _all_states.where(share_code_table.c.code == sa.bindparam("code"))

_count_use = (
    share_code_table.update()
    .where(share_code_table.c.id == sa.bindparam("used"))
    .values(uses=share_code_table.c.uses + 1)
)

_minted = sa.select(share_code_table).where(
    share_code_table.c.sharer == sa.bindparam("sharer"),
    share_code_table.c.offer == sa.bindparam("offer"),
    share_code_table.c.campaign == sa.bindparam("campaign"),
)

_last_id = sa.select(sa.func.max(share_code_table.c.id))
_insert_code = share_code_table.insert()

_renewals = sa.select(share_code_table.c.renewals).where(
    share_code_table.c.code == sa.bindparam("code")
)

_renew_code = (
    share_code_table.update()
    .where(share_code_table.c.id == sa.bindparam("id_"))
    .values(
        expires_at=sa.bindparam("expires_at"),
        uses_max=sa.bindparam("uses_max"),
        uses_before=share_code_table.c.uses,
        renewals=share_code_table.c.renewals + 1,
        revoked_at=None,
    )
)

_offer_by_id = sa.select(offer_table).where(offer_table.c.id == sa.bindparam("id"))


def load_ring(connection: sa.Connection, issuer: str, seal: Seal) -> KeyRing:
    """Return all keys by which codes are recognized; raise `InvalidInput` for a wrong seal."""
    rows = connection.execute(sa.select(code_key_table).order_by(code_key_table.c.no))
    return KeyRing(issuer, tuple(_key(row, seal) for row in rows))


def _key(row: Any, seal: Seal) -> Key:
    secret = seal.open(row.issuer, row.secret) if row.sealed else row.secret
    return Key(issuer=row.issuer, secret=secret, mints_from=row.mints_from)


def seal_keys(connection: sa.Connection, seal: Seal) -> None:
    """Seal what was kept before there was a seal."""
    key = code_key_table.c
    for row in connection.execute(sa.select(key.no, key.issuer, key.secret).where(~key.sealed)):
        values = {"secret": seal.close(row.issuer, row.secret), "sealed": True}
        connection.execute(code_key_table.update().where(key.no == row.no).values(values))


def has_sealed_keys(connection: sa.Connection) -> bool:
    """Whether any key is kept under a seal."""
    return (
        connection.execute(sa.select(code_key_table.c.no).where(code_key_table.c.sealed)).first()
        is not None
    )


def add_key(connection: sa.Connection, key: Key, issuer: str, seal: Seal) -> KeyRing:
    """Add a key to the ring of this installation and return the ring; adding twice adds once."""
    check_id(key.issuer, "issuer")
    check_secret(key.secret)
    ring = load_ring(connection, issuer, seal)
    if any((k.issuer, k.secret) == (key.issuer, key.secret) for k in ring.keys):
        return ring
    ring = ring.with_key(key)
    connection.execute(
        code_key_table.insert(),
        {
            "issuer": key.issuer,
            "secret": seal.close(key.issuer, key.secret),
            "mints_from": key.mints_from,
            "sealed": seal.seals,
        },
    )
    return ring


def allow_hosts(connection: sa.Connection, merchant: UserId, names: Iterable[str]) -> None:
    """Set the hosts that a merchant's offers may lead to, in normal form.

    None at all lifts the restriction.
    """
    table = merchant_host_table
    connection.execute(table.delete().where(table.c.merchant == merchant))
    rows = [{"merchant": merchant, "host": name} for name in names]
    if rows:
        connection.execute(table.insert(), rows)


def minting_of(connection: sa.Connection, draft: Draft, at: datetime, renew: bool) -> Request:
    """Return what a draft asks for at a time: the code that is there, or to make or renew it.

    Each renewal is a request of its own. An expired code is renewed, a revoked one if it is
    wanted.
    """
    keys = {"sharer": draft.sharer, "offer": draft.offer.id, "campaign": draft.campaign}
    known = connection.execute(_minted, keys).one_or_none()
    renewals = 0
    if known is not None:
        revoked = known.revoked_at is not None
        dead = renew if revoked else known.expires_at <= at
        renewals = known.renewals + dead
    life = [str(renewals)] if renewals else []
    key = natural_key(draft.sharer, draft.offer.id, draft.campaign, *life)
    return Request("mint", key, draft)


def mint_code(
    connection: sa.Connection, draft: Draft, ring: KeyRing, days: int, at: datetime
) -> ShareCode:
    """Record the offer and a new code for it, or the code's new life, and return the code.

    It is good for as many `days` unless the draft says otherwise. Raises `Conflict` if the
    offer's id is known with other terms.
    """
    _keep_offer(connection, draft.offer)
    _check_parent(connection, draft)
    values = {
        "issuer": ring.issuer,
        "offer": draft.offer.id,
        "sharer": draft.sharer,
        "campaign": draft.campaign,
        "minted_at": at,
        "expires_at": at + timedelta(days=draft.days or days),
        "uses_max": draft.uses_max,
        "parent": draft.parent,
    }
    keys = {name: values[name] for name in ("sharer", "offer", "campaign")}
    known = connection.execute(_minted, keys).one_or_none()
    if known is not None:
        return _renew(connection, known, values)
    id = (connection.scalar(_last_id) or 0) + 1  # codes are never removed, and the writer is one
    code = encode(id, ring.key_at(at))
    connection.execute(_insert_code, {**values, "id": id, "code": code})
    return _share_code({**values, "code": code})


def _renew(connection: sa.Connection, known: Any, values: dict[str, Any]) -> ShareCode:
    """Let a code live again: its own, with new limits and none of its uses counted."""
    if known.parent != values["parent"]:
        raise Conflict(
            f"share code {known.code} was minted with another parent",
            hint="renew it with the parent that it has",
        )
    limits = {name: values[name] for name in ("expires_at", "uses_max")}
    connection.execute(_renew_code, {"id_": known.id, **limits})
    return _share_code({**values, "code": known.code, "minted_at": known.minted_at})


def code_states(connection: sa.Connection, parsed: Parsed) -> dict[int, CodeState]:
    """Return what is known of the codes in a text by their ids: offer, uses and revocation."""
    ids = [found.id for found in parsed.codes]
    return {row["id"]: _state(row) for row in connection.execute(_states, {"ids": ids}).mappings()}


def code_state(connection: sa.Connection, code: str) -> CodeState | None:
    """Return what is known of a code, or None if it was not minted here."""
    row = connection.execute(_state_of, {"code": code}).mappings().one_or_none()
    return None if row is None else _state(row)


def count_use(connection: sa.Connection, id: int) -> None:
    """Count one more use of a code; the table's constraint keeps it within its limit."""
    connection.execute(_count_use, {"used": id})


def revoking_of(connection: sa.Connection, code: str) -> Request:
    """Return what the revocation of a code asks for: the end of the life that it has now."""
    renewals = connection.scalar(_renewals, {"code": code})
    return Request("revoke", natural_key(code, *([str(renewals)] if renewals else [])), code)


def revoke_code(connection: sa.Connection, code: str, at: datetime) -> None:
    """Revoke a code; raise `NotFound` for one that was never minted."""
    table = share_code_table
    changed = connection.execute(
        table.update()
        .where(table.c.code == code)
        .values(revoked_at=sa.func.coalesce(table.c.revoked_at, sa.literal(at, Time)))
    )
    if not changed.rowcount:
        raise NotFound(f"share code {code!r:.20} was not minted here", hint="check the code")


def list_codes(
    connection: sa.Connection, sharer: UserId | None, after: str | None, size: int
) -> list[ShareCode]:
    """Return share codes, the newest first, of all sharers or of one."""
    if not 1 <= size <= listed_max:
        raise InvalidInput(f"{size} rows can't be listed", hint=f"ask for 1 to {listed_max}")
    table = share_code_table
    query = sa.select(table).order_by(table.c.id.desc()).limit(size)
    if sharer is not None:
        query = query.where(table.c.sharer == sharer)
    if after is not None:
        id = connection.scalar(sa.select(table.c.id).where(table.c.code == after))
        if id is None:
            raise NotFound(f"share code {after!r:.20} was not minted here", hint="check the code")
        query = query.where(table.c.id < id)
    return [_share_code(row) for row in connection.execute(query).mappings()]


def load_offer(connection: sa.Connection, id: OfferId) -> Offer:
    """Return an offer; raise `NotFound` for an unknown one."""
    row = connection.execute(_offer_by_id, {"id": id}).mappings().one_or_none()
    if row is None:
        raise NotFound(f"offer {id!r:.80} is unknown", hint="mint a code for it first")
    return _offer(row, "")


def _keep_offer(connection: sa.Connection, offer: Offer) -> None:
    _check_host(connection, offer)
    try:
        known = load_offer(connection, offer.id)
    except NotFound:
        connection.execute(offer_table.insert(), _offer_values(offer))
        return
    if known != offer:
        raise Conflict(
            f"offer {offer.id!r:.80} is known with other terms",
            hint="an offer never changes: give the new terms a new id",
        )


def _check_host(connection: sa.Connection, offer: Offer) -> None:
    table = merchant_host_table
    hosts = set(
        connection.scalars(sa.select(table.c.host).where(table.c.merchant == offer.merchant))
    )
    if hosts and host_of(offer.url) not in hosts:
        raise InvalidInput(
            f"{host_of(offer.url)!r} is not on the allow-list of merchant {offer.merchant!r}",
            hint=f"allowed: {', '.join(sorted(hosts))}",
        )


def _check_parent(connection: sa.Connection, draft: Draft) -> None:
    if draft.parent is None:
        return
    table = share_code_table
    offer = connection.scalar(sa.select(table.c.offer).where(table.c.code == draft.parent))
    if offer != draft.offer.id:
        raise InvalidInput(
            f"code {draft.parent!r:.20} does not lead to offer {draft.offer.id!r:.80}",
            hint="re-share a code of the same offer",
        )


def _offer_values(offer: Offer) -> dict[str, Any]:
    return {
        "id": offer.id,
        "merchant": offer.merchant,
        "title": offer.title,
        "url": offer.url,
        "price": offer.price.minor,
        "currency": offer.price.currency,
        "rate_bps": offer.rate_bps,
    }


def _offer(row: Any, prefix: str) -> Offer:
    return Offer(
        id=row[f"{prefix}id"],
        merchant=row[f"{prefix}merchant"],
        title=row[f"{prefix}title"],
        url=row[f"{prefix}url"],
        price=Money(row[f"{prefix}price"], row[f"{prefix}currency"]),
        rate_bps=row[f"{prefix}rate_bps"],
    )


def _share_code(row: Any) -> ShareCode:
    return ShareCode(**{name: row[name] for name in ShareCode.__struct_fields__})


def _state(row: Any) -> CodeState:
    return CodeState(
        share_code=_share_code(row),
        offer=_offer(row, "offer_"),
        uses=row["uses"] - row["uses_before"],
        revoked_at=row["revoked_at"],
    )


def code_faults(connection: sa.Connection) -> Faults:
    """Yield the share codes and their offers that differ from what their minting said."""
    codes: dict[str, Mapping[str, Any]] = {}
    offers: dict[str, Mapping[str, Any]] = {}
    for event in events(connection, "mint"):
        code = msgspec.json.decode(event.answer, type=ShareCode)
        codes[code.code] = msgspec.structs.asdict(code)
        price, offer = event.request["offer"]["price"], event.request["offer"]
        offers[offer["id"]] = {**offer, "price": price["minor"], "currency": price["currency"]}
    return chain(
        row_faults(connection, offer_table, "id", offers),
        row_faults(connection, share_code_table, "code", codes),
    )
