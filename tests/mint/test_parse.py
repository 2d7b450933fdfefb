import pytest
from hypothesis import given
from hypothesis import strategies as st

from kouling.errors import LimitExceeded
from kouling.mint import KeyRing, Parsed, encode, parse_text, paste_length_max
from tests.mint.test_codec import old, partner, ring

code = encode(42, old)
spaced = " ".join(code)
wide = "".join(chr(ord(c) + 0xFEE0) for c in code)
mathematical = "".join(
    chr(0x1D400 + ord(c) - ord("A"))
    if c.isupper()
    else chr(0x1D41A + ord(c) - ord("a"))
    if c.islower()
    else chr(0x1D7CE + int(c))
    for c in code
)


@pytest.mark.parametrize(
    "text",
    [
        code,
        f"〖{code}〗",
        f"￥{code}￥",
        f"￥{code}",
        f"{code}￥ 打开看看",
        f"看这个{code}好不好",
        f"👗{code}👗",
        f"（{code}）",
        wide,
        spaced,
        ".".join(code),
        "\u200b".join(code),
        "👗".join(code),
        mathematical,
        f"【真丝连衣裙】¥199.00 https://kouling.example/c/{code} 复制这条信息，打开kouling即可查看",
        f"abc{code}xyz",
    ],
)
def test_a_code_is_found_however_it_was_pasted(text: str) -> None:
    parsed = parse_text(text, ring)

    assert [(found.code, found.issuer, found.id) for found in parsed.codes] == [
        (code, "kouling", 42)
    ]


@given(st.text(max_size=60), st.text(max_size=60))
def test_a_code_is_found_between_any_texts(before: str, after: str) -> None:
    parsed = parse_text(f"{before}￥{code}￥{after}", ring)

    assert code in [found.code for found in parsed.codes]


@given(st.text(st.characters(codec=None), max_size=300))
def test_no_text_makes_parse_fail_and_spans_lie_in_it(text: str) -> None:
    for found in parse_text(text, ring).codes:
        assert 0 <= found.start < found.end <= len(text)


def test_the_span_covers_the_code_in_the_original_text() -> None:
    text = f"看👗 {spaced} 吧"

    (found,) = parse_text(text, ring).codes

    assert text[found.start : found.end] == spaced


def test_a_typo_is_named_not_resolved() -> None:
    typo = code[:-1] + ("2" if code[-1] != "2" else "3")

    assert parse_text(f"￥{typo}￥", ring) == Parsed(lookalikes=(typo,))
    assert parse_text(f"〖{typo}〗", ring) == Parsed(mistyped=(typo,))
    assert parse_text(f"https://go.example/c/{typo}", ring) == Parsed(mistyped=(typo,))


def test_a_partners_code_has_its_issuer() -> None:
    (found,) = parse_text(f"￥{encode(7, partner)}￥", ring).codes

    assert (found.issuer, found.id) == ("partner", 7)


def test_two_codes_are_found_in_order_and_each_once() -> None:
    other = encode(43, old)

    parsed = parse_text(f"{other} {code} {other}", ring)

    assert [found.code for found in parsed.codes] == [other, code]


def test_a_link_names_the_item_that_carried_its_code() -> None:
    (found,) = parse_text(f"https://kouling.example/c/{code}?i=post%201 打开", ring).codes

    assert found.item == "post 1"


def test_bait_before_a_code_does_not_hide_it() -> None:
    parsed = parse_text("A" * 15_000 + f" ￥{code}￥", ring)

    assert [found.code for found in parsed.codes] == [code]


def test_a_text_without_codes_has_none() -> None:
    assert (
        parse_text("今天天气真好 (Schwarzkopf) RMB3250 ￥199￥", KeyRing("kouling", (old,))).codes
        == ()
    )


def test_a_text_that_is_too_long_is_refused() -> None:
    with pytest.raises(LimitExceeded, match="20001"):
        parse_text("x" * (paste_length_max + 1), ring)
