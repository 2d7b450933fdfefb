"""Who knows whom."""

import pytest

from kouling import Engine
from kouling.errors import InvalidInput
from tests.samples import seller


def test_nobody_befriends_itself(engine: Engine) -> None:
    with pytest.raises(InvalidInput, match="itself"):
        engine.people.befriend(seller, seller)
