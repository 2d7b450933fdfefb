"""What is seen only by one who remembers: bans, near-copies, codes in parts."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kouling import Engine, Visibility, bundled_policy
from kouling.clock import ManualClock
from kouling.fold import fold
from kouling.gate import Decision, Subject, SubjectKind
from kouling.gate.detectors.text_duplicate import bands_of, pieces_of, text_duplicate
from kouling.ids import UserId
from tests.samples import foreign_text, item, seller

long_text = "【冬季新款羊毛大衣女中长款】复制这段话￥t7Xk2bQm9Ra￥打开手机淘宝就能看到宝贝啦"


@pytest.fixture
def policed(engine: Engine) -> Engine:
    engine.gate.policies.activate(bundled_policy("moments-2018"))
    engine.gate(item("photo"))
    return engine


def kinds(decision: Decision) -> list[str]:
    return [signal.kind for signal in decision.signals]


def say(engine: Engine, *parts: str, author: UserId = seller) -> list[Decision]:
    return [
        engine.gate(item(f"{author}-{n}", part, surface="comment", under="photo", author=author))
        for n, part in enumerate(parts)
    ]


@pytest.mark.parametrize(
    "parts",
    [
        ("￥t7Xk2b", "Qm9Ra￥ 打开淘宝"),
        ("￥t7Xk", "2bQm", "9Ra￥ 打开淘宝"),
        ("1. ￥t7Xk", "2. 2bQm", "3. 9Ra￥ 打开淘宝"),
        ("(1/2)https://m.tb", "(2/2).cn/h.3Kx7Qd2"),
    ],
)
def test_a_code_in_parts_is_seen_when_the_last_part_comes(
    policed: Engine, parts: tuple[str, ...]
) -> None:
    decisions = say(policed, *parts)

    assert "split_code" in kinds(decisions[-1])
    assert all("split_code" not in kinds(decision) for decision in decisions[:-1])


def test_parts_of_two_authors_are_no_code(policed: Engine) -> None:
    say(policed, "￥t7Xk2b")

    assert kinds(say(policed, "Qm9Ra￥ 打开看", author=UserId("other"))[0]) == []


def test_parts_too_far_apart_are_no_code(policed: Engine, clock: ManualClock) -> None:
    say(policed, "￥t7Xk2b")
    clock.advance(minutes=31)

    decision = policed.gate(item("late", "Qm9Ra￥", surface="comment", under="photo"))
    assert kinds(decision) == []


def test_ordinary_comments_are_no_code(policed: Engine) -> None:
    for decision in say(policed, "真好看", "多少钱", "199元包邮", "谢谢", "1. 红色", "2. 蓝色"):
        assert kinds(decision) == []


@pytest.mark.parametrize(
    "copy",
    [
        long_text.replace("宝贝啦", "宝贝哦"),
        long_text.replace("【", "「").replace("】", "」"),
        long_text.upper(),
        " ".join(long_text),
    ],
)
def test_a_near_copy_of_a_text_that_was_not_shown_is_seen(policed: Engine, copy: str) -> None:
    policed.gate(item("first", long_text))
    decision = policed.gate(item("copy", copy))

    assert "text_duplicate" in kinds(decision)
    (signal,) = [s for s in decision.signals if s.kind == "text_duplicate"]
    assert [(one.kind, one.about) for one in signal.evidence] == [("like_text", "first")]


def test_a_copy_of_a_text_that_was_shown_is_none(policed: Engine) -> None:
    policed.gate(item("first", long_text, surface="direct", to="friend"))

    assert "text_duplicate" not in kinds(policed.gate(item("copy", long_text)))


def test_a_text_hidden_for_its_picture_is_not_remembered(policed: Engine) -> None:
    greeting = "祝大家中秋节快乐身体健康万事如意阖家幸福"
    policed.gate(item("first", greeting, pictures=(b"\x89PNG",)))

    assert kinds(policed.gate(item("copy", greeting))) == []


def test_an_unrelated_text_is_no_copy(policed: Engine) -> None:
    policed.gate(item("first", long_text))

    decision = policed.gate(item("other", "今天和朋友去爬山看日出下山吃了一碗热汤面真舒服"))
    assert kinds(decision) == []


@given(st.text(max_size=80))
def test_a_text_is_a_copy_of_itself_or_too_short(text: str) -> None:
    pieces = pieces_of(fold(text))
    signal = text_duplicate(text, pieces, [("first", text)])

    assert (signal is None) == (not pieces)
    assert bool(bands_of(pieces)) == bool(pieces)


def test_near_copies_share_a_band() -> None:
    """At a similarity of .8 a pair shares a band in more than 99 of 100 cases."""
    letters = [chr(0x4E00 + 7 * n) for n in range(4_000)]
    texts = ["".join(letters[n : n + 60]) for n in range(0, 3_000, 6)]

    missed = sum(
        not set(bands_of(pieces_of(fold(a)))) & set(bands_of(pieces_of(fold(b))))
        for a, b in pairwise(texts)
    )

    assert missed / len(texts) < 0.02


@pytest.mark.parametrize(
    "subject",
    [
        Subject(SubjectKind.issuer, "taobao"),
        Subject(SubjectKind.domain, "tb.cn"),
        Subject(SubjectKind.domain, "m.tb.cn"),
        Subject(SubjectKind.page, "https://m.tb.cn/h.3Kx7Qd2"),
    ],
)
def test_what_leads_to_a_banned_subject_is_limited_even_in_chats(
    policed: Engine, subject: Subject
) -> None:
    text = "看 https://m.tb.cn/h.3Kx7Qd2 吧"
    chat = {"surface": "direct", "to": "friend"}
    assert policed.gate(item("before", text, **chat)).visibility is Visibility.allow

    policed.gate.ban(subject, "evasion")
    decision = policed.gate(item("after", text, **chat))

    assert decision.visibility is Visibility.limit
    assert decision.rules == ("banned-subject",)


def test_a_link_that_only_names_a_banned_domain_leads_elsewhere(policed: Engine) -> None:
    policed.gate.ban(Subject(SubjectKind.domain, "tb.cn"), "evasion")

    decision = policed.gate(
        item("1", "http://m.tb.cn@shop.example.com/x", surface="direct", to="a")
    )

    assert "banned_subject" not in kinds(decision)


def test_a_foreign_text_still_has_its_own_signals(policed: Engine) -> None:
    assert "share_code" in kinds(policed.gate(item("1", foreign_text)))
