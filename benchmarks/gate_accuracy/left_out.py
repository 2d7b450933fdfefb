"""What becomes of a family that the pack does not know: each is left out of it in turn."""

from collections.abc import Sequence
from typing import Any

import msgspec

from benchmarks.bench.data import Message
from benchmarks.gate_accuracy.finders import our_finder
from kouling.gate import Detectors
from kouling.gate.text.packs import load_pack

issuers = {"pdd": "pinduoduo", "wechat-miniprogram": "wechat"}
"""Issuers of the pack where they go by another name than the family of the data."""


def leave_one_out(messages: Sequence[Message]) -> dict[str, Any]:
    """Return the recall on each family's messages by a pack that does not know the family."""
    pack, report = load_pack(), {}
    for family in sorted({message.group for message in messages}):
        issuer = issuers.get(family, family)
        rest = tuple(one for one in pack.families if one.issuer != issuer)
        finder = our_finder(Detectors(msgspec.structs.replace(pack, families=rest)))
        hits = finder.hits([message.text for message in messages if message.group == family])
        report[family] = {
            "in_pack": len(rest) < len(pack.families),
            "found": [sum(hits), len(hits)],
        }
    return report
