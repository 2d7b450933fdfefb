"""Pictures that could not be inspected are looked into again, and what is decided then holds."""

from collections.abc import Callable
from contextlib import contextmanager
from hashlib import sha256
from typing import Any

import pytest

from kouling import Engine, ItemId, Redemption, UserId, Visibility, bundled_policy, read_policy
from kouling.gate import Decision, Subject, SubjectKind
from kouling.gate.gallery.budget import author_pictures_max
from kouling.mint import qr_png
from tests.picture.samples import card, png, saved
from tests.samples import friend, item, offer, seller

ann = UserId("ann")
link = "https://m.tb.cn/h.3Kx7Qd2"
clean = saved(card("周末去爬山"))


@pytest.fixture
def policed(engine: Engine) -> Engine:
    engine.gate.policies.activate(bundled_policy("moments-2018"))
    engine.people.befriend(seller, friend)
    return engine


@contextmanager
def no_workers(engine: Engine) -> Any:
    """All workers are lost for a while."""
    pool = engine._runtime.gallery.pool
    size, pool.size = pool.size, 0
    yield
    pool.size = size


def unlooked(engine: Engine, id: str, *pictures: bytes, **changes: Any) -> Decision:
    with no_workers(engine):
        return engine.gate(item(id, changes.pop("text", ""), pictures=pictures, **changes))


def waiting(engine: Engine) -> list[ItemId]:
    return [case.item for case in engine.gate.queue().cases]


def kinds(decision: Decision) -> set[str]:
    return {signal.kind for signal in decision.signals}


def test_a_clean_picture_is_shown_once_it_was_looked_into(policed: Engine) -> None:
    assert unlooked(policed, "1", clean).rules == ("not-inspected",)
    assert policed.deliver(friend, "moments").places == ()

    (decision,) = policed.gate.look_again()

    assert (decision.visibility, decision.signals) == (Visibility.allow, ())
    assert policed.gate.decision(ItemId("1")) == decision
    assert len(policed.deliver(friend, "moments").places) == 1
    assert waiting(policed) == []


def test_what_is_seen_then_decides(policed: Engine) -> None:
    unlooked(policed, "1", clean, qr_png(link), text="看")

    (decision,) = policed.gate.look_again()

    assert decision.rules == ("foreign-share-link",)
    assert [(one.kind, one.picture) for one in decision.signals] == [("share_link", 2)]
    assert waiting(policed) == []
    assert "near_duplicate" in kinds(policed.gate(item("2", pictures=(qr_png(link),))))


def test_what_is_unsure_then_is_left_to_a_reviewer(policed: Engine) -> None:
    bare = saved(card("口令", "t7Xk2bQm9Ra"))
    unlooked(policed, "1", bare)

    (decision,) = policed.gate.look_again()

    assert (kinds(decision), decision.visibility) == ({"unsure"}, Visibility.allow)
    assert [said.rule for said in decision.review] == ["unsure-in-a-picture"]
    assert waiting(policed) == ["1"]
    assert policed.gate.look_again() == ()
    hidden = policed.gate.review(ItemId("1"), "limit", "a passphrase", reviewer=ann)
    assert hidden.rules == ("unsure-in-a-picture",)
    assert "near_duplicate" in kinds(
        policed.gate(item("2", pictures=(saved(card("口令", "t7Xk2bQm9Ra"), "JPEG"),)))
    )


def test_what_can_not_be_decoded_is_left_to_a_reviewer(policed: Engine) -> None:
    policed.gate(item("1", pictures=(b"<svg/>",)))
    unlooked(policed, "2", clean)

    assert [one.item for one in policed.gate.look_again(count=1)] == ["2"]
    assert waiting(policed) == ["1"]


def test_while_workers_are_missing_nothing_changes(policed: Engine) -> None:
    before = unlooked(policed, "1", clean)

    with no_workers(policed):
        assert policed.gate.look_again() == ()

    assert policed.gate.decision(ItemId("1")) == before
    assert waiting(policed) == ["1"]


def test_other_pictures_of_an_item_count_as_they_were_seen(policed: Engine) -> None:
    """One of two is lost; the other is not looked into again, nor taken for a copy of itself."""
    policed.gate(item("0", "", pictures=(qr_png(link),), surface="direct", to=friend))
    before = unlooked(policed, "1", qr_png(link), clean)
    assert [(one.kind, one.picture) for one in before.signals] == [
        ("share_link", 1),
        ("not_inspected", 2),
    ]

    (decision,) = policed.gate.look_again()

    assert [(one.kind, one.picture) for one in decision.signals] == [("share_link", 1)]
    assert decision.rules == ("foreign-share-link",)
    assert waiting(policed) == []


def test_a_budget_that_is_free_again_is_used(policed: Engine, clock: Any) -> None:
    tiny = [png(8, 8 + number) for number in range(author_pictures_max + 5)]
    for start in range(0, author_pictures_max, 5):
        policed.gate(item(f"{start}", pictures=tuple(tiny[start : start + 5])))
    over = policed.gate(item("over", pictures=tuple(tiny[-5:])))
    assert over.visibility is Visibility.limit
    assert policed.gate.look_again() == ()

    clock.advance(minutes=1)

    assert [one.visibility for one in policed.gate.look_again()] == ["allow"]


def test_our_own_code_that_is_seen_then_can_be_traced(policed: Engine) -> None:
    code = policed.mint(offer(), sharer=seller)
    unlooked(policed, "1", saved(card("好物分享", f"〖{code.code}〗")))

    policed.gate.look_again()
    policed.deliver(friend, "moments")

    redemption = policed.redeem(f"〖{code.code}〗", buyer=friend)
    assert isinstance(redemption, Redemption)
    assert redemption.item == "1"


def test_a_ban_of_today_counts(policed: Engine) -> None:
    unlooked(policed, "1", clean)
    policed.gate.ban(Subject(SubjectKind.picture, sha256(clean).hexdigest()), "fraud")

    (decision,) = policed.gate.look_again()

    assert "banned-subject" in decision.rules


def review_first(engine: Engine) -> Any:
    return engine.gate.review(ItemId("1"), "drop", "fraud", reviewer=ann)


def look_first(engine: Engine) -> Any:
    return engine.gate.look_again()


@pytest.mark.parametrize("first", [review_first, look_first])
def test_whoever_decides_first_has_decided(
    policed: Engine, first: Callable[[Engine], Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody closes the case between the look and the decision."""
    unlooked(policed, "1", clean)
    see = policed._runtime.gallery.see

    def see_slowly(*asked: Any) -> Any:
        seen = see(*asked)
        monkeypatch.setattr(policed._runtime.gallery, "see", see)
        first(policed)
        return seen

    monkeypatch.setattr(policed._runtime.gallery, "see", see_slowly)
    policed.gate.look_again()

    outcome = Visibility.drop if first is review_first else Visibility.allow
    assert policed.gate.decision(ItemId("1")).visibility is outcome
    assert waiting(policed) == []


def test_the_policy_that_decided_decides_again(policed: Engine, clock: Any) -> None:
    unlooked(policed, "1", qr_png(link))
    later = bundled_policy("open").source.replace("1970-01-01", "2018-06-01")
    policed.gate.policies.activate(read_policy(later.replace('"1"', '"2"')))
    clock.advance(days=7)
    assert policed.gate(item("2", pictures=(b"<svg/>",))).policy_version == "open@2"

    (decision,) = policed.gate.look_again()

    assert decision.policy_version == "moments-2018@2018-05-29.4"
    assert decision.visibility is Visibility.limit
