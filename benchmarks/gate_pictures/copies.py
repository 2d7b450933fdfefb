"""Known pictures come back changed, unrelated ones come; which are taken for known goes out.

Each step is the gate's own: bytes are decoded, the index proposes, features decide, and what the
pictures say must agree before they count as the same.
"""

import io
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

import numpy as np
from msgspec.structs import replace
from PIL import Image

from kouling.gate.text.content import Agreement, agreement, is_alike
from kouling.lab.pictures.cards import cards, photos
from kouling.lab.pictures.chance import chance_of
from kouling.lab.pictures.disguises import picture_edits
from kouling.lab.pictures.scene import Motif, Sample
from kouling.picture import (
    Index,
    Likeness,
    PictureMark,
    barcode,
    candidates_max,
    hashes_to_keep,
    reader,
    voters_to_keep,
)
from kouling.picture.decode import Decoded, decode
from kouling.picture.fingerprint import fingerprint
from kouling.picture.likeness import Seen, likeness
from kouling.picture.look import Imprint, Look, Opened
from kouling.picture.records import Barcode, Line

kinds = (Motif.share_card, Motif.red_packet, Motif.qr_poster)
small_side = 320
"""Pixels of the unrelated photos, most of which the gate would make as small itself."""

cards_each = 10
"""One in so many unrelated pictures is a card of the known templates with another code."""


@dataclass(frozen=True)
class Known:
    """Pictures that were kept from being shown."""

    index: Index
    looks: tuple[Look, ...]


def copies(each: int, unrelated: int, seed: int) -> dict[str, Any]:
    """Return recall by edit, false matches, and what a picture costs."""
    originals = [*cards(2 * each, seed, kinds), *photos(each, seed)]
    known = _kept(originals)
    edits: dict[str, dict[str, Any]] = {}
    spent: list[float] = []
    for name, edit in picture_edits.items():
        looks_alike, found, others = 0, 0, 0
        for mark, sample in enumerate(originals):
            changed = edit.apply(sample, chance_of(seed, name, mark))
            start = time.process_time()
            alike, matched = _matches(_decoded(changed), known)
            spent.append(1_000 * (time.process_time() - start))
            looks_alike += mark in alike
            found += mark in matched
            others += len(matched - {mark})
        whole = len(originals)
        edits[name] = {"alike": [looks_alike, whole], "found": [found, whole], "false": others}
    false = sum(bool(_matches(_decoded(one), known)[1]) for one in _unrelated(unrelated, seed + 1))
    return {
        "edits": edits,
        "unrelated": [false, unrelated],
        "cpu_ms": round(float(np.mean(spent)), 1),
    }


def search_ms(count: int, queries: int = 50) -> dict[str, Any]:
    """Return how long the index takes to find a hash among so many."""
    random = np.random.default_rng(1)
    index, rows = Index(), random.integers(0, 256, (count, 32), np.uint8)
    index.add_many([PictureMark(mark, row.tobytes()) for mark, row in enumerate(rows, 1)])
    asked = random.integers(0, count, queries)
    found, start = 0, time.process_time()
    for place in asked:
        near = rows[place].copy()
        near[:4] ^= 0b10101  # 12 of 256 bits
        found += any(one.mark == place + 1 for one in index.nearest([near.tobytes()]))
    spent = 1_000 * (time.process_time() - start) / queries
    return {"hashes": count, "found": [found, queries], "cpu_ms": round(spent, 3)}


def _kept(originals: Sequence[Sample]) -> Known:
    index, looks = Index(), []
    for mark, sample in enumerate(originals, 1):
        look = _said(_decoded(sample))
        imprint = _imprint(look)
        index.add_many([PictureMark(mark, hashes_to_keep(imprint), voters_to_keep(imprint))])
        looks.append(look)
    return Known(index, tuple(looks))


def _matches(picture: Decoded, known: Known) -> tuple[set[int], set[int]]:
    """Return the places of the known pictures that look like it, and of those that say the same."""
    imprint = fingerprint(picture.overviews)
    seen = tuple(map(Seen, picture.overviews))
    alike: dict[int, Likeness] = {}
    for candidate in known.index.candidates(imprint)[:candidates_max]:
        likes = likeness(seen, _imprint(known.looks[candidate.mark - 1]))
        if is_alike(likes):
            alike[candidate.mark - 1] = likes
        if likes.is_whole:
            break
    unread = Look(imprint=imprint)
    asked = {likes.mirrored for likes in alike.values() if likes.spots}
    said = {mirrored: _said(picture, mirrored=mirrored) for mirrored in asked}
    same = {
        place
        for place, likes in alike.items()
        if agreement(said.get(likes.mirrored, unread), known.looks[place], likes) is Agreement.same
    }
    return set(alike), same


def _said(picture: Decoded, *, mirrored: bool = False) -> Look:
    """Return all that the gate sees in a picture, its print as in a mirror if asked."""
    codes: list[Barcode] = []
    lines: list[Line] = []
    for view in picture.views:
        codes += barcode.find(view.pixels)
        seen = np.ascontiguousarray(view.pixels[:, ::-1]) if mirrored else view.pixels
        lines += (
            replace(line, box=line.box.moved(view.left, view.top, view.scale))
            for line in reader.read(seen).lines
        )
    return Look(
        opened=Opened(form=picture.form, width=picture.width, height=picture.height),
        imprint=fingerprint(picture.overviews),
        barcodes=tuple(codes),
        lines=tuple(lines),
    )


def _imprint(look: Look) -> Imprint:
    assert look.imprint is not None
    return look.imprint


def _decoded(sample: Sample) -> Decoded:
    file = io.BytesIO()
    Image.fromarray(sample.picture).save(file, "JPEG", quality=92)
    return decode(file.getvalue())


def _unrelated(count: int, seed: int) -> Iterator[Sample]:
    few = count // cards_each
    return chain(cards(few, seed, kinds), photos(count - few, seed, small_side, small_side))
