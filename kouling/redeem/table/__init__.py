"""Redeem's tables: what is kept of visits, and how it is read back."""

from kouling.redeem.table.check import redemption_faults
from kouling.redeem.table.schema import redemption_table
from kouling.redeem.table.touches import touchpoints, touchpoints_max
from kouling.redeem.table.visits import Visit, identify, redeem_paste

__all__ = [
    "Visit",
    "identify",
    "redeem_paste",
    "redemption_faults",
    "redemption_table",
    "touchpoints",
    "touchpoints_max",
]
