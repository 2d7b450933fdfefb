"""Redeem: a pasted text becomes a redemption, or a refusal that says why."""

from kouling.redeem.bots import agent_of, bundled_bots, network_of
from kouling.redeem.records import (
    Arrival,
    Pasted,
    Redemption,
    Refusal,
    RefusalReason,
    Touchpoint,
    Trace,
)
from kouling.redeem.resolve import kept_text, read_paste, windows_of
from kouling.redeem.table import (
    Visit,
    identify,
    redeem_paste,
    redemption_faults,
    redemption_table,
    touchpoints,
    touchpoints_max,
)

__all__ = [
    "Arrival",
    "Pasted",
    "Redemption",
    "Refusal",
    "RefusalReason",
    "Touchpoint",
    "Trace",
    "Visit",
    "agent_of",
    "bundled_bots",
    "identify",
    "kept_text",
    "network_of",
    "read_paste",
    "redeem_paste",
    "redemption_faults",
    "redemption_table",
    "touchpoints",
    "touchpoints_max",
    "windows_of",
]
