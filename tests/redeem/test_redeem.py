import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from kouling import Engine, Redemption, Refusal, RefusalReason, bundled_policy
from kouling.clock import ManualClock
from kouling.errors import IdempotencyConflict, InvalidInput
from kouling.gate import Subject, SubjectKind
from kouling.ids import UserId
from kouling.mint import Key, ShareCode, code_link, encode
from kouling.redeem import Trace
from kouling.words import refusal_of
from tests.conftest import noon
from tests.samples import foreign_text, friend, item, offer, seller, stranger


@pytest.fixture
def code(engine: Engine) -> ShareCode:
    return engine.mint(offer(), sharer=seller)


def reason(outcome: Redemption | Refusal) -> RefusalReason:
    assert isinstance(outcome, Refusal), outcome
    assert refusal_of(outcome)
    return outcome.reason


def redeemed(outcome: Redemption | Refusal) -> Redemption:
    assert isinstance(outcome, Redemption), outcome
    return outcome


def test_a_whole_pasted_message_leads_to_the_offer(engine: Engine, code: ShareCode) -> None:
    redemption = redeemed(engine.redeem(engine.mint.render(code).text, buyer=friend))

    assert (redemption.code, redemption.url) == (code.code, offer().url)
    assert (redemption.sharer, redemption.buyer, redemption.own) == (seller, friend, False)


def test_redeeming_ones_own_code_is_marked(engine: Engine, code: ShareCode) -> None:
    assert redeemed(engine.redeem(code.code, buyer=seller)).own


def test_an_expired_code_is_refused(engine: Engine, code: ShareCode, clock: ManualClock) -> None:
    clock.advance(days=29, hours=23)
    redeemed(engine.redeem(code.code, buyer=friend))
    clock.advance(hours=1)

    assert reason(engine.redeem(code.code, buyer=stranger)) is RefusalReason.expired


def test_a_revoked_code_is_refused(engine: Engine, code: ShareCode) -> None:
    engine.mint.revoke(code.code)
    engine.mint.revoke(code.code)

    assert reason(engine.redeem(code.code, buyer=friend)) is RefusalReason.revoked


def test_a_used_up_code_is_refused(engine: Engine) -> None:
    code = engine.mint(offer(), sharer=seller, uses_max=1)
    redeemed(engine.redeem(code.code, buyer=friend))

    assert reason(engine.redeem(code.code, buyer=stranger)) is RefusalReason.used_up


def test_a_typo_is_refused_as_such(engine: Engine, code: ShareCode) -> None:
    typo = mistyped_of(code.code)

    text = engine.mint.render(code).text.replace(code.code, typo)
    for pasted in (text, f"〖{typo}〗", f"https://kouling.example/c/{typo}"):
        assert reason(engine.redeem(pasted, buyer=friend)) is RefusalReason.forged


def test_a_foreign_code_is_refused_with_its_issuer(engine: Engine) -> None:
    refusal = engine.redeem(foreign_text, buyer=friend)

    assert reason(refusal) is RefusalReason.foreign
    assert isinstance(refusal, Refusal)
    assert refusal.about == "taobao"
    assert "taobao" in refusal_of(refusal)


def test_a_partners_code_is_refused_with_its_issuer(engine: Engine) -> None:
    secret = bytes(range(32))
    engine.mint.issuers.register("partner", secret)
    code = encode(5, Key(issuer="partner", secret=secret, mints_from=noon))

    refusal = engine.redeem(code, buyer=friend)

    assert reason(refusal) is RefusalReason.foreign
    assert isinstance(refusal, Refusal)
    assert refusal.about == "partner"
    assert "partner" in refusal_of(refusal)


def test_a_code_that_was_never_minted_is_unknown(engine: Engine, code: ShareCode) -> None:
    unminted = encode(999, engine._runtime.ring().keys[0])

    assert reason(engine.redeem(unminted, buyer=friend)) is RefusalReason.unknown


@pytest.mark.parametrize("text", ["", "今天天气真好", "12345", "￥199￥"])
def test_a_text_without_code_is_refused(engine: Engine, text: str) -> None:
    assert reason(engine.redeem(text, buyer=friend)) is RefusalReason.no_code


@pytest.mark.parametrize(
    "subject",
    [
        Subject(SubjectKind.user, seller),
        Subject(SubjectKind.user, offer().merchant),
        Subject(SubjectKind.page, offer().url),
        Subject(SubjectKind.domain, "shop.example"),
    ],
)
def test_a_banned_sharer_merchant_page_or_domain_is_refused(
    engine: Engine, code: ShareCode, subject: Subject
) -> None:
    engine.gate.ban(subject, "evasion")
    assert reason(engine.redeem(code.code, buyer=friend)) is RefusalReason.banned

    engine.gate.lift(subject)
    redeemed(engine.redeem(code.code, buyer=friend))


def test_the_first_code_that_may_be_used_is_redeemed(engine: Engine, code: ShareCode) -> None:
    revoked = engine.mint(offer(), sharer=stranger)
    engine.mint.revoke(revoked.code)

    redemption = redeemed(engine.redeem(f"{revoked.code} {code.code}", buyer=friend))

    assert redemption.code == code.code


@pytest.mark.parametrize("wrong", ["used up", "banned", "hidden", "expired", "mistyped"])
def test_the_first_code_that_may_be_used_is_redeemed_whatever_is_wrong_with_the_others(
    engine: Engine, clock: ManualClock, wrong: str
) -> None:
    uses_max = 1 if wrong == "used up" else None
    bad = engine.mint(offer(), sharer=stranger, days=1, uses_max=uses_max)
    pasted = bad.code
    if wrong == "used up":
        engine.redeem(bad.code, buyer=UserId("another"))
    elif wrong == "banned":
        engine.gate.ban(Subject(SubjectKind.user, stranger), "spam")
    elif wrong == "hidden":
        engine.gate.policies.activate(bundled_policy("moments-2018"))
        engine.gate(item("post", f"{foreign_text} ￥{bad.code}￥"))
        pasted = code_link(bad.code, page_host="kouling.example", item=item("post").id)
    elif wrong == "expired":
        clock.advance(days=2)
    else:
        pasted = mistyped_of(bad.code)
    good = engine.mint(offer(), sharer=seller)

    assert redeemed(engine.redeem(f"{pasted} {good.code}", buyer=friend)).code == good.code
    assert isinstance(engine.redeem(pasted, buyer=friend), Refusal)


def mistyped_of(code: str) -> str:
    return code[:-1] + ("2" if code[-1] != "2" else "3")


def test_the_same_buyer_within_an_hour_is_the_same_redemption(
    engine: Engine, clock: ManualClock
) -> None:
    code = engine.mint(offer(), sharer=seller, uses_max=2)
    first = redeemed(engine.redeem(code.code, buyer=friend))
    clock.advance(minutes=59)
    assert engine.redeem(code.code, buyer=friend) == first

    clock.advance(minutes=1)
    assert redeemed(engine.redeem(code.code, buyer=friend)).id != first.id


def test_a_repeated_redemption_is_the_same_though_the_code_is_used_up(engine: Engine) -> None:
    code = engine.mint(offer(), sharer=seller, uses_max=1)
    first = engine.redeem(code.code, buyer=friend)

    assert engine.redeem(code.code, buyer=friend) == first


def test_a_long_text_is_not_kept_whole(engine: Engine) -> None:
    text, other = "x" * 20_000, "x" * 19_999 + "y"
    engine.redeem(text, buyer=friend, idempotency_key="long")

    with engine._runtime.read() as connection:
        (kept,) = connection.scalars(sa.text("SELECT request FROM event WHERE verb = 'redeem'"))
    assert len(kept) < 400
    assert reason(engine.redeem(text, buyer=friend, idempotency_key="long"))
    with pytest.raises(IdempotencyConflict):
        engine.redeem(other, buyer=friend, idempotency_key="long")


def test_an_idempotency_key_answers_once(engine: Engine, code: ShareCode) -> None:
    first = engine.redeem(code.code, buyer=friend, idempotency_key="visit-1")
    engine.mint.revoke(code.code)

    assert engine.redeem(code.code, buyer=friend, idempotency_key="visit-1") == first
    with pytest.raises(IdempotencyConflict):
        engine.redeem("another", buyer=friend, idempotency_key="visit-1")


class TestTheItemThatCarriedTheCode:
    @pytest.fixture
    def posted(self, engine: Engine, code: ShareCode) -> Engine:
        engine.people.befriend(seller, friend)
        engine.gate.policies.activate(bundled_policy("moments-2018"))
        engine.gate(item("post", f"看看 ￥{code.code}￥"))
        return engine

    def test_is_the_buyers_latest_impression(self, posted: Engine, code: ShareCode) -> None:
        posted.deliver(friend, "moments")
        redemption = redeemed(posted.redeem(code.code, buyer=friend))

        assert (redemption.item, redemption.traced_by) == ("post", Trace.impression)

    def test_is_the_one_that_the_link_names(self, posted: Engine, code: ShareCode) -> None:
        link = code_link(code.code, page_host="kouling.example", item=item("post").id)
        redemption = redeemed(posted.redeem(link, buyer=friend))

        assert (redemption.item, redemption.traced_by) == ("post", Trace.link)

    def test_is_unknown_without_either(self, posted: Engine, code: ShareCode) -> None:
        redemption = redeemed(posted.redeem(code.code, buyer=stranger))

        assert (redemption.item, redemption.traced_by) == (None, Trace.unknown)

    def test_is_not_one_that_a_made_up_link_names(self, posted: Engine, code: ShareCode) -> None:
        posted.gate(item("other", "没有口令"))
        link = code_link(code.code, page_host="kouling.example", item=item("other").id)

        assert redeemed(posted.redeem(link, buyer=friend)).traced_by is Trace.unknown

    def test_is_too_long_ago_after_the_window(
        self, posted: Engine, code: ShareCode, clock: ManualClock
    ) -> None:
        posted.deliver(friend, "moments")
        clock.advance(days=16)

        assert redeemed(posted.redeem(code.code, buyer=friend)).traced_by is Trace.unknown

    def test_refuses_the_code_when_it_is_hidden(self, engine: Engine, code: ShareCode) -> None:
        engine.people.befriend(seller, friend)
        engine.gate.policies.activate(bundled_policy("moments-2018"))
        engine.gate(item("post", f"{foreign_text} ￥{code.code}￥"))
        link = code_link(code.code, page_host="kouling.example", item=item("post").id)

        assert reason(engine.redeem(link, buyer=friend)) is RefusalReason.hidden
        redeemed(engine.redeem(link, buyer=seller))


@given(st.text(max_size=300))
def test_every_text_is_redeemed_or_refused(sqlite_engine: Engine, text: str) -> None:
    try:
        outcome = sqlite_engine.redeem(text, buyer=friend)
    except InvalidInput as error:
        assert "\0" in text or any("\ud800" <= c <= "\udfff" for c in text), error  # noqa: PT017 - either outcome is right
        return
    assert isinstance(outcome, Refusal)


@pytest.mark.parametrize("text", ["a\ud800", "a\0b", "x" * 20_001])
def test_a_text_that_is_none_is_an_error(sqlite_engine: Engine, text: str) -> None:
    with pytest.raises(InvalidInput):
        sqlite_engine.redeem(text, buyer=friend)
