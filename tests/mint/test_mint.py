from datetime import timedelta
from pathlib import Path

import pytest

from kouling import Engine, Money, Redemption
from kouling.clock import ManualClock
from kouling.config import Settings
from kouling.errors import Conflict, IdempotencyConflict, InvalidInput, LimitExceeded, NotFound
from kouling.ids import UserId
from tests.conftest import noon
from tests.samples import friend, offer, seller, stranger


def test_minting_twice_gives_the_same_code(engine: Engine, clock: ManualClock) -> None:
    code = engine.mint(offer(), sharer=seller)
    clock.advance(days=1)

    assert engine.mint(offer(), sharer=seller) == code


def test_each_sharer_and_campaign_has_a_code_of_its_own(engine: Engine) -> None:
    codes = [
        engine.mint(offer(), sharer=seller),
        engine.mint(offer(), sharer=friend),
        engine.mint(offer(), sharer=seller, campaign="spring"),
    ]

    assert len({code.code for code in codes}) == 3


def test_a_code_expires_after_thirty_days_unless_told_otherwise(engine: Engine) -> None:
    usual = engine.mint(offer(), sharer=seller)
    short = engine.mint(offer(), sharer=friend, days=2)

    assert usual.expires_at - usual.minted_at == timedelta(days=30)
    assert short.expires_at - short.minted_at == timedelta(days=2)


def test_a_code_is_re_shared_as_a_child(engine: Engine) -> None:
    parent = engine.mint(offer(), sharer=seller)

    assert engine.mint(offer(), sharer=friend, parent=parent.code).parent == parent.code


def test_a_child_leads_to_its_parents_offer(engine: Engine) -> None:
    parent = engine.mint(offer(), sharer=seller)

    with pytest.raises(InvalidInput, match="does not lead to offer"):
        engine.mint(offer(id="shoes"), sharer=friend, parent=parent.code)


def test_the_same_minting_with_other_limits_is_a_conflict(engine: Engine) -> None:
    engine.mint(offer(), sharer=seller)

    with pytest.raises(IdempotencyConflict):
        engine.mint(offer(), sharer=seller, uses_max=1)


def test_an_offer_never_changes(engine: Engine) -> None:
    engine.mint(offer(), sharer=seller)

    with pytest.raises(Conflict, match="other terms"):
        engine.mint(offer(price=Money(1, "CNY")), sharer=friend)


def test_an_offer_stays_on_its_merchants_hosts(engine: Engine) -> None:
    engine.mint.hosts.allow(offer().merchant, ["Shop.example"])

    engine.mint(offer(), sharer=seller)
    with pytest.raises(InvalidInput, match="allow-list"):
        engine.mint(offer(id="other", url="https://evil.example/"), sharer=seller)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"url": "http://shop.example/dress"}, "not an https address"),
        ({"url": "https://user@shop.example/"}, "not an https address"),
        ({"url": "https://[broken/"}, "not an https address"),
        ({"url": "https://shop.example/" + "x" * 2_048}, "characters"),
        ({"title": "x" * 61}, "61 characters"),
        ({"title": " "}, "can't be shown"),
        ({"title": "\ud800"}, "can't be shown"),
        ({"price": Money(0, "CNY")}, "not above zero"),
        ({"price": Money(-5, "CNY")}, "not above zero"),
        ({"rate_bps": 10_001}, "no part of a price"),
        ({"rate_bps": -1}, "no part of a price"),
        ({"id": ""}, "can't be an id"),
        ({"id": "x" * 129}, "can't be an id"),
        ({"merchant": "\ud800"}, "can't be an id"),
    ],
)
def test_an_offer_that_can_not_be_shared_is_refused(
    sqlite_engine: Engine, changes: dict[str, object], message: str
) -> None:
    with pytest.raises(InvalidInput, match=message):
        sqlite_engine.mint(offer(**changes), sharer=seller)


@pytest.mark.parametrize("limits", [{"days": 0}, {"days": 4_000}, {"uses_max": 0}])
def test_limits_that_make_no_sense_are_refused(
    sqlite_engine: Engine, limits: dict[str, int]
) -> None:
    with pytest.raises((InvalidInput, LimitExceeded)):
        sqlite_engine.mint(offer(), sharer=seller, **limits)  # type: ignore[arg-type]  # any key


def test_a_limit_that_there_is_not_is_a_type_error(sqlite_engine: Engine) -> None:
    with pytest.raises(TypeError, match="campagin"):
        sqlite_engine.mint(offer(), sharer=seller, campagin="spring")  # type: ignore[call-arg]  # the mistake


def test_revoking_an_unknown_code_is_an_error(engine: Engine) -> None:
    with pytest.raises(NotFound):
        engine.mint.revoke("11111111111")


def test_a_rotated_key_mints_after_a_minute_and_old_codes_stay(
    engine: Engine, clock: ManualClock
) -> None:
    first = engine.mint(offer(), sharer=seller)
    engine.mint.keys.rotate()
    clock.advance(seconds=61)
    second = engine.mint(offer(), sharer=friend)

    for code in (first, second):
        redemption = engine.redeem(code.code, buyer=friend)
        assert redemption.code == code.code


def test_two_engines_share_their_keys(target: str, clock: ManualClock) -> None:
    with Engine.open(target, clock=clock) as one, Engine.open(target, clock=clock) as other:
        one.mint.keys.rotate()
        clock.advance(seconds=61)
        code = one.mint(offer(), sharer=seller)

        assert other.redeem(code.code, buyer=friend).code == code.code


def test_a_seed_reproduces_a_run_and_a_reopened_database_draws_anew(
    tmp_path: Path, clock: ManualClock
) -> None:
    def run(name: str) -> list[str]:
        drawn = []
        for buyer in ("a", "b", "c", "d"):
            with Engine.open(str(tmp_path / name), clock=clock, seed=1) as engine:
                code = engine.mint(offer(), sharer=seller)
                redemption = engine.redeem(code.code, buyer=UserId(buyer))
                assert isinstance(redemption, Redemption)
                drawn += [code.code, redemption.id]
        return drawn

    first, second = run("one.db"), run("other.db")

    assert first == second
    assert len(set(first[1::2])) == 4


def test_registering_an_issuer_twice_adds_one_key(engine: Engine) -> None:
    for _ in range(40):
        engine.mint.issuers.register("partner", bytes(range(32)))

    assert len(engine._runtime.ring().keys) == 2


def test_a_rotation_with_a_key_is_done_once(engine: Engine) -> None:
    for _ in range(3):
        engine.mint.keys.rotate(idempotency_key="june")

    assert len(engine._runtime.ring().keys) == 2


def test_an_expired_code_is_renewed(engine: Engine, clock: ManualClock) -> None:
    first = engine.mint(offer(), sharer=seller)
    clock.advance(days=31)
    again = engine.mint(offer(), sharer=seller)

    assert (again.code, again.minted_at) == (first.code, first.minted_at)
    assert again.expires_at - first.expires_at == timedelta(days=31)
    assert engine.mint(offer(), sharer=seller) == again
    assert isinstance(engine.redeem(again.code, buyer=friend), Redemption)
    clock.advance(days=31)
    assert engine.mint(offer(), sharer=seller, days=2).expires_at == clock.at + timedelta(days=2)


def test_a_revoked_code_is_renewed_if_it_is_wanted(engine: Engine, clock: ManualClock) -> None:
    first = engine.mint(offer(), sharer=seller)
    engine.mint.revoke(first.code)
    clock.advance(days=1)

    assert engine.mint(offer(), sharer=seller) == first
    assert not isinstance(engine.redeem(first.code, buyer=friend), Redemption)
    renewed = engine.mint(offer(), sharer=seller, renew=True)
    assert (renewed.code, renewed.expires_at) == (first.code, clock.at + timedelta(days=30))
    assert engine.mint(offer(), sharer=seller, renew=True) == renewed
    assert isinstance(engine.redeem(first.code, buyer=friend), Redemption)


def test_a_renewed_code_can_be_revoked_again(engine: Engine) -> None:
    code = engine.mint(offer(), sharer=seller)
    for _ in range(2):
        engine.mint.revoke(code.code)
        assert not isinstance(engine.redeem(code.code, buyer=friend), Redemption)
        engine.mint(offer(), sharer=seller, renew=True)
        assert isinstance(engine.redeem(code.code, buyer=friend), Redemption)


def test_a_renewed_code_has_its_uses_again(engine: Engine, clock: ManualClock) -> None:
    code = engine.mint(offer(), sharer=seller, uses_max=1)
    for _ in range(3):
        assert isinstance(engine.redeem(code.code, buyer=friend), Redemption)
        assert not isinstance(engine.redeem(code.code, buyer=stranger), Redemption)
        clock.advance(days=31)
        code = engine.mint(offer(), sharer=seller, uses_max=1)


def test_an_installation_that_lets_codes_live_shorter_gives_the_same_codes(
    target: str, clock: ManualClock
) -> None:
    with Engine.open(target, clock=clock, settings=Settings(code_days=30)) as engine:
        code = engine.mint(offer(), sharer=seller)
    with Engine.open(target, clock=clock, settings=Settings(code_days=15)) as engine:
        assert engine.mint(offer(), sharer=seller) == code
        other = engine.mint(offer(), sharer=friend)
    assert other.expires_at - other.minted_at == timedelta(days=15)


def test_a_process_whose_clock_lags_behind_the_first_mints_too(target: str) -> None:
    with Engine.open(target, clock=ManualClock(noon)) as first:
        behind = ManualClock(noon - timedelta(seconds=4))
        with Engine.open(target, clock=behind) as other:
            assert other.mint(offer(), sharer=seller) == first.mint(offer(), sharer=seller)
