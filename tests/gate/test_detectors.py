from __future__ import annotations

import threading
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kouling.gate.detectors import Detectors, decisive, notes_max, signals_max
from kouling.gate.records import Party, Signal
from kouling.mint import encode
from tests.gate.text.test_ours import ring

DETECTORS = Detectors.load(own_hosts=frozenset({"kou.example"}))
CODE = "a7Kq9ZtLm3X"
NOVEL = "那天傍晚下着小雨，他撑着伞慢慢走回家去，路上一个人也没有。" * 345

pieces = st.one_of(
    st.text(max_size=12),
    st.sampled_from(
        [
            f"￥{CODE}￥",
            "https://m.tb.cn/h.5xYzAbC?tk=a7Kq9ZtLm3X",
            "复制此消息，打开",
            "hxxp://shop[.]example/",
            "%3A%2F%2F",
            "a.7.K.q.9.Z.t",
            "打开支付宝首页搜“",
            "#小程序://",
            "moc.elpmaxe//:sptth",
            "http://user@a.example@b.example\\",
            "七",
            "ʇʇɥ",
        ]
    ),
)
texts = st.lists(pieces, max_size=8).map("".join)


def signals(text: str) -> tuple[Signal, ...]:
    (found,) = DETECTORS.inspect([text])
    return found


def shared(text: str) -> list[Signal]:
    return [s for s in signals(text) if s.kind != "link" and s.party is Party.foreign]


@pytest.mark.parametrize(
    ("text", "spot", "issuer"),
    [
        (f"復·制这段描述￥{CODE}￥后到👉淘♂寳♀👈", f"￥{CODE}￥", "taobao"),
        (f"€{CODE}€", f"€{CODE}€", "taobao"),
        (f"({CODE})/ HU9912", f"({CODE})/", "taobao"),
        (f"1👈快看嘿{CODE}嘿 https://m.tb.cn/h.4aBcDe1", f"嘿{CODE}嘿", "taobao"),
        (f"{CODE} CZ3459", CODE, None),
        ("长按复制此消息，打开支付宝就能领取！k7Qm2XvT9a", "k7Qm2XvT9a", "alipay"),
        ("😆 aB3dE5fG7hJ9kL2 😆 复制本条信息，打开【小红书】", "aB3dE5fG7hJ9kL2", "xiaohongshu"),
        ("打开支付宝首页搜“519283746”领红包", "519283746", "alipay"),
        ("打开支付宝首页搜“年年有余大吉大利”领红包", "年年有余大吉大利", "alipay"),
        ("#小程序://好茶铺/aB3dE5fG7hJ9kL2", "#小程序://好茶铺/aB3dE5fG7hJ9kL2", "wechat"),
        (f"复制这句话★{CODE}%打开茶馆App", f"★{CODE}%", None),
        ("长按复制这条消息，打开抖音看我的作品", "复制这条消息，打开", "douyin"),
    ],
)
def test_a_share_code_is_found_where_it_stands(text: str, spot: str, issuer: str | None) -> None:
    (found,) = [s for s in shared(text) if s.kind == "share_code"]
    assert spot in found.text
    assert len(found.text) <= len(spot) + 4
    assert found.issuer == issuer
    assert found.evidence


@pytest.mark.parametrize(
    "text",
    [
        "今天天气很好，出去走走吧",
        "价格￥1299，原价￥1599，满￥300减￥40",
        "(Schwarzkopf) 的洗发水和 (HUAWEI) 的手机",
        "iPhone15ProMax 和 MacBookAirM2 都降价了",
        "★iPhone15ProMax★ 全新未拆",
        "订单号 202311051234567，运单号 SF1029384756102",
        "【某银行】验证码 384756，5分钟内有效",
        "$getElementById$ 和 $fooBar$",
        "设函数 $f(x)$ 在 $[a,b]$ 上连续",
        "复制成功",
        "淘口令是什么，怎么用？",
        "一个绕口令：吃葡萄不吐葡萄皮",
        "Wi-Fi口令：admin1234",
        "把课本打开又合上，复制了一遍动作",
        "打开百度搜索“天气预报”就知道了",
        "commit 3f2a1b9c4d5e6f708192a3b4c5d6e7f8091a2b3c",
        'tok = "aB3dE5fG7hJ"',
    ],
)
def test_ordinary_text_that_looks_alike_is_left_alone(text: str) -> None:
    assert shared(text) == []


@pytest.mark.parametrize(
    ("text", "spot", "issuer"),
    [
        (
            "看 https://m.tb.cn/h.5xYzAbC?tk=a7Kq9Zt 吧",
            "https://m.tb.cn/h.5xYzAbC?tk=a7Kq9Zt",
            "taobao",
        ),
        ("【闲鱼】https://m.tb.cn/h.5xYzAbC 快来", "https://m.tb.cn/h.5xYzAbC", "xianyu"),
        ("m.tb.cn/h.5xYzAbC", "m.tb.cn/h.5xYzAbC", "taobao"),
        ("https://m。tb。cn/h。5xYzAbC", "https://m。tb。cn/h。5xYzAbC", "taobao"),
        ("hxxps://m[.]tb[.]cn/h.5xYzAbC", "hxxps://m[.]tb[.]cn/h.5xYzAbC", "taobao"),
        ("m点tb点cn/h.5xYzAbC", "m点tb点cn/h.5xYzAbC", "taobao"),
        ("https%3A%2F%2Fm.tb.cn%2Fh.5xYzAbC", "https%3A%2F%2Fm.tb.cn%2Fh.5xYzAbC", "taobao"),
        ("CbAzYx5.h/nc.bt.m//:sptth", "CbAzYx5.h/nc.bt.m//:sptth", "taobao"),
        (
            "h t t p s : / / m . t b . c n / h . 5 x Y",
            "h t t p s : / / m . t b . c n / h . 5 x Y",
            "taobao",
        ),
        ("https://tea.example/s/k7Qm2XvT9a", "https://tea.example/s/k7Qm2XvT9a", None),
        ("【茶馆】http://tea.example/abc 复制此链接，打开茶馆App", "http://tea.example/abc", None),
    ],
)
def test_a_share_link_is_found_however_it_is_written(
    text: str, spot: str, issuer: str | None
) -> None:
    (found,) = [s for s in shared(text) if s.kind == "share_link"]
    assert found.text == spot
    assert found.issuer == issuer


@pytest.mark.parametrize(
    ("text", "host"),
    [
        ("http://user@m.tb.cn@news.example/", "news.example"),
        ("http://news.example\\@m.tb.cn/h.a", "news.example"),
        ("https://m.tb.cn.news.example/today", "news.example"),
        ("http://news.example/2026/11/story.html", "news.example"),
        ("http://t.cn/A6vXyZ12", "t.cn"),
    ],
)
def test_where_a_link_truly_leads_decides(text: str, host: str) -> None:
    (found,) = signals(text)
    assert found.kind == "link"
    assert host in found.code
    assert found.party is Party.foreign


def test_a_link_to_our_own_host_is_our_own() -> None:
    (found,) = signals("https://kou.example/c/a7Kq9ZtLm3X 快来")
    assert (found.kind, found.party) == ("share_link", Party.own)


def test_our_own_and_partners_codes_are_told_by_the_key_rings_arithmetic() -> None:
    ours, theirs = (encode(number, key) for number, key in enumerate(ring.keys))

    found = DETECTORS.inspect([f"￥{ours}￥", f"复制{theirs}", "￥c9Ms3ZvNp5V￥"], ring)

    assert [(s.party, s.issuer) for (s,) in found] == [
        (Party.own, "kouling"),
        (Party.partner, "teahouse"),
        (Party.foreign, "taobao"),
    ]


@pytest.mark.parametrize(
    "disguised",
    [
        "".join(chr(ord(c) + 0xFEE0) for c in CODE),
        "\u200b".join(CODE),
        " ".join(CODE),
        ".".join(CODE),
        "🔥".join(CODE),
        "的".join(CODE),
        "\n".join(CODE),
        "-".join(CODE),
        "".join(c + "\u0301" for c in CODE),
        CODE.replace("7", "⑦").replace("9", "9️⃣"),
        CODE.replace("7", "七").replace("9", "九"),
        " ".join(CODE[i : i + 3] for i in range(0, len(CODE), 3)),
        "".join(chr(0x1D41A + ord(c) - 97) if c.islower() else c for c in CODE),
    ],
)
@pytest.mark.parametrize("wrap", ["￥{}￥", "🍑{}🍑", "★{}★"])
def test_a_disguised_code_is_found(disguised: str, wrap: str) -> None:
    (found,) = shared(f"快看 {wrap.format(disguised)} 吧")
    assert disguised in found.text
    assert found.code == CODE


def test_a_code_alone_without_any_sign_is_left_alone() -> None:
    assert shared(f"今天看到{CODE}这个") == []


@given(texts)
def test_any_text_gives_signals_that_lie_in_it(text: str) -> None:
    for found in signals(text):
        assert 0 <= found.start < found.end <= len(text)
        assert text[found.start : found.end] == found.text
        assert 0.5 <= found.confidence <= 1


@given(st.lists(texts, max_size=6))
def test_a_batch_gives_what_its_texts_give_alone(batch: list[str]) -> None:
    assert DETECTORS.inspect(batch) == [signals(text) for text in batch]


@given(st.lists(texts, max_size=4))
def test_both_engines_give_the_same_signals(batch: list[str]) -> None:
    other = _by_re2()
    assert DETECTORS.inspect(batch) == other.inspect(batch)


@given(texts)
def test_signals_come_by_place_and_do_not_overlap(text: str) -> None:
    found = signals(text)
    assert all(a.end <= b.start for a, b in pairwise(found))


def test_a_text_full_of_codes_gives_a_limited_number_of_signals() -> None:
    found = signals(f"￥{CODE}￥ " * 1_000)
    assert decisive <= len(found) <= signals_max
    assert [(s.kind, s.end) for s in found if s.party is None] == [("not_inspected", 14_000)]


def test_more_codes_than_are_reported_are_said_to_be_there() -> None:
    text = f"￥{CODE[:9]}￥ " * 70
    found = signals(text)
    assert signals_max - 2 * notes_max < len(found) <= signals_max
    assert [s.end for s in found if s.kind == "not_inspected"] == [len(text)]


@given(st.integers(0, 10_000), st.sampled_from(["", " ", "。", "\n", "\u200b"]))
def test_a_code_in_a_novel_is_found_where_it_stands(place: int, beside: str) -> None:
    text = f"{NOVEL[:place]}{beside}￥{CODE}￥{beside}{NOVEL[place:]}"
    (found,) = signals(text)
    assert found.kind == "share_code"
    assert f"￥{CODE}￥" in found.text


def test_a_code_flooded_with_what_shows_nothing_is_found() -> None:
    flooded = ("\u200b" * 300).join(f"￥{CODE}￥")
    (found,) = shared(NOVEL[:5_000] + flooded + NOVEL[:5_000])
    assert found.code == CODE


def test_a_novel_is_clean() -> None:
    assert signals((NOVEL * 2)[:20_000]) == ()


def test_a_message_late_in_a_long_text_keeps_its_wording_and_link() -> None:
    message = f"復·制这段描述{CODE}后到👉淘♂寳♀👈 https://m.tb.cn/h.5xYzAbC"
    kinds = [s.kind for s in signals(NOVEL + message)]
    assert kinds == [s.kind for s in signals(message)] == ["share_code", "share_link"]


BAITS = ["a.", "复制", '搜"', "￥a", "http://", "%41", "a的", "a[.]b", "http://a.b/", "a-B.3 "]


@pytest.mark.parametrize("bait", BAITS)
def test_a_code_behind_bait_is_found_or_said_to_be_unread(bait: str) -> None:
    text = (bait * 20_000)[:15_000] + f"。￥{CODE}￥"
    at = text.index(CODE)
    kinds = {s.kind for s in signals(text) if s.start <= at and s.end >= at + len(CODE)}
    assert kinds & {"share_code", "not_inspected"}


def test_many_threads_inspect_at_once() -> None:
    wrong: list[int] = []

    def work() -> None:
        for _ in range(50):
            if len(DETECTORS.inspect(["好", f"￥{CODE}￥"])[1]) != 1:
                wrong.append(1)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong


@pytest.mark.parametrize(
    "bait", [".", "【「《", "a.", "复制", '搜"', "￥a", "http://", "%41", "a的"]
)
def test_cost_grows_with_length_only(bait: str) -> None:
    # A quadratic path would take minutes here; the suite has no clock of its own.
    DETECTORS.inspect([(bait * 20_000)[:20_000]])


def _by_re2() -> Detectors:
    global _other
    if _other is None:
        _other = Detectors.load(own_hosts=frozenset({"kou.example"}), engine="re2")
    return _other


_other: Detectors | None = None
