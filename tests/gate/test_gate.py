from dataclasses import dataclass
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kouling import Engine, Visibility, bundled_policy, read_policy
from kouling.clock import ManualClock
from kouling.errors import (
    Conflict,
    IdempotencyConflict,
    InvalidInput,
    KoulingError,
    LimitExceeded,
    NotFound,
)
from kouling.gate import Item, Party, Subject, SubjectKind, pictures_max
from kouling.gate.records import text_length_max
from kouling.ids import GroupId, ItemId
from kouling.mint import Key, encode
from tests.conftest import noon
from tests.gate.policy.test_policy import good
from tests.samples import foreign_text, friend, item, offer, seller


@pytest.fixture
def policed(engine: Engine) -> Engine:
    engine.gate.policies.activate(bundled_policy("moments-2018"))
    return engine


def test_a_foreign_code_in_moments_is_limited_with_rule_and_span(policed: Engine) -> None:
    decision = policed.gate(item("1", foreign_text))

    assert decision.visibility is Visibility.limit
    assert decision.rules == ("foreign-share-code",)
    assert "t7Xk2bQm9Ra" in [foreign_text[a:b].strip("￥") for a, b in decision.reasons[0].spans]
    assert decision.policy_version == "moments-2018@2018-05-29.4"


def test_before_the_policys_day_everything_passes(target: str) -> None:
    clock = ManualClock(noon)
    clock.advance(days=-1)
    with Engine.open(target, clock=clock) as engine:
        engine.gate.policies.activate(bundled_policy("moments-2018"))
        before = engine.gate(item("1", foreign_text))
        clock.advance(days=1)
        after = engine.gate(item("2", foreign_text))

    assert (before.visibility, before.policy_version) == (Visibility.allow, "open@1")
    assert after.visibility is Visibility.limit


@pytest.mark.parametrize(
    "changes",
    [
        {"surface": "direct", "to": friend},
        {"surface": "group", "group": GroupId("neighbours")},
        {"surface": "comment", "under": ItemId("photo")},
    ],
)
def test_a_foreign_code_passes_in_chats_and_comments(
    policed: Engine, changes: dict[str, object]
) -> None:
    policed.gate(item("photo"))

    assert policed.gate(item("1", foreign_text, **changes)).visibility is Visibility.allow


def test_our_own_code_passes_everywhere(policed: Engine) -> None:
    code = policed.mint(offer(), sharer=seller)
    text = policed.mint.render(code).text

    decision = policed.gate(item("1", text))

    assert decision.visibility is Visibility.allow
    assert {signal.party for signal in decision.signals} == {Party.own}


def test_our_own_code_does_not_hide_a_foreign_passphrase(policed: Engine) -> None:
    code = policed.mint(offer(), sharer=seller)
    text = f"￥{code.code}￥ 打开支付宝首页搜“恭喜发财大家好”领红包"

    assert policed.gate(item("1", text)).visibility is Visibility.limit


def test_a_partners_code_is_told_from_a_foreign_one(policed: Engine) -> None:
    secret = bytes(range(32))
    policed.mint.issuers.register("partner", secret)
    code = encode(5, Key(issuer="partner", secret=secret, mints_from=noon))

    (signal,) = policed.gate(item("1", f"看看 ￥{code}￥")).signals

    assert (signal.party, signal.issuer) == (Party.partner, "partner")


def test_a_picture_that_nobody_read_is_not_clean(policed: Engine) -> None:
    decision = policed.gate(item("1", pictures=(b"\x89PNG",)))

    assert decision.rules == ("not-inspected",)
    assert decision.visibility is Visibility.limit


def test_gating_twice_gives_the_same_decision(policed: Engine, clock: ManualClock) -> None:
    first = policed.gate(item("1", foreign_text))
    clock.advance(days=3)

    assert policed.gate(item("1", foreign_text)) == first
    assert policed.gate.decision(ItemId("1")) == first


def test_the_same_id_with_another_text_is_a_conflict(policed: Engine) -> None:
    policed.gate(item("1", "一"))

    with pytest.raises(IdempotencyConflict):
        policed.gate(item("1", "二"))


def test_a_policy_version_can_not_come_with_other_rules(engine: Engine) -> None:
    engine.gate.policies.activate(read_policy(good))
    engine.gate.policies.activate(read_policy(good))

    with pytest.raises(Conflict, match="new version"):
        engine.gate.policies.activate(read_policy(good.replace("Because", "Just so")))


def test_an_unknown_item_has_no_decision(engine: Engine) -> None:
    with pytest.raises(NotFound):
        engine.gate.decision(ItemId("nowhere"))


def test_a_banned_users_items_are_hidden_at_once_and_shown_again_when_lifted(
    engine: Engine,
) -> None:
    engine.people.befriend(seller, friend)
    engine.gate(item("1"))
    subject = Subject(SubjectKind.user, seller)
    engine.gate.ban(subject, "evasion")

    assert engine.deliver(friend, "moments").places == ()
    assert len(engine.deliver(seller, "moments").places) == 1

    engine.gate.lift(subject)
    assert len(engine.deliver(friend, "moments").places) == 1


def test_a_ban_ends_by_itself(engine: Engine, clock: ManualClock) -> None:
    engine.people.befriend(seller, friend)
    engine.gate(item("1"))
    engine.gate.ban(Subject(SubjectKind.user, seller), "evasion", until=clock.at.replace(hour=16))

    assert engine.deliver(friend, "moments").places == ()
    clock.advance(hours=13)
    assert len(engine.deliver(friend, "moments").places) == 1


@dataclass
class Bad:
    name: str
    item: Item
    error: type[KoulingError]


bad_items = [
    Bad("too long", item("1", "x" * (text_length_max + 1)), LimitExceeded),
    Bad("lone surrogate", item("1", "a\ud800b"), InvalidInput),
    Bad("NUL", item("1", "a\0b"), InvalidInput),
    Bad("unknown surface", item("1", surface="feed"), InvalidInput),
    Bad("empty id", item(""), InvalidInput),
    Bad("unprintable id", item("a\nb"), InvalidInput),
    Bad("no author", item("1", author=""), InvalidInput),
    Bad("direct to nobody", item("1", surface="direct"), InvalidInput),
    Bad("moments to somebody", item("1", to=friend), InvalidInput),
    Bad("comment under nothing", item("1", surface="comment", under="nowhere"), NotFound),
    Bad("audience of a group", item("1", surface="group", group="g", audience=()), InvalidInput),
    Bad("too many pictures", item("1", pictures=(b"x",) * (pictures_max + 1)), LimitExceeded),
    Bad("empty picture", item("1", pictures=(b"",)), LimitExceeded),
]


@pytest.mark.parametrize("bad", bad_items, ids=lambda bad: bad.name)
def test_bad_input_is_a_clear_error_and_leaves_nothing(policed: Engine, bad: Bad) -> None:
    with pytest.raises(bad.error) as caught:
        policed.gate(bad.item)

    assert caught.value.message
    with pytest.raises((NotFound, InvalidInput)):  # what can't be an id is refused there, too
        policed.gate.decision(bad.item.id)


def test_a_comment_can_not_stand_under_a_comment(engine: Engine) -> None:
    engine.gate(item("photo"))
    engine.gate(item("1", surface="comment", under="photo"))

    with pytest.raises(InvalidInput, match="not under a comment"):
        engine.gate(item("2", surface="comment", under="1"))


def test_a_hundred_thousand_invisible_characters_are_too_long(policed: Engine) -> None:
    with pytest.raises(LimitExceeded):
        policed.gate(item("1", "\u200b" * 100_000))


@given(text=st.text(max_size=200))
def test_every_text_is_decided_or_refused(sqlite_engine: Engine, text: str) -> None:
    id = sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
    try:
        decision = sqlite_engine.gate(item(id, text))
    except InvalidInput:
        return
    assert sqlite_engine.gate.decision(ItemId(id)) == decision
