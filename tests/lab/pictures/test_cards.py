"""The laboratory draws what it says, where it says, the same for the same seed."""

import numpy as np
import pytest
import zxingcpp

from kouling.lab.pictures.cards import (
    card,
    cards,
    clean_cards,
    code_kinds,
    layouts,
    payload_kinds,
    photos,
)
from kouling.lab.pictures.chance import chance_of
from kouling.lab.pictures.scene import Motif, Sample
from kouling.lab.pictures.styles import styles


def test_the_same_seed_draws_the_same_pictures_and_another_seed_others() -> None:
    once, again = list(cards(2, 5)), list(cards(2, 5))
    assert all(np.array_equal(a.picture, b.picture) for a, b in zip(once, again, strict=True))
    assert [one.code for one in once] != [one.code for one in cards(2, 6)]


@pytest.mark.parametrize("kind", layouts)
def test_a_picture_carries_what_its_kind_says(kind: Motif) -> None:
    sample = card(kind, styles[1], chance_of(2, kind))
    assert bool(sample.code) == (kind in code_kinds)
    assert bool(sample.payload) == (kind in payload_kinds)
    assert (sample.box is None) == (kind is Motif.clean)
    assert sample.code in sample.written
    assert sample.picture.dtype == np.uint8


def inside(sample: Sample) -> np.ndarray:
    """Return the pixels of the upright box around what is labelled."""
    assert sample.box is not None
    height, width = sample.picture.shape[:2]
    left, top = np.floor(sample.box.min(0)).astype(int).clip(0)
    right, bottom = np.ceil(sample.box.max(0)).astype(int)
    return sample.picture[top : min(bottom, height), left : min(right, width)]


def test_something_is_printed_where_the_label_is(code_card: Sample) -> None:
    printed = inside(code_card)
    assert printed.min() < 60
    assert printed.max() > 200
    assert printed.shape[1] > 3 * printed.shape[0]


def said_by(sample: Sample) -> list[str]:
    return [one.text for one in zxingcpp.read_barcodes(sample.picture)]


def test_a_qr_code_says_its_payload(poster: Sample) -> None:
    assert said_by(poster) == [poster.payload]


def test_clean_cards_and_photos_hold_nothing_to_find() -> None:
    for sample in (*clean_cards(2, 1), *photos(2, 1, 200, 100)):
        assert (sample.code, sample.payload, sample.box) == ("", "", None)
