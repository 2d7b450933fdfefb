"""A card with a share code and a poster with a QR code."""

import pytest

from kouling.lab.pictures.cards import (
    card,
)
from kouling.lab.pictures.chance import chance_of
from kouling.lab.pictures.scene import Motif, Sample
from kouling.lab.pictures.styles import styles


@pytest.fixture(scope="module")
def code_card() -> Sample:
    return card(Motif.red_packet, styles[0], chance_of(1, "test"))


@pytest.fixture(scope="module")
def poster() -> Sample:
    return card(Motif.qr_poster, styles[0], chance_of(1, "test"))
