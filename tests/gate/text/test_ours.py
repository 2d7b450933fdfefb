"""What a paste resolves to is ours, or a partner's, to the gate: whatever was done to the code."""

import re
from itertools import pairwise

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from kouling.fold import fold
from kouling.gate.detectors import Detectors
from kouling.gate.detectors.split_code import split_code
from kouling.gate.records import Party, Signal
from kouling.mint import Key, KeyRing, encode, id_max, parse_text
from tests.conftest import noon

ring = KeyRing(
    "kouling",
    (
        Key(issuer="kouling", secret=bytes(range(32)), mints_from=noon),
        Key(issuer="teahouse", secret=bytes(range(32, 64)), mints_from=noon),
    ),
)
detectors = Detectors.load(own_hosts=frozenset({"kou.example"}))
foreign_code = "t7Xk2bQm9Ra"
mine = encode(42, ring.keys[0])


def inspected(text: str) -> tuple[Signal, ...]:
    [signals] = detectors.inspect([text], ring)
    return signals


def foreign_in(text: str) -> list[Signal]:
    return [one for one in inspected(text) if one.party is Party.foreign]


wide = str.maketrans({chr(code): chr(code + 0xFEE0) for code in range(0x21, 0x7F)})
bold = str.maketrans(
    {chr(ord("A") + n): chr(0x1D400 + n) for n in range(26)}
    | {chr(ord("a") + n): chr(0x1D41A + n) for n in range(26)}
    | {chr(ord("0") + n): chr(0x1D7CE + n) for n in range(10)}
)
gaps: st.SearchStrategy[str] = st.sampled_from(
    [*"\n_-.·~*|/ ，。、—", "\u200b", "\u2060", "\t", "\n\n", "  ", "👉", " 👈 ", "**", "❤️"]
)
asking_frames = (
    *("〖{}〗", "【连衣裙】￥199 〖{}〗 复制打开kouling", "〖{}", "{}〗", "复制 {} 打开淘宝"),
    *("复制这段话{}打开kouling", "淘口令：{}", "￥{}￥ 复制打开手机淘宝", "支付宝搜“{}”领红包"),
)
plain_frames = (
    *("{}", "￥{}￥", "👉{}👈", "({})", "《{}》", "$ {} $", "_{}_", "看看{}吧", "【{}】"),
    *("https://kou.example/c/{}", "{} https://kou.example/c/1", "看看 https://a.com/{}"),
    "https://m.tb.cn/h.{}?sm=1",
)
frames = st.sampled_from((*asking_frames, *plain_frames))


@st.composite
def damaged(draw: st.DrawFn, code: str) -> str:
    """A code as it may arrive: respelt, and with anything between its letters."""
    for spelling in draw(st.sampled_from([(), (), (wide,), (bold,), (wide, bold)])):
        respelt = draw(st.lists(st.booleans(), min_size=len(code), max_size=len(code)))
        code = "".join(
            c.translate(spelling) if yes else c for c, yes in zip(code, respelt, strict=True)
        )
    match draw(st.sampled_from(["whole", "one", "some", "groups", "all"])):
        case "one":
            at = draw(st.integers(1, 10))
            return code[:at] + draw(gaps) + code[at:]
        case "some":
            after = draw(st.lists(st.none() | gaps, min_size=11, max_size=11))
            return "".join(c + (gap or "") for c, gap in zip(code, after, strict=True))
        case "groups":
            sizes, gap = (
                draw(st.sampled_from([(3, 4, 4), (4, 4, 3), (2, 3, 3, 3), (5, 6)])),
                draw(gaps),
            )
            starts = [sum(sizes[:n]) for n in range(len(sizes))]
            return gap.join(code[a : a + n] for a, n in zip(starts, sizes, strict=True))
        case "all":
            return draw(gaps).join(code)
    return code


mixed = re.compile("[a-z][A-Z0-9]|[0-9][A-Za-z]|[A-Z][0-9]")
codes = st.builds(encode, st.integers(0, id_max), st.sampled_from(ring.keys))


@given(st.data(), codes, frames)
@settings(max_examples=200)
def test_what_a_paste_resolves_to_is_never_held_for_somebody_elses(
    data: st.DataObject, code: str, frame: str
) -> None:
    text = frame.format(data.draw(damaged(code)))

    signals = inspected(text)

    for found in parse_text(text, ring).codes:
        beside = [s for s in signals if s.start < found.end and found.start < s.end]
        assert [s for s in beside if s.kind == "share_code" and s.party is Party.foreign] == []


@given(st.data(), codes, frames)
@settings(max_examples=200)
def test_what_a_paste_resolves_to_is_told_by_its_issuer(
    data: st.DataObject, code: str, frame: str
) -> None:
    """But for pieces that each look like a word, where nothing asks to copy or search for them.

    And but for one code of 1,000, whose capitals, small letters and digits don't mix.
    """
    assume(any(one.islower() and not other.islower() for one, other in pairwise(code)))
    text = frame.format(data.draw(damaged(code)))
    parties = {"kouling": Party.own, "teahouse": Party.partner}

    signals = inspected(text)

    for found in parse_text(text, ring).codes:
        told = [
            one.start <= found.start and found.end <= one.end
            if one.kind == "share_code"
            else one.start < found.end and found.start < one.end
            for one in signals
            if one.party is (parties[found.issuer] if one.kind == "share_code" else Party.own)
        ]
        pieces = fold(text[found.start : found.end]).folded.text
        assert any(told) or (frame in plain_frames and not mixed.search(pieces))


@pytest.mark.parametrize(
    "form",
    ["〖{}\n{}〗", "复制 _{}{}_ 打开kouling", "复制 {}-{} 打开kouling", "￥{} {}￥ 打开淘宝"],
)
def test_a_code_of_ours_in_pieces_is_one_signal(form: str) -> None:
    text = form.format(mine[:6], mine[6:])

    [signal] = inspected(text)

    assert (signal.party, signal.issuer, signal.code) == (Party.own, "kouling", mine)
    assert text[signal.start : signal.end] == signal.text
    assert signal.text.strip("〖〗_￥-").replace("\n", "") in text.replace("\n", "")


between = st.sampled_from(["", " ", "\n", "￥", "￥ ￥", "，", "👉", " 或 ", "/", "￥\n￥", "_"])


@given(
    st.data(), between, st.booleans(), st.sampled_from(["￥{}￥", "复制 {} 打开淘宝", "{} 淘宝"])
)
@settings(max_examples=200)
def test_a_code_of_ours_hides_no_foreign_one_beside_it(
    data: st.DataObject, gap: str, first: bool, frame: str
) -> None:
    ours = data.draw(damaged(mine))
    pair = (ours, foreign_code) if first else (foreign_code, ours)
    blank = (" " * len(ours), foreign_code) if first else (foreign_code, " " * len(ours))

    text = frame.format(gap.join(pair))
    assume(mine in {one.code for one in parse_text(text, ring).codes})

    alone, both = foreign_in(frame.format(gap.join(blank))), foreign_in(text)

    assert alone == [] or any(foreign_code in one.code for one in both)


@pytest.mark.parametrize("link", ["https://m.tb.cn/h.{}", "https://a.com/?u={}", "a.com/{}"])
@pytest.mark.parametrize("code", [mine, f"{mine[:6]}\n{mine[6:]}"])
def test_a_code_of_ours_hides_no_link_that_it_is_part_of(link: str, code: str) -> None:
    found = inspected(f"看看 {link.format(code)} 吧")

    links = [one for one in found if one.kind in ("link", "share_link")]
    assert [one.party for one in links] == [Party.foreign]
    assert Party.own in {one.party for one in found}


def test_a_foreign_code_in_pieces_beside_ours_is_still_foreign() -> None:
    torn = "-".join(foreign_code)

    assert foreign_in(f"复制 〖{mine}〗 打开kouling，再复制 ￥{torn}￥ 打开淘宝")
    assert foreign_in(f"〖{mine[:5]}\n{mine[5:]}〗 {torn} 打开淘宝")


def test_a_code_of_ours_over_several_comments_is_not_somebody_elses() -> None:
    parts = [f"￥{mine[:4]}", mine[4:8], f"{mine[8:]}￥ 打开淘宝"]

    assert split_code(parts[:2], parts[2], detectors) is not None
    assert split_code(parts[:2], parts[2], detectors, ring) is None
