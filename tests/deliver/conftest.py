"""A town of friends, videos of many creators, and a market: where several tests begin."""

import pytest

from kouling import Engine, bundled_policy
from tests.deliver.feed import video
from tests.deliver.market import open_stalls
from tests.samples import friend, neighbours, seller


@pytest.fixture
def town(engine: Engine) -> Engine:
    """Seller and friend are friends and neighbours; the stranger is neither."""
    engine.people.befriend(seller, friend)
    engine.people.join(seller, neighbours)
    engine.people.join(friend, neighbours)
    engine.gate.policies.activate(bundled_policy("moments-2018"))
    return engine


@pytest.fixture
def videos(engine: Engine) -> list[str]:
    """Twelve videos of as many creators."""
    return [video(engine, f"v{n}", f"creator-{n}") for n in range(12)]


@pytest.fixture
def market(engine: Engine) -> Engine:
    """Three dresses and a lamp, of two sellers."""
    return open_stalls(engine)
