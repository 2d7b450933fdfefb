"""Items become signals: everything that detectors see, before any policy judges it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache

import msgspec

from kouling.gate.detectors import Detectors
from kouling.gate.records import Item, Party, Signal
from kouling.mint import KeyRing, parse


@lru_cache(maxsize=4)
def detectors_for(page_host: str) -> Detectors:
    """Return the bundled detectors, which know the host of our own links; made once a process."""
    return Detectors.load(own_hosts=frozenset({page_host}))


def inspect(
    items: Sequence[Item], detectors: Detectors, ring: KeyRing | None = None
) -> list[tuple[Signal, ...]]:
    """Return the signals of each item, those of its text by place, then those of its pictures.

    With a key ring our own and registered issuers' codes are told from foreign ones.
    """

    def owner(code: str) -> tuple[Party, str] | None:
        origin = ring.origin(code) if ring is not None else None
        if ring is None or origin is None:
            return None
        return (Party.own if origin.issuer == ring.issuer else Party.partner), origin.issuer

    found = detectors.inspect([item.text for item in items], own=owner)
    return [
        (*(_with_code(signal, ring) for signal in signals), *_pictures(item))
        if signals or item.pictures
        else ()
        for item, signals in zip(items, found, strict=True)
    ]


def _with_code(signal: Signal, ring: KeyRing | None) -> Signal:
    """Our own link carries its share code as a code, whatever page it opens."""
    if ring is None or signal.kind != "share_link" or signal.party is not Party.own:
        return signal
    codes = parse(signal.code, ring).codes
    return msgspec.structs.replace(signal, code=codes[0].code if codes else "")


def _pictures(item: Item) -> Iterator[Signal]:
    """A picture that nobody has looked into is never clean: it is `not_inspected`."""
    for place in range(len(item.pictures)):
        yield Signal(
            detector="picture",
            kind="not_inspected",
            evidence=(f"picture {place + 1} of {len(item.pictures)}: no picture reader is set up",),
        )
