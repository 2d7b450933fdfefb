"""How far a share that was counted on few pictures may lie from the true one."""

from math import sqrt

certainty = 1.96
"""Standard deviations of the 95 % bounds."""


def bounds(part: int, whole: int) -> tuple[float, float]:
    """Return the 95 % bounds of a share after Wilson (1927)."""
    if not whole:
        return 0.0, 1.0
    share, square = part / whole, certainty**2
    middle = (share + square / (2 * whole)) / (1 + square / whole)
    spread = share * (1 - share) / whole + square / (4 * whole**2)
    half = certainty * sqrt(spread) / (1 + square / whole)
    return max(0.0, middle - half), min(1.0, middle + half)
