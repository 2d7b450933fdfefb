"""What a visit's user agent says of who comes, and how much of its address is kept.

The rules are data (`bots.yaml`), with the day on which they were written.
"""

from __future__ import annotations

import ipaddress
from datetime import date
from functools import cache
from importlib.resources import files

import msgspec
import yaml

from kouling.errors import InvalidInput
from kouling.redeem.records import Arrival


class Rate(msgspec.Struct, frozen=True):
    """As many uses by one network within so many seconds are a bot's."""

    count: int
    seconds: int


class Bots(msgspec.Struct, frozen=True):
    """The rules by which bots are known, by their names."""

    dated: date
    agents: dict[str, tuple[str, ...]]
    rates: dict[str, Rate]


@cache
def bundled_bots() -> Bots:
    """Return the rules that come with Kouling."""
    text = files("kouling.redeem").joinpath("bots.yaml").read_text("utf-8")
    return msgspec.convert(yaml.safe_load(text), Bots)


def agent_of(arrival: Arrival | None, bots: Bots) -> str | None:
    """Return the name of the rule that a visit's user agent meets, or None."""
    if arrival is None:
        return None
    agent = arrival.user_agent.lower()
    for name, parts in bots.agents.items():
        if any(part in agent for part in parts):
            return name
    return None


def network_of(arrival: Arrival | None) -> str | None:
    """Return what is kept of an address: the network of 2^8 or 2^80 that it lies in.

    Raises `InvalidInput` for what is no address.
    """
    if arrival is None or not arrival.ip_prefix:
        return None
    try:
        address = ipaddress.ip_interface(arrival.ip_prefix)
    except ValueError:
        raise InvalidInput(
            f"ip_prefix {arrival.ip_prefix!r:.60} is no address", hint="give 203.0.113.0/24"
        ) from None
    bits = min(address.network.prefixlen, 24 if address.version == 4 else 48)
    return str(ipaddress.ip_network((address.ip, bits), strict=False))
