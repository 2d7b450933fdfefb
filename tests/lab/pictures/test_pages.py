"""Pages as apps make them: what stands on them, and how they arrive."""

import html
import shutil

import numpy as np
import pytest

from kouling.errors import KoulingError
from kouling.lab.pictures.browser import scale, shown
from kouling.lab.pictures.chance import chance_of
from kouling.lab.pictures.handling import handled
from kouling.lab.pictures.pages import height, held_out, page, templates, width


@pytest.mark.parametrize("kind", templates)
def test_a_page_shows_its_code_and_its_clean_twin_shows_none(kind: str) -> None:
    for number in range(8):
        one = page(kind, chance_of(3, kind, number), clean=False)
        assert one.code in html.unescape(one.html)
        assert page(kind, chance_of(3, kind, number), clean=True).code == ""


def test_some_kinds_are_held_out() -> None:
    assert held_out < set(templates)


def test_what_happens_to_a_picture_follows_from_its_seed() -> None:
    picture = np.random.default_rng(1).integers(0, 256, (200, 150, 3), np.uint8)
    for number in range(12):
        first, again = (handled(chance_of(4, number), picture) for _ in range(2))
        assert np.array_equal(first, again)
        assert min(first.shape[:2]) >= 30


def test_without_a_browser_it_says_what_to_install() -> None:
    with pytest.raises(KoulingError, match="there is no browser-that-is-not-there here"):
        next(shown([], "browser-that-is-not-there"))


@pytest.mark.skipif(shutil.which("chromium") is None, reason="no chromium here")
def test_a_browser_shows_pages_one_by_one() -> None:
    kinds = ("receipt", "sticker")
    pages = [page(kind, chance_of(5, kind), clean=False) for kind in kinds]
    first, second = shown(pages)
    assert first.shape == second.shape == (height * scale, width * scale, 3)
    assert not np.array_equal(first, second)
