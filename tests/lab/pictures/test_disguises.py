"""A disguise changes the picture and keeps its label."""

from pathlib import Path

import numpy as np
import pytest
import zxingcpp

from kouling.errors import InvalidInput
from kouling.lab.pictures.cards import (
    card,
)
from kouling.lab.pictures.chance import chance_of
from kouling.lab.pictures.disguises import (
    find_picture_disguise,
    picture_disguises,
    picture_edits,
    picture_reference,
)
from kouling.lab.pictures.scene import Motif, Sample, Writing
from kouling.lab.pictures.styles import styles
from tests.lab.pictures.test_cards import inside

guide = Path(__file__).parents[3] / "docs/guides/lab.md"

every = picture_disguises | picture_edits
by_disguise = pytest.mark.parametrize("name", every)


def worn(name: str, sample: Sample, seed: int = 1) -> Sample:
    return find_picture_disguise(name).apply(sample, chance_of(seed, name))


def test_there_are_ten_styles_and_the_disguises_that_are_asked_for() -> None:
    assert len({style.name for style in styles}) == 10
    assert len(picture_disguises) >= 15
    assert len(picture_edits) == 7


@pytest.mark.parametrize("name", ["rotation", "quarter_turns", "perspective", "small_in_photo"])
def test_a_moved_box_goes_with_its_qr_code(name: str, poster: Sample) -> None:
    moved = worn(name, poster)
    [found] = zxingcpp.read_barcodes(moved.picture)
    place = found.position
    corners = (place.top_left, place.top_right, place.bottom_right, place.bottom_left)
    seen = np.asarray([(corner.x, corner.y) for corner in corners], float)
    assert moved.box is not None
    assert np.abs(seen.mean(0) - moved.box.mean(0)).max() < 8
    assert found.text == poster.payload


@by_disguise
def test_a_disguise_changes_the_picture_and_keeps_the_label(
    name: str, code_card: Sample, poster: Sample
) -> None:
    for sample in filter(every[name].suits, (code_card, poster)):
        changed = worn(name, sample)
        assert not np.array_equal(changed.picture, sample.picture)
        assert (changed.code, changed.payload) == (sample.code, sample.payload)
        assert changed.picture.dtype == np.uint8
        assert changed.picture.ndim == 3
        assert inside(changed).size > 300


@pytest.mark.parametrize("name", ["noise", "curved_text", "moire"])
def test_the_same_chance_gives_the_same_disguise(name: str, code_card: Sample) -> None:
    once, again, other = (worn(name, code_card, seed).picture for seed in (1, 1, 2))
    assert np.array_equal(once, again)
    assert not np.array_equal(once, other)


def test_spaced_letters_make_the_code_longer_and_two_lines_make_it_higher(
    code_card: Sample,
) -> None:
    assert inside(worn("spaced_letters", code_card)).shape[1] > inside(code_card).shape[1]
    assert inside(worn("two_lines", code_card)).shape[0] > 1.5 * inside(code_card).shape[0]


@pytest.mark.parametrize("name", ["spaced_letters", "two_lines", "curved_text"])
def test_a_disguised_code_in_a_chat_overprints_nothing(name: str) -> None:
    chat = card(Motif.chat, styles[0], chance_of(1, "test"))
    scene = worn(name, chat).scene
    assert scene is not None
    lines = [one for one in scene.elements if isinstance(one, Writing)]
    code = [line for line in lines if line.label]
    others = [line.middle[1] for line in lines if not line.label]
    room = max(line.size + abs(line.bend) for line in code)
    assert min(abs(line.middle[1] - y) for line in code for y in others) >= room


def test_writing_is_disguised_before_the_picture_whatever_the_order(code_card: Sample) -> None:
    one, other = (worn(name, code_card) for name in ("blur+curved_text", "curved_text+blur"))
    assert one.box is not None
    assert inside(one).shape[0] > inside(code_card).shape[0]
    assert other.picture.shape == one.picture.shape


def test_a_disguise_of_qr_codes_suits_no_share_code(code_card: Sample, poster: Sample) -> None:
    logo, stamp = picture_disguises["logo_over_qr"], picture_disguises["stamp_over_text"]
    assert (logo.suits(poster), logo.suits(code_card)) == (True, False)
    assert (stamp.suits(poster), stamp.suits(code_card)) == (False, True)


def test_an_unknown_disguise_is_refused_with_its_neighbours() -> None:
    with pytest.raises(InvalidInput, match="rotation"):
        find_picture_disguise("rotaton")
    with pytest.raises(InvalidInput, match="at most"):
        find_picture_disguise("+".join(["blur"] * 9))


def test_the_guide_shows_every_disguise_of_pictures() -> None:
    assert picture_reference() in guide.read_text("utf-8")
