"""What redeem gives out: a redemption, or a refusal that says why."""

from __future__ import annotations

import enum
from datetime import datetime, timedelta

import msgspec

from kouling.eventlog import IdempotencyKey
from kouling.ids import ItemId, OfferId, RedemptionId, UserId


class RefusalReason(enum.StrEnum):
    """Why a pasted text did not lead to an offer."""

    no_code = "no_code"
    foreign = "foreign"
    forged = "forged"
    unknown = "unknown"
    revoked = "revoked"
    expired = "expired"
    used_up = "used_up"
    banned = "banned"
    hidden = "hidden"


class Refusal(msgspec.Struct, frozen=True, kw_only=True, tag="refusal"):
    """A polite no: the reason, the code, and what it is about.

    `about` is the issuer whose code a foreign one is, if it is known, and the day on which an
    expired one ended (ISO 8601). Sentences for the buyer are made in `kouling.words`.
    """

    reason: RefusalReason
    code: str = ""
    about: str = ""


class Trace(enum.StrEnum):
    """How the item that carried a code was found."""

    link = "link"
    impression = "impression"
    unknown = "unknown"


class Redemption(msgspec.Struct, frozen=True, kw_only=True, tag="redemption"):
    """A share code was used: who used whose code, for what, and from which item.

    A redemption of one's own code is marked `own` and earns nothing; what a `bot` does counts no
    use. Of a `visitor` no buyer may be known yet.
    """

    id: RedemptionId
    code: str
    offer: OfferId
    url: str
    sharer: UserId
    buyer: UserId | None
    redeemed_at: datetime
    item: ItemId | None = None
    traced_by: Trace = Trace.unknown
    own: bool = False
    visitor: UserId | None = None
    bot: bool = False


class Arrival(msgspec.Struct, frozen=True):
    """How a visit came: the browser's user agent and referrer, the address, and when.

    Nothing of it is kept but whether it was a bot's, and for some days the network.
    """

    user_agent: str = ""
    referrer: str = ""
    ip_prefix: str = ""
    at: datetime | None = None


class Pasted(msgspec.Struct, frozen=True):
    """A text that somebody pasted: one of many that are redeemed at once."""

    text: str
    buyer: UserId | None = None
    visitor: UserId | None = None
    idempotency_key: IdempotencyKey | None = None
    visit: Arrival | None = None


class Touchpoint(msgspec.Struct, frozen=True, kw_only=True):
    """What may have caused a sale: a code was used at that time, counted or not.

    `id` is in the order in which touches were recorded; `redemption` is the counted use.
    """

    id: int
    redemption: RedemptionId
    code: str
    sharer: UserId
    touched_at: datetime
    own: bool = False


class Windows(msgspec.Struct, frozen=True, kw_only=True):
    """How far back redeem looks: for what carried a code, a repeated use, a network."""

    trace: timedelta
    repeat: timedelta
    arrival: timedelta
