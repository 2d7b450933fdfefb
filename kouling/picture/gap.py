"""What was not looked into: the kind of a gap and the data it is about, never a sentence."""

from __future__ import annotations

import enum
from collections.abc import Sequence
from typing import TypeVar

import msgspec

_Thing = TypeVar("_Thing")


class GapKind(enum.StrEnum):
    """Why a picture, or a part of one, was not looked into."""

    # Nobody could look.
    library_missing = "library_missing"
    workers_stopped = "workers_stopped"
    no_workers = "no_workers"
    workers_busy = "workers_busy"
    worker_not_started = "worker_not_started"
    worker_late = "worker_late"
    worker_overworked = "worker_overworked"
    worker_died = "worker_died"
    not_had = "not_had"

    # It could not or must not be looked at.
    nothing_open = "nothing_open"
    memory_short = "memory_short"
    step_failed = "step_failed"
    undecodable = "undecodable"
    unknown_format = "unknown_format"
    other_format = "other_format"
    colours_unknown = "colours_unknown"
    pixels_exceeded = "pixels_exceeded"
    scans_exceeded = "scans_exceeded"

    # It was not looked at as a whole.
    frames_left_out = "frames_left_out"
    views_left_out = "views_left_out"
    barcodes_left_out = "barcodes_left_out"
    lines_left_out = "lines_left_out"

    # Whoever owns the workers did not let them.
    author_budget = "author_budget"
    author_time = "author_time"
    whole_budget = "whole_budget"


perhaps_worker = frozenset(
    {GapKind.memory_short, GapKind.step_failed, GapKind.worker_overworked, GapKind.worker_died}
)
"""What may be the worker's fault, used as it was; a fresh one tells whether it is the picture's."""


class Gap(msgspec.Struct, frozen=True, omit_defaults=True):
    """Why something was not looked into, and the number or name that it is about."""

    kind: GapKind
    about: str = ""

    def __str__(self) -> str:
        """Write it for the message of an error."""
        words = self.kind.replace("_", " ")
        return f"{words}: {self.about}" if self.about else words


def first_of(
    things: Sequence[_Thing], most: int, kind: GapKind
) -> tuple[tuple[_Thing, ...], Gap | None]:
    """Return the first of some things, at most so many, and the gap if there are more."""
    return tuple(things[:most]), Gap(kind, str(most)) if len(things) > most else None
