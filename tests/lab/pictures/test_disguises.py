"""The picture laboratory draws what it says, where it says, the same for the same seed."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
import zxingcpp

from kouling.errors import InvalidInput
from kouling.lab.pictures.attempt import attempts, outcome
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
from kouling.lab.pictures.disguises import (
    find_picture_disguise,
    picture_disguises,
    picture_edits,
    picture_reference,
)
from kouling.lab.pictures.plan import PicturePlan, picture_count, picture_sheet
from kouling.lab.pictures.scene import Motif, Sample, Writing
from kouling.lab.pictures.sheet import found_colour, missed_colour, thumbnail
from kouling.lab.pictures.styles import styles
from kouling.lab.pictures.tally import (
    Aim,
    Outcome,
    PictureTally,
    Transcript,
    added_up,
    pooled_tallies,
    reads,
    tally_of,
)

guide = Path(__file__).parents[3] / "docs/guides/lab.md"

every = picture_disguises | picture_edits
by_disguise = pytest.mark.parametrize("name", every)


@pytest.fixture(scope="module")
def code_card() -> Sample:
    return card(Motif.red_packet, styles[0], chance_of(1, "test"))


@pytest.fixture(scope="module")
def poster() -> Sample:
    return card(Motif.qr_poster, styles[0], chance_of(1, "test"))


def worn(name: str, sample: Sample, seed: int = 1) -> Sample:
    return find_picture_disguise(name).apply(sample, chance_of(seed, name))


def said_by(sample: Sample) -> list[str]:
    return [one.text for one in zxingcpp.read_barcodes(sample.picture)]


def inside(sample: Sample) -> np.ndarray:
    """Return the pixels of the upright box around what is labelled."""
    assert sample.box is not None
    height, width = sample.picture.shape[:2]
    left, top = np.floor(sample.box.min(0)).astype(int).clip(0)
    right, bottom = np.ceil(sample.box.max(0)).astype(int)
    return sample.picture[top : min(bottom, height), left : min(right, width)]


def test_there_are_ten_styles_and_the_disguises_that_are_asked_for() -> None:
    assert len({style.name for style in styles}) == 10
    assert len(picture_disguises) >= 15
    assert len(picture_edits) == 7


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


def test_something_is_printed_where_the_label_is(code_card: Sample) -> None:
    printed = inside(code_card)
    assert printed.min() < 60
    assert printed.max() > 200
    assert printed.shape[1] > 3 * printed.shape[0]


def test_a_qr_code_says_its_payload(poster: Sample) -> None:
    assert said_by(poster) == [poster.payload]


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


def test_clean_cards_and_photos_hold_nothing_to_find() -> None:
    for sample in (*clean_cards(2, 1), *photos(2, 1, 200, 100)):
        assert (sample.code, sample.payload, sample.box) == ("", "", None)


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (["复制 ￥aB3dE6gH9jK￥"], True),
        (["a B 3 d E 6 g H 9 j K"], True),
        (["￥aB3dE", "6gH9jK￥"], True),
        (["￥aB3dE", "打开", "6gH9jK￥"], False),
        (["aB3dE6gH9j"], False),
        ([], False),
    ],
)
def test_a_code_is_read_in_one_text_or_over_two(texts: Sequence[str], expected: bool) -> None:
    assert reads("aB3dE6gH9jK", texts) is expected


def test_look_alikes_are_alike_but_not_exact() -> None:
    tally = tally_of("none", Aim.code, "aB3dE6gH0Il", Transcript(("a83dE6gHOl1",), True))
    assert (tally.exact, tally.alike, tally.flagged, tally.false) == (0, 1, 1, 0)


def test_what_is_wrong_is_counted_as_false() -> None:
    misread = tally_of("none", Aim.payload, "https://a.cn/1", Transcript(("https://a.cn/7",)))
    alarm = tally_of("none", Aim.clean, "", Transcript(("￥100",), True))
    assert (misread.exact, misread.false) == (0, 1)
    assert (alarm.exact, alarm.alike, alarm.false) == (0, 0, 1)


def test_scores_add_up_and_the_plain_pictures_stay_out_of_the_pool() -> None:
    rows = [
        PictureTally("none", Aim.code, 1, 1, 1, 1, cpu_ms=90),
        PictureTally("blur", Aim.code, 1, 1, 1, 1, cpu_ms=10),
        PictureTally("blur", Aim.code, 3, 0, 1, 2, cpu_ms=50),
    ]
    assert added_up(rows)[1:] == [PictureTally("blur", Aim.code, 4, 1, 2, 3, cpu_ms=40)]
    assert pooled_tallies(rows) == [PictureTally("pooled", Aim.code, 4, 1, 2, 3, cpu_ms=40)]


def test_a_plan_tries_as_many_pictures_as_it_says() -> None:
    plan = PicturePlan(("rotation", "no_quiet_zone"), each=1)
    tried = list(attempts([find_picture_disguise(name) for name in plan.disguises], 1, 1))
    assert len(tried) == picture_count(plan)
    assert {attempt.aim for attempt in tried} == set(Aim)


def test_the_contact_sheet_frames_what_was_found_in_green_and_missed_in_red(
    poster: Sample,
) -> None:
    for found, colour in ((True, found_colour), (False, missed_colour)):
        distance = np.abs(thumbnail(poster, found).astype(int) - colour).sum(2)
        assert (distance < 30).sum() > 50


def test_the_contact_sheet_is_a_png_with_a_row_for_each_disguise(poster: Sample) -> None:
    small = thumbnail(poster, True)
    rows = [Outcome(PictureTally(name, Aim.payload), small) for name in ("none", "blur", "blur")]
    one, three = picture_sheet(rows[:1]), picture_sheet(rows)
    assert one.startswith(b"\x89PNG\r\n")
    heights = [int.from_bytes(png[20:24], "big") for png in (one, three)]
    assert heights[1] > 1.8 * heights[0]


def test_a_reader_that_reads_well_counts_so_and_a_blind_one_not(poster: Sample) -> None:
    attempt = next(attempt for attempt in attempts([], 1, 1) if attempt.aim is Aim.payload)
    right = Transcript(tuple(said_by(attempt.sample)), True)
    good = outcome(attempt, lambda *_: right).tally
    blind = outcome(attempt, lambda *_: Transcript()).tally
    assert (good.exact, good.false) == (1, 0)
    assert (blind.exact, blind.false) == (0, 0)


def test_the_guide_shows_every_disguise_of_pictures() -> None:
    assert picture_reference() in guide.read_text("utf-8")
