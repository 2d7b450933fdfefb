"""Whether a policy's rules see what is in a picture, with the demo's card and a real worker."""

import io

import pytest
from PIL import Image

from kouling import Engine, Policy, Visibility, bundled_policy
from kouling.demo import card as demo_card
from kouling.gate import Decision, Signal, Subject, SubjectKind, Surface
from kouling.gate.policy.condition import signal_fields
from kouling.gate.policy.depth import banned_in_picture, opened
from kouling.gate.policy.possible import Shown
from kouling.mint import qr_png
from tests.gate.test_decide import dropped, limited, policy_with, rule
from tests.picture.samples import card, foreign_lines, saved
from tests.samples import foreign_text, item, offer, seller


def decided(engine: Engine, policy: Policy, *pictures: bytes, text: str = "") -> Decision:
    engine.gate.policies.activate(policy)
    return engine.gate(item("1", text, pictures=pictures))


@pytest.mark.parametrize(
    "condition",
    [
        'signal.kind == "near_duplicate" || signal.party == "foreign"',
        'signal.kind == "not_inspected" || signal.issuer == "taobao"',
    ],
)
def test_a_rule_sees_a_code_on_a_card_as_it_sees_it_in_a_text(
    sqlite_engine: Engine, condition: str
) -> None:
    policy = policy_with(rule("a", f"signal: {condition}", limited))

    on_card = decided(sqlite_engine, policy, demo_card())
    in_text = sqlite_engine.gate(item("2", foreign_text))

    assert in_text.visibility is Visibility.limit
    assert on_card.visibility is Visibility.limit
    assert on_card.reasons[0].pictures == (1,)


def test_an_item_is_not_hidden_for_a_lack_of_signals_that_print_would_give(
    sqlite_engine: Engine,
) -> None:
    lacking = "when: '!signals.exists(s, s.kind == \"share_code\")'"
    policy = policy_with(rule("a", lacking, limited))

    assert decided(sqlite_engine, policy, demo_card()).visibility is Visibility.allow


def test_a_qr_code_does_not_settle_what_print_beside_it_undoes(sqlite_engine: Engine) -> None:
    alone = rule("alone", "when: signals.size() == 1", dropped)
    policy = policy_with(alone, rule("any", "when: signals.size() > 1", limited))
    picture = card(*foreign_lines)
    code = Image.open(io.BytesIO(qr_png("https://m.tb.cn/h.3Kx7Qd2"))).convert("RGB")
    picture.paste(code.resize((250, 250)), (400, 430))

    assert decided(sqlite_engine, policy, saved(picture)).rules == ("any",)


def test_a_printed_link_to_a_banned_domain_is_seen_in_a_chat(sqlite_engine: Engine) -> None:
    sqlite_engine.gate.policies.activate(bundled_policy("moments-2018"))
    printed = saved(card("看这里 https://evil.example/a1"))
    chat = {"surface": Surface.direct, "to": "friend"}

    before = sqlite_engine.gate(item("1", "", pictures=(printed,), **chat))
    sqlite_engine.gate.ban(Subject(SubjectKind.domain, "evil.example"), "fraud")
    after = sqlite_engine.gate(item("2", "", pictures=(printed,), **chat))

    assert before.visibility is Visibility.allow
    assert after.rules == ("banned-subject",)
    assert after.visibility is Visibility.limit


def is_said(signal: Signal, shown: Shown) -> bool:
    """Whether a signal is one of which so much is said."""
    known = {name: one.values for name, one in shown.fields.items() if one.values is not None}
    return all((getattr(signal, name) or none[name]) in values for name, values in known.items())


none = {name: kind() for name, kind in signal_fields.items()}


def test_signals_in_pictures_are_what_their_depth_is_said_to_give(sqlite_engine: Engine) -> None:
    """How far to look is worked out from what is said there of each depth's signals."""
    sqlite_engine.gate.policies.activate(bundled_policy("moments-2018"))
    code = sqlite_engine.mint(offer(), sharer=seller)
    pictures = [
        demo_card(),
        saved(card("分享到朋友圈集满30个赞", "免费领取大礼包", "https://a.example/1")),
        saved(card("好物分享", f"〖{code.code}〗")),
        saved(card("周末去爬山", "编号 t7Xk2bQm9Ra")),
        saved(Image.open(io.BytesIO(demo_card())).convert("RGB").resize((500, 500))),
        b"no picture",
    ]

    def gated(round: str) -> list[Signal]:
        items = [item(f"{round}{n}", "", pictures=(one,)) for n, one in enumerate(pictures)]
        return [signal for one in items for signal in sqlite_engine.gate(one).signals]

    seen = gated("a")
    sqlite_engine.gate.ban(Subject(SubjectKind.issuer, "taobao"), "fraud")
    seen += gated("b")

    described = [*(one for more in opened.values() for one in more), banned_in_picture]
    assert [one for one in seen if not any(is_said(one, shown) for shown in described)] == []
    assert {one.kind for one in seen} >= {
        *("share_code", "link", "inducement", "unsure"),
        *("not_inspected", "near_duplicate", "banned_subject"),
    }
