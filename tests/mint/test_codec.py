import random
from datetime import UTC, datetime
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kouling.errors import InvalidInput, LimitExceeded
from kouling.mint import Key, KeyRing, code_alphabet, encode, id_max, keys_max
from kouling.mint.alphabet import read_number, write_number
from kouling.mint.codec import check_secret

day = datetime(2018, 5, 29, tzinfo=UTC)
old = Key(issuer="kouling", secret=bytes(range(32)), mints_from=day)
new = Key(issuer="kouling", secret=bytes(range(32, 64)), mints_from=day.replace(day=30))
partner = Key(issuer="partner", secret=bytes(range(64, 96)), mints_from=day)
ring = KeyRing("kouling", (old, new, partner))

golden = {
    0: "6U4MbpX5JR7",
    1: "SXHTNvZA5tB",
    2: "GKfX5fewj5y",
    1_000: "Y7C1tLB5ctZ",
    id_max: "GNmcQX2dcJc",
}


def test_the_golden_table_never_changes() -> None:
    assert {id: encode(id, old) for id in golden} == golden


@given(st.integers(0, id_max), st.sampled_from([old, new, partner]))
def test_a_code_leads_back_to_its_issuer_and_id(id: int, key: Key) -> None:
    code = encode(id, key)
    origin = ring.origin(code)

    assert len(code) == 11
    assert set(code) <= set(code_alphabet)
    assert origin is not None
    assert (origin.issuer, origin.id) == (key.issuer, id)


@given(st.integers(0, (1 << 64) - 1))
def test_every_number_has_one_text(number: int) -> None:
    assert read_number(write_number(number)) == number


@pytest.mark.parametrize("text", ["", "1" * 10, "1" * 12, "z" * 11, "0OIl0OIl0OI", "￥2345678901"])
def test_what_is_no_number_is_refused(text: str) -> None:
    assert read_number(text) is None


def test_random_codes_are_accepted_only_by_chance() -> None:
    """A million guesses against one key: 0.06 are expected to pass, three have a chance of 1 in
    30,000."""
    draw = random.Random(20180529)
    single = KeyRing("kouling", (old,))

    accepted = sum(
        single.origin(write_number(draw.getrandbits(64))) is not None for _ in range(10**6)
    )

    assert accepted < 3


@given(st.integers(0, id_max), st.integers(0, 10), st.sampled_from(code_alphabet))
def test_a_typo_is_not_another_code(id: int, place: int, character: str) -> None:
    code = encode(id, old)
    typo = code[:place] + character + code[place + 1 :]

    origin = KeyRing("kouling", (old,)).origin(typo)

    assert (origin is None) == (typo != code)


@given(st.integers(0, id_max), st.integers(0, 9))
def test_two_characters_swapped_are_not_another_code(id: int, place: int) -> None:
    code = encode(id, old)
    swapped = code[:place] + code[place + 1] + code[place] + code[place + 2 :]

    assert (KeyRing("kouling", (old,)).origin(swapped) is None) == (swapped != code)


def test_neighbouring_ids_look_unrelated() -> None:
    codes = [encode(id, old) for id in range(1_000)]

    same_place = sum(
        a == b for one, other in pairwise(codes) for a, b in zip(one, other, strict=True)
    )

    assert len(set(codes)) == 1_000
    assert same_place / (999 * 11) < 0.05  # 1 in 58 by chance, more in the first place


def test_a_new_key_mints_from_its_day_and_old_codes_stay_good() -> None:
    assert ring.key_at(day) == old
    assert ring.key_at(day.replace(day=31)) == new
    assert ring.origin(encode(7, old)) is not None


def test_a_ring_without_own_key_says_so() -> None:
    with pytest.raises(InvalidInput, match="has no key"):
        KeyRing("kouling", (partner,)).key_at(day)


def test_a_ring_is_limited() -> None:
    full = KeyRing("kouling", (old,) * keys_max)

    with pytest.raises(LimitExceeded, match="32 keys"):
        full.with_key(new)


@pytest.mark.parametrize("id", [-1, id_max + 1])
def test_an_id_that_does_not_fit_is_refused(id: int) -> None:
    with pytest.raises(LimitExceeded, match="40 bits"):
        encode(id, old)


def test_a_short_secret_is_refused() -> None:
    with pytest.raises(InvalidInput, match="32 bytes"):
        check_secret(b"short")
