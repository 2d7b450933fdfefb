"""Items become signals: everything that detectors see, before any policy judges it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import msgspec

from kouling.address import host_of
from kouling.fold import FoldedBatch
from kouling.gate.detectors import Detectors
from kouling.gate.evidence import Evidence
from kouling.gate.records import Item, Party, Signal
from kouling.mint import KeyRing, parse_text


@lru_cache(maxsize=4)
def detectors_for(page_host: str) -> Detectors:
    """Return the bundled detectors, which know the host of our own links; made once a process."""
    return Detectors.load(own_hosts=frozenset({host_of(f"https://{page_host}/")}))


def inspect(
    texts: FoldedBatch,
    detectors: Detectors,
    ring: KeyRing | None,
    seen: Sequence[Sequence[Signal]],
) -> list[tuple[Signal, ...]]:
    """Return the signals in each text by place, then those in pictures beside it.

    With a key ring our own and registered issuers' codes are told from foreign ones. `seen` are
    the signals in the pictures beside each text.
    """

    found = detectors.inspect_folded(texts, ring)
    return [
        tuple(_with_code(signal, ring) for signal in (*in_text, *in_pictures))
        if in_text or in_pictures
        else ()
        for in_text, in_pictures in zip(found, seen, strict=True)
    ]


def not_inspected(item: Item, why: Evidence) -> tuple[Signal, ...]:
    """Return what is said of pictures that nobody has looked into: they are never clean."""
    return tuple(
        Signal(detector="picture", kind="not_inspected", evidence=(why,), picture=place)
        for place in range(1, len(item.pictures) + 1)
    )


def _with_code(signal: Signal, ring: KeyRing | None) -> Signal:
    """Our own link carries its share code as a code, whatever page it opens."""
    if ring is None or signal.kind != "share_link" or signal.party is not Party.own:
        return signal
    codes = parse_text(signal.code, ring).codes
    return msgspec.structs.replace(signal, code=codes[0].code if codes else "")
