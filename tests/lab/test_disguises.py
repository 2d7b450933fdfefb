"""A disguise changes a message and keeps its labels."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kouling.errors import InvalidInput
from kouling.ids import random_bytes
from kouling.lab import (
    all_disguises,
    find_disguise,
    reference,
)
from kouling.lab.snippets import cut, labels_of, text_of

guide = Path(__file__).parents[2] / "docs/guides/lab.md"

link = "https://m.tb.cn/h.3Ox4kp0"
token = "￥cZqJbk7JyoR￥"
bare = "tfV4QR6Wqo0X0LZ"
text = f"【帽子】{link} 点击链接，打开App；或复制这段描述{token}后到淘宝 😆 {bare} 😆 等你"
codes = (link, token, bare)

by_disguise = pytest.mark.parametrize("name", all_disguises)
letters = st.text("abcXYZ019", min_size=4, max_size=20)
wording = st.text(max_size=30)
tokens = st.builds("{}{}{}".format, st.sampled_from(["", "￥", "(", "B:/"]), letters, wording)
links = st.builds("https://{}.cn/{}".format, letters, letters)
labels = st.lists(tokens | links, max_size=4)


def test_there_are_at_least_thirty_disguises() -> None:
    assert len(all_disguises) >= 30


@by_disguise
def test_a_disguise_changes_the_message(name: str) -> None:
    changed, _ = all_disguises[name](random_bytes(1), text, codes)
    assert changed != text


@by_disguise
def test_the_same_seed_gives_the_same_disguise(name: str) -> None:
    once, again = (all_disguises[name](random_bytes(7), text, codes) for _ in range(2))
    assert once == again


@by_disguise
def test_every_label_is_kept_as_a_substring(name: str) -> None:
    changed, labelled = all_disguises[name](random_bytes(1), text, codes)
    assert len(labelled) == len(codes)
    assert all(label and label in changed for label in labelled)


@given(before=wording, found=labels, after=wording, seed=st.integers(0, 2**32))
def test_labels_stay_substrings_whatever_the_message(
    before: str, found: list[str], after: str, seed: int
) -> None:
    message = before + after.join(found) + after
    for disguise in all_disguises.values():
        changed, labelled = disguise(random_bytes(seed), message, found)
        assert all(label in changed for label in labelled)


@given(before=wording, found=labels, after=wording)
def test_snippets_make_the_message_they_were_cut_from(
    before: str, found: list[str], after: str
) -> None:
    message = (before + after.join(found) + after).replace("\x1e", " ")
    snippets = cut(message, found)
    assert text_of(snippets) == message
    assert set(labels_of(snippets)) <= {label.replace("\x1e", " ") for label in found}


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("full_width", "￥ｃＺｑＪｂｋ７ＪｙｏＲ￥"),
        ("separator_dash", "￥c-Z-q-J-b-k-7-J-y-o-R￥"),
        ("space_every_3", "￥cZq Jbk 7Jy oR￥"),
        ("reversed", "￥RoyJ7kbJqZc￥"),
        ("enclosed", "￥ⓒⓏⓠⒿⓑⓚ⑦ⒿⓨⓞⓇ￥"),
        ("emoji_digits", "￥cZqJbk7️⃣JyoR￥"),
        ("delimiter_drop", "cZqJbk7JyoR"),
        ("full_width+separator_dash", "￥ｃ-Ｚ-ｑ-Ｊ-ｂ-ｋ-７-Ｊ-ｙ-ｏ-Ｒ￥"),
    ],
)
def test_a_share_code_in_disguise(name: str, expected: str) -> None:
    assert find_disguise(name)(random_bytes(1), f"复制{token}打开", [token])[1] == (expected,)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("dot_swap", "https://m。tb。cn/h。3Ox4kp0"),
        ("scheme_removal", "m.tb.cn/h.3Ox4kp0"),
        ("defang", "hxxps://m[.]tb[.]cn/h.3Ox4kp0"),
        ("backslashes", "https:\\\\m.tb.cn\\h.3Ox4kp0"),
        ("separator_dot", link),
        ("defang+scheme_removal", "m[.]tb[.]cn/h.3Ox4kp0"),
    ],
)
def test_a_link_in_disguise(name: str, expected: str) -> None:
    assert find_disguise(name)(random_bytes(1), f"看{link} 吧", [link])[1] == (expected,)


def test_emoji_around_a_bare_code_are_its_delimiters() -> None:
    changed, labelled = find_disguise("delimiter_swap")(
        random_bytes(1), f"看 😆 {bare} 😆 吧", [bare]
    )
    assert "😆" not in changed
    assert labelled == (bare,)


def test_a_chain_is_its_parts_one_after_another() -> None:
    thin = find_disguise("zero_width")(random_bytes(1), "￥abcd￥", ["￥abcd￥"])
    both = find_disguise("zero_width+full_width")(random_bytes(1), "￥abcd￥", ["￥abcd￥"])
    wide = str.maketrans("abcd", "ａｂｃｄ")
    assert both == (thin[0].translate(wide), (thin[1][0].translate(wide),))


def test_an_unknown_disguise_is_refused_with_its_neighbours() -> None:
    with pytest.raises(InvalidInput, match="zero_width"):
        find_disguise("full_width+zero_with")


def test_a_chain_has_an_end() -> None:
    with pytest.raises(InvalidInput, match="at most"):
        find_disguise("+".join(["zero_width"] * 9))


def test_the_guide_shows_every_disguise() -> None:
    assert reference() in guide.read_text("utf-8")
