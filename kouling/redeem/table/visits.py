"""A buyer's use of a code on its way to be recorded: banned, traced, counted, touched."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, NamedTuple

import msgspec
import sqlalchemy as sa

from kouling.deliver import carriers, visible_among
from kouling.errors import Conflict
from kouling.gate import bans, item_code_table
from kouling.ids import ItemId, RedemptionId, UserId
from kouling.mint import CodeState, FoundCode, KeyRing, code_states, count_use
from kouling.redeem.bots import bundled_bots
from kouling.redeem.records import Redemption, Refusal, RefusalReason, Trace, Windows
from kouling.redeem.resolve import Paste, Resolved, refuse_text, resolve_code
from kouling.redeem.table.schema import redemption_table, touch_table, visitor_table

touch_seconds = 60
"""Touches of one buyer and code that are nearer to each other are one."""

_insert = redemption_table.insert()
_touch = touch_table.insert()
_redemption_columns = [
    redemption_table.c[name] for name in Redemption.__struct_fields__ if name in redemption_table.c
]


def _latest(column: Any, name: str) -> sa.Select[Any]:
    return (
        sa.select(*_redemption_columns, touch_table.c.touched_at)
        .join(redemption_table, redemption_table.c.id == touch_table.c.redemption)
        .where(
            column == sa.bindparam(name),
            touch_table.c.code == sa.bindparam("code"),
            touch_table.c.touched_at > sa.bindparam("since"),
            touch_table.c.redemption.is_not(None),
        )
        .order_by(touch_table.c.touched_at.desc())
        .limit(1)
    )


_latest_of_buyer = _latest(touch_table.c.buyer, "buyer")
_latest_of_visitor = _latest(touch_table.c.visitor, "visitor")

_carried = sa.select(item_code_table.c.item).where(
    item_code_table.c.item == sa.bindparam("item"), item_code_table.c.code == sa.bindparam("code")
)


_insert_visitor = visitor_table.insert()
_buyer_of = sa.select(visitor_table.c.buyer).where(visitor_table.c.id == sa.bindparam("visitor"))
_join = (
    touch_table.update()
    .where(touch_table.c.visitor == sa.bindparam("who"), touch_table.c.buyer.is_(None))
    .values(
        buyer=sa.bindparam("is_buyer"),
        own=touch_table.c.sharer == sa.bindparam("is_buyer"),
    )
)
_forget = (
    touch_table.update()
    .where(touch_table.c.ip_prefix.is_not(None), touch_table.c.touched_at < sa.bindparam("before"))
    .values(ip_prefix=None)
)
_came = (
    sa.select(touch_table.c.id)
    .where(
        touch_table.c.ip_prefix == sa.bindparam("network"),
        touch_table.c.touched_at > sa.bindparam("since"),
    )
    .limit(1)
    .offset(sa.bindparam("others"))
)


class Visit(NamedTuple):
    """Who pasted a text, and when: a buyer, or a visitor of whom no buyer is known."""

    id: RedemptionId
    at: datetime
    buyer: UserId | None
    visitor: UserId | None = None
    bot: str | None = None
    ip_prefix: str | None = None


class _Use(NamedTuple):
    """A code that a visit may use, as far as the code alone tells."""

    visit: Visit
    found: FoundCode
    state: CodeState


def redeem_paste(
    connection: sa.Connection, paste: Paste, ring: KeyRing, visit: Visit, windows: Windows
) -> Redemption | Refusal:
    """Use the first code of a text that may be used, else refuse what is wrong with the first."""
    visit = _known(connection, visit, windows)
    states = code_states(connection, paste.parsed)
    refusals = []
    for found in paste.parsed.codes:
        outcome = resolve_code(found, states, ring, visit.at)
        if isinstance(outcome, Resolved):
            use = _Use(visit, outcome.found, outcome.state)
            recorded = _record(connection, use, windows)
            if isinstance(recorded, Redemption):
                return recorded
            outcome = recorded
        refusals.append(outcome)
    return refusals[0] if refusals else refuse_text(paste.parsed, paste.signals)


def _known(connection: sa.Connection, visit: Visit, windows: Windows) -> Visit:
    """Return a visit with all that the database knows: whose it is, and whether it is a bot's."""
    if visit.buyer is None:
        known = connection.scalar(_buyer_of, {"visitor": visit.visitor})
        visit = visit._replace(buyer=None if known is None else UserId(known))
    if visit.ip_prefix is None:
        return visit
    connection.execute(_forget, {"before": visit.at - windows.arrival})
    for name, rate in bundled_bots().rates.items():
        since = visit.at - timedelta(seconds=rate.seconds)
        asked = {"network": visit.ip_prefix, "since": since, "others": rate.count - 1}
        if visit.bot is None and connection.scalar(_came, asked) is not None:
            visit = visit._replace(bot=name)
    return visit


def identify(connection: sa.Connection, visitor: UserId, buyer: UserId, at: datetime) -> None:
    """Say who a visitor is: what it touched before is the buyer's."""
    known = connection.scalar(_buyer_of, {"visitor": visitor})
    if known is not None and known != buyer:
        raise Conflict(
            f"visitor {visitor!r:.80} is known as another buyer", hint="give a visitor a new id"
        )
    if known is None:
        row = {"id": visitor, "buyer": buyer, "identified_at": at}
        connection.execute(_insert_visitor, row)
    connection.execute(_join, {"who": visitor, "is_buyer": buyer})


def _record(connection: sa.Connection, use: _Use, windows: Windows) -> Redemption | Refusal:
    """Record one use of a code, or say why it may not be used.

    The same buyer's use of the same code within the repeat window is the earlier redemption, and
    one touch more.
    """
    if _is_banned(connection, use):
        return Refusal(reason=RefusalReason.banned, code=use.found.code)
    traced = _trace(connection, use, windows.trace)
    if isinstance(traced, Refusal):
        return traced
    if use.visit.bot is not None:
        return _keep_touch(connection, use, _redemption(use, *traced))
    earlier = _earlier(connection, use, windows.repeat)
    if earlier is not None:
        redemption, touched_at = earlier
        if use.visit.at - touched_at >= timedelta(seconds=touch_seconds):
            _keep_touch(connection, use, redemption)
        return redemption
    limit = use.state.share_code.uses_max
    if limit is not None and use.state.uses >= limit:
        return Refusal(reason=RefusalReason.used_up, code=use.found.code)
    redemption = _redemption(use, *traced)
    connection.execute(_insert, msgspec.structs.asdict(redemption))
    count_use(connection, use.found.id)
    return _keep_touch(connection, use, redemption)


def _keep_touch(connection: sa.Connection, use: _Use, redemption: Redemption) -> Redemption:
    visit = use.visit
    connection.execute(
        _touch,
        {
            "code": use.found.code,
            "merchant": use.state.offer.merchant,
            "sharer": redemption.sharer,
            "buyer": visit.buyer,
            "visitor": visit.visitor,
            "touched_at": visit.at,
            "redemption": None if visit.bot else redemption.id,
            "own": redemption.own,
            "bot": visit.bot,
            "ip_prefix": visit.ip_prefix,
        },
    )
    return redemption


def _is_banned(connection: sa.Connection, use: _Use) -> bool:
    users = (use.state.share_code.sharer, use.state.offer.merchant)
    return bans.is_kept_out(connection, users, use.state.offer.url, use.visit.at)


def _trace(
    connection: sa.Connection, use: _Use, window: timedelta
) -> tuple[ItemId | None, Trace] | Refusal:
    """Find the item that carried the code: named by its link, else seen latest, else unknown."""
    viewer = use.visit.buyer or use.visit.visitor
    assert viewer is not None
    named = _named_item(connection, use.found)
    if named is not None:
        candidates, traced_by = [named], Trace.link
    else:
        candidates = carriers(connection, viewer, use.found.code, use.visit.at - window)
        traced_by = Trace.impression
    if not candidates:
        return None, Trace.unknown
    shown = visible_among(connection, viewer, candidates, use.visit.at)
    for item in candidates:
        if item in shown:
            return item, traced_by
    return Refusal(reason=RefusalReason.hidden, code=use.found.code)


def _named_item(connection: sa.Connection, found: FoundCode) -> ItemId | None:
    """The item that the pasted link names, if it does carry the code: links can be made up."""
    if not found.item:
        return None
    carried = connection.execute(_carried, {"item": found.item, "code": found.code}).first()
    return found.item if carried else None


def _earlier(
    connection: sa.Connection, use: _Use, window: timedelta
) -> tuple[Redemption, datetime] | None:
    """The redemption that this use repeats, and when the code was touched last."""
    visit = use.visit
    asked = {"code": use.found.code, "since": visit.at - window}
    if visit.buyer is not None:
        rows = connection.execute(_latest_of_buyer, {**asked, "buyer": visit.buyer})
    else:
        rows = connection.execute(_latest_of_visitor, {**asked, "visitor": visit.visitor})
    row = rows.mappings().one_or_none()
    if row is None or row["redeemed_at"] <= visit.at - window:
        return None
    return read_redemption(row), row["touched_at"]


def read_redemption(row: Any) -> Redemption:
    """Return a redemption as its row tells it."""
    values = {column.name: row[column.name] for column in _redemption_columns}
    return Redemption(**{**values, "traced_by": Trace(row["traced_by"])})


def _redemption(use: _Use, item: ItemId | None, traced_by: Trace) -> Redemption:
    visit, state = use.visit, use.state
    return Redemption(
        id=visit.id,
        code=use.found.code,
        offer=state.offer.id,
        url=state.offer.url,
        sharer=state.share_code.sharer,
        buyer=visit.buyer,
        visitor=visit.visitor,
        redeemed_at=visit.at,
        item=item,
        traced_by=traced_by,
        own=visit.buyer == state.share_code.sharer,
        bot=visit.bot is not None,
    )
