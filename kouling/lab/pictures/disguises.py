"""All disguises of pictures by name, and how they are put on one over the other.

Those of the writing are put on first, whatever the order of the names: they draw the picture.
"""

from __future__ import annotations

import difflib
import inspect
from collections.abc import Callable, Sequence
from typing import NamedTuple

from kouling.errors import InvalidInput
from kouling.lab.pictures import bending, copying, spoiling, writing
from kouling.lab.pictures.chance import Chance
from kouling.lab.pictures.scene import Sample

Change = Callable[[Chance, Sample], Sample]

chain_length_max = 8
"""Disguises that may be joined by + in one name."""


class PictureDisguise(NamedTuple):
    """A way to spoil a picture so that people still read it: `summary` says how.

    It is worn by pictures with a share code, by those with a QR code, or by both.
    """

    name: str
    summary: str
    changes: tuple[Change, ...]
    codes: bool = True
    payloads: bool = True

    def suits(self, sample: Sample) -> bool:
        """Whether the sample has what this disguise is put on."""
        return bool(self.codes and sample.code) or bool(self.payloads and sample.payload)

    def apply(self, sample: Sample, chance: Chance) -> Sample:
        """Return the sample in disguise, its box where the code or QR code now is."""
        for change in self.changes:
            sample = change(chance, sample)
        return sample


def find_picture_disguise(name: str) -> PictureDisguise:
    """Return a disguise by its name, or several joined: `rotation+noise`.

    Raises InvalidInput for a name that is unknown.
    """
    parts = [_known(part.strip()) for part in name.split("+")]
    if len(parts) > chain_length_max:
        hint = f"join at most {chain_length_max}"
        raise InvalidInput(f"{len(parts)} disguises are joined in one name", hint=hint)
    if len(parts) == 1:
        return parts[0]
    changes = tuple(change for part in parts for change in part.changes)
    drawn = [change for change in changes if _is_writing(change)]
    others = [change for change in changes if not _is_writing(change)]
    summary = " Then: ".join(part.summary for part in parts)
    codes, payloads = (all(side) for side in zip(*(part[3:] for part in parts), strict=True))
    return PictureDisguise(name, summary, (*drawn, *others), codes, payloads)


def chosen(names: Sequence[str]) -> list[PictureDisguise]:
    """Return the disguises of these names, or all that hide a code where none is named."""
    return [find_picture_disguise(name) for name in names] or list(picture_disguises.values())


def picture_reference() -> str:
    """Return the table of all disguises of pictures, in Markdown, as the guide shows it."""
    rows = [
        f"| `{one.name}` | {_worn(one)} | {one.summary} |"
        for one in (*picture_disguises.values(), *picture_edits.values())
    ]
    return "\n".join(("| disguise | worn by | what it does |", "|---|---|---|", *rows))


def _worn(disguise: PictureDisguise) -> str:
    if disguise.name in picture_edits:
        return "any"
    return "both" if disguise.codes and disguise.payloads else "code" if disguise.codes else "QR"


def _known(name: str) -> PictureDisguise:
    known = picture_disguises | picture_edits
    if found := known.get(name):
        return found
    near = difflib.get_close_matches(name, known, n=3, cutoff=0.5)
    hint = f"near it: {', '.join(near)}" if near else f"known: {', '.join(known)}"
    raise InvalidInput(f"disguise {name!r:.60} is unknown", hint=hint)


def _is_writing(change: Change) -> bool:
    return change.__module__ == writing.__name__


def _named(
    *changes: Change, codes: bool = True, payloads: bool = True
) -> dict[str, PictureDisguise]:
    names = {getattr(change, "__name__", ""): change for change in changes}
    return {
        name: PictureDisguise(name, inspect.getdoc(change) or "", (change,), codes, payloads)
        for name, change in names.items()
    }


picture_disguises: dict[str, PictureDisguise] = {
    **_named(
        bending.rotation,
        bending.quarter_turns,
        bending.perspective,
        spoiling.noise,
        spoiling.blur,
        spoiling.low_contrast,
        spoiling.jpeg,
        bending.small_in_photo,
        spoiling.inverted,
        writing.dark_mode,
        spoiling.moire,
    ),
    **_named(writing.no_quiet_zone, writing.logo_over_qr, writing.round_modules, codes=False),
    **_named(
        writing.curved_text,
        writing.spaced_letters,
        writing.two_lines,
        spoiling.stamp_over_text,
        payloads=False,
    ),
}
"""Every disguise that hides a code from readers, in the order of the guide."""

picture_edits: dict[str, PictureDisguise] = _named(
    copying.resize,
    copying.jpeg_again,
    copying.crop,
    copying.border,
    copying.overlay,
    copying.screenshot,
    copying.mirrored,
)
"""Every edit that makes a known picture look new."""
