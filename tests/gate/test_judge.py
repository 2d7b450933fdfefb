"""The judge does each thing once: a text is folded, a picture hashed, a decision encoded."""

import hashlib
from typing import Any

import msgspec
import pytest

from kouling import Decision, Engine, UserId, Visibility, bundled_policy
from kouling.fold.layer import Layer, decode
from kouling.fold.unicode_table import table
from kouling.gate import Court, detectors_for, judge_items
from kouling.gate.picture import Picture, digest_of
from kouling.gate.records import Judgement
from kouling.mint import qr_png
from tests.conftest import noon
from tests.samples import foreign_text, item

policy = bundled_policy("moments-2018")
link = "https://m.tb.cn/h.3Kx7Qd2"
other_text = foreign_text.replace("裙", "裤")


@pytest.fixture
def policed(sqlite_engine: Engine) -> Engine:
    sqlite_engine.gate.policies.activate(policy)
    return sqlite_engine


def counted(monkeypatch: pytest.MonkeyPatch, place: Any, name: str) -> list[Any]:
    """Let a function go on as it does, and return what it is called with from now on."""
    calls: list[Any] = []
    function = getattr(place, name)

    def counting(*arguments: Any, **options: Any) -> Any:
        calls.append(arguments)
        return function(*arguments, **options)

    monkeypatch.setattr(place, name, counting)
    return calls


def foldings(monkeypatch: pytest.MonkeyPatch, text: str) -> Any:
    """Return what counts how often a short text has been folded, alone or in a batch."""
    alone, joined = counted(monkeypatch, Layer, "fold"), counted(monkeypatch, Layer, "apply")

    def count() -> int:
        layer = table().folded
        singly = [given for where, given in alone if where is layer]
        together = [decode(codes) for where, codes in joined if where is layer]
        return singly.count(text) + sum(text in batch for batch in together)

    return count


def test_an_items_text_is_folded_once(policed: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is looked at by the detectors, compared with a text before, and kept for later ones."""
    policed.gate(item("1", foreign_text))
    count = foldings(monkeypatch, other_text)

    decision = policed.gate(item("2", other_text))

    assert {one.detector for one in decision.signals} >= {"share_code", "text_duplicate"}
    assert decision.visibility is Visibility.limit
    assert count() == 1


def test_a_text_of_a_batch_is_folded_once(monkeypatch: pytest.MonkeyPatch) -> None:
    batch = [item("1", "今天"), item("2", other_text), item("3", "明天")]
    count = foldings(monkeypatch, other_text)

    judged = judge_items(batch, Court(detectors_for("s.example"), None, policy, noon))

    assert len(judged) == 3
    assert count() == 1


def test_a_long_text_is_folded_once_though_it_is_read_in_stretches(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    text = f"{'天气' * 3_000} 復制￥t7Xk2bQm9Ra￥ {'天气' * 3_000} 復制￥t7Xk2bQm9Rb￥"
    joined = counted(monkeypatch, Layer, "apply")

    [judged] = judge_items([item("1", text)], Court(detectors_for("s.example"), None, policy, noon))

    assert isinstance(judged, Judgement)
    assert len(judged.decision.signals) == 2
    assert sum(len(codes) for layer, codes in joined if layer is table().folded) == len(text)


def test_a_pictures_bytes_are_hashed_once(policed: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """They are looked up, looked into, compared with bans, kept, and known again from then on."""
    picture = qr_png(link)
    digests = counted(monkeypatch, hashlib, "sha256")

    assert policed.gate(item("1", "看", pictures=(picture,))).visibility is Visibility.limit

    assert [bytes(of[0]) for of in digests if of].count(picture) == 1


def test_a_decision_is_encoded_once(policed: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """The answer in the log and the decision beside the item are the same text."""
    calls = counted(monkeypatch, msgspec.json, "encode")

    decision = policed.gate(item("1", pictures=(b"<svg/>",)))
    reviewed = policed.gate.review(decision.item, "allow", "a drawing", reviewer=UserId("ann"))

    encoded = [value for (value,) in calls if isinstance(value, Decision)]
    assert encoded == [decision, reviewed]
    assert policed.gate.decision(decision.item) == reviewed


def test_a_picture_from_the_door_is_the_bytes_that_were_given() -> None:
    picture = Picture(b"x")

    assert (picture, picture.sha256) == (b"x", hashlib.sha256(b"x").hexdigest())
    assert digest_of(picture) == digest_of(b"x")
    assert digest_of(Picture.kept(b"x", "its digest")) == "its digest"
