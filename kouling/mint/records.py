"""What mint takes in and gives out: offers, share codes, and how a code is written out."""

from __future__ import annotations

import enum
from datetime import datetime

import msgspec

from kouling.ids import ItemId, OfferId, UserId
from kouling.money import Money


class Offer(msgspec.Struct, frozen=True, kw_only=True):
    """What a share code leads to: an https page of a merchant, with its price.

    `rate_bps` is the commission on a sale in basis points. An offer never changes: other
    terms are another offer with another id.
    """

    id: OfferId
    merchant: UserId
    title: str
    url: str
    price: Money
    rate_bps: int = 0


class ShareCode(msgspec.Struct, frozen=True, kw_only=True):
    """A copyable code that leads to an offer, as it was minted for a sharer.

    `uses_max` None means unlimited; `parent` is the code this one was re-shared from.
    """

    code: str
    issuer: str
    offer: OfferId
    sharer: UserId
    campaign: str
    minted_at: datetime
    expires_at: datetime
    uses_max: int | None = None
    parent: str | None = None


class CodeState(msgspec.Struct, frozen=True, kw_only=True):
    """A share code with its offer and what became of it since it was minted or renewed."""

    share_code: ShareCode
    offer: Offer
    uses: int
    revoked_at: datetime | None = None


class FoundCode(msgspec.Struct, frozen=True, kw_only=True):
    """A code of the key ring in a pasted text; `item` is the item that its link names."""

    code: str
    issuer: str
    id: int
    start: int
    end: int
    item: ItemId | None = None


class Parsed(msgspec.Struct, frozen=True, kw_only=True):
    """What a pasted text holds: codes of the ring, and what looks like codes but fits no key.

    `mistyped` ones stand where only ours do, in our brackets or link; `lookalikes` anywhere.
    """

    codes: tuple[FoundCode, ...] = ()
    mistyped: tuple[str, ...] = ()
    lookalikes: tuple[str, ...] = ()


class Channel(enum.StrEnum):
    """Where a rendered code is to be pasted; each has a message template of its own."""

    chat = "chat"
    moments = "moments"
    comment = "comment"


class Rendering(msgspec.Struct, frozen=True, kw_only=True):
    """A share code written out: message, universal link, and the link as QR picture (SVG)."""

    text: str
    link: str
    qr_svg: str
