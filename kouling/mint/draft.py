"""What is asked of mint is checked and completed before a code is made from it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypedDict

import msgspec

from kouling.address import host_name, read_address, url_length_max
from kouling.errors import InvalidInput, LimitExceeded
from kouling.ids import Name, UserId, check_id
from kouling.mint.records import Offer
from kouling.money import bps_max, check_positive

title_length_max = 60
"""Characters in an offer's title."""

hosts_max = 100
"""Hosts on a merchant's allow-list."""

uses_limit_max = 10**9
"""Largest limit of uses."""

days_max = 3_650
"""Days after which every code has expired."""


class Draft(msgspec.Struct, frozen=True, kw_only=True):
    """What is asked of mint: an offer, its sharer, and the limits of the code to be.

    It holds what was given and nothing that the installation adds: without `days` that is what
    it sets at the time of minting. Two drafts that are the same ask for the same.
    """

    offer: Offer
    sharer: UserId
    campaign: str = ""
    days: int | None = None
    uses_max: int | None = None
    parent: str | None = None


class Limits(TypedDict, total=False):
    """What a minting may set: campaign, days until expiry, number of uses, code re-shared.

    `renew` gives a revoked code new life, as an expired one gets without it.
    """

    campaign: str
    days: int
    uses_max: int | None
    parent: Name | None
    renew: bool


def check_offer(offer: Offer) -> None:
    """Raise `InvalidInput` or `LimitExceeded` unless the offer can be shared."""
    check_id(offer.id, "offer id")
    check_id(offer.merchant, "merchant id")
    _check_title(offer.title)
    _check_url(offer.url)
    check_positive(offer.price, "price")
    if not 0 <= offer.rate_bps <= bps_max:
        raise InvalidInput(
            f"rate {offer.rate_bps} is no part of a price", hint="give 0 to 10000 basis points"
        )


def draft_of(offer: Offer, sharer: UserId, limits: Limits) -> Draft:
    """Return a checked draft of what is given.

    Raises `InvalidInput` or `LimitExceeded` for what can't be minted.
    """
    draft = Draft(
        offer=offer,
        sharer=sharer,
        campaign=limits.get("campaign", ""),
        days=limits.get("days"),
        uses_max=limits.get("uses_max"),
        parent=limits.get("parent"),
    )
    check_draft(draft)
    return draft


def check_draft(draft: Draft) -> None:
    """Raise `InvalidInput` or `LimitExceeded` unless a code can be minted from the draft."""
    check_offer(draft.offer)
    check_id(draft.sharer, "sharer id")
    if draft.campaign:
        check_id(draft.campaign, "campaign")
    if draft.days is not None and not 0 < draft.days <= days_max:
        raise InvalidInput(f"{draft.days} days", hint=f"a code is valid for 1 to {days_max} days")
    if draft.uses_max is not None and not 0 < draft.uses_max <= uses_limit_max:
        raise InvalidInput(
            f"a limit of {draft.uses_max} uses", hint="give a positive number or none at all"
        )


def _check_title(title: str) -> None:
    if len(title) > title_length_max:
        raise LimitExceeded(
            f"the title has {len(title)} characters",
            hint=f"shorten it to {title_length_max}",
        )
    if not title.strip() or not title.isprintable():
        raise InvalidInput(f"title {title!r:.80} can't be shown", hint="give printable text")


def check_hosts(hosts: Iterable[str]) -> list[str]:
    """Return hosts in normal form, each once; raise `InvalidInput` for what is no host."""
    names = sorted({host_name(host) for host in hosts})
    if len(names) > hosts_max:
        raise InvalidInput(f"{len(names)} hosts are too many", hint=f"allow at most {hosts_max}")
    return names


def _check_url(url: str) -> None:
    if len(url) > url_length_max:
        raise LimitExceeded(f"the address has {len(url)} characters, {url_length_max} are allowed")
    address = read_address(url)
    if address is None or address.scheme != "https" or address.has_user:
        raise InvalidInput(
            f"{url!r:.80} is not an https address", hint="give an address such as https://shop.cn/1"
        )
