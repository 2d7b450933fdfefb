from collections.abc import Sequence
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kouling.errors import InvalidInput
from kouling.gate.records import Party, Signal
from kouling.ids import random_bytes
from kouling.lab import (
    Labelled,
    Material,
    Tally,
    disguises,
    find_disguise,
    pooled_tally,
    recall_svg,
    reference,
    rival_from,
    sample_material,
    try_disguises,
)
from kouling.lab.snippets import cut, labels_of, text_of
from kouling.lab.tally import comments, disguised_negatives, exact_codes, is_found, measure

guide = Path(__file__).parents[2] / "docs/guides/lab.md"

link = "https://m.tb.cn/h.3Ox4kp0"
token = "￥cZqJbk7JyoR￥"
bare = "tfV4QR6Wqo0X0LZ"
text = f"【帽子】{link} 点击链接，打开App；或复制这段描述{token}后到淘宝 😆 {bare} 😆 等你"
codes = (link, token, bare)

Signals = tuple[Signal, ...]

by_disguise = pytest.mark.parametrize("name", disguises)
letters = st.text("abcXYZ019", min_size=4, max_size=20)
wording = st.text(max_size=30)
tokens = st.builds("{}{}{}".format, st.sampled_from(["", "￥", "(", "B:/"]), letters, wording)
links = st.builds("https://{}.cn/{}".format, letters, letters)
labels = st.lists(tokens | links, max_size=4)


def signal(start: int, end: int, kind: str = "share_code", party: Party = Party.foreign) -> Signal:
    return Signal(detector="hand", kind=kind, party=party, start=start, end=end)


def blind(texts: Sequence[str]) -> list[Signals]:
    return [() for _ in texts]


def all_seeing(texts: Sequence[str]) -> list[Signals]:
    return [(signal(0, len(text)),) for text in texts]


def test_there_are_at_least_thirty_disguises() -> None:
    assert len(disguises) >= 30


@by_disguise
def test_a_disguise_changes_the_message(name: str) -> None:
    changed, _ = disguises[name](random_bytes(1), text, codes)
    assert changed != text


@by_disguise
def test_the_same_seed_gives_the_same_disguise(name: str) -> None:
    once, again = (disguises[name](random_bytes(7), text, codes) for _ in range(2))
    assert once == again


@by_disguise
def test_every_label_is_kept_as_a_substring(name: str) -> None:
    changed, labelled = disguises[name](random_bytes(1), text, codes)
    assert len(labelled) == len(codes)
    assert all(label and label in changed for label in labelled)


@given(before=wording, found=labels, after=wording, seed=st.integers(0, 2**32))
def test_labels_stay_substrings_whatever_the_message(
    before: str, found: list[str], after: str, seed: int
) -> None:
    message = before + after.join(found) + after
    for disguise in disguises.values():
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


@pytest.mark.parametrize(
    ("seen", "expected"),
    [
        (signal(0, 5), True),
        (signal(0, 5, "share_link"), True),
        (signal(0, 5, "link"), False),
        (signal(0, 5, "inducement"), False),
        (signal(0, 5, party=Party.own), False),
        (signal(0, 5, party=Party.partner), False),
    ],
)
def test_a_message_is_found_by_a_foreign_share_code_or_link(seen: Signal, expected: bool) -> None:
    assert is_found([(), (seen,)]) is expected


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [(4, 17, 1), (2, 19, 1), (1, 17, 0), (4, 20, 0), (5, 17, 0), (4, 16, 0)],
)
def test_a_span_may_hold_two_characters_more_on_either_side(
    start: int, end: int, expected: int
) -> None:
    message = Labelled(f"abcd{token}efghij", (token,))
    assert message.text[4:17] == token
    assert exact_codes(message, [(signal(start, end),)]) == expected


def test_a_link_that_is_no_share_link_gives_no_exact_span() -> None:
    message = Labelled(link, (link,))
    assert exact_codes(message, [(signal(0, len(link), "link"),)]) == 0


def test_a_code_split_over_comments_is_found_in_any_of_them_but_never_exact() -> None:
    material = Material((Labelled(token, (token,)),))
    split = find_disguise("split_over_comments")
    assert len(comments(split(random_bytes(1), token, [token])[0])) > 1
    tally = measure(split, material, all_seeing)
    assert (tally.found, tally.exact) == (1, 0)


def test_only_messages_that_the_disguise_changes_are_counted() -> None:
    material = Material((Labelled(token, (token,)), Labelled(link, (link,))))
    tally = measure(find_disguise("dot_swap"), material, all_seeing)
    assert (tally.messages, tally.codes, tally.recall) == (1, 1, 1.0)


def test_a_disguise_without_messages_has_no_recall() -> None:
    tally = measure(find_disguise("dot_swap"), Material((Labelled(token, (token,)),)), blind)
    assert (tally.messages, tally.recall, tally.exact_rate) == (0, None, None)


def test_negatives_wear_the_disguise_on_their_longest_run() -> None:
    material = Material((), ("用 Schwarzkopf 洗 2 次", "￥258"))
    wide, plain = disguised_negatives(find_disguise("full_width"), material)
    assert wide.text == "用 Ｓｃｈｗａｒｚｋｏｐｆ 洗 2 次"
    assert plain.text == "￥258"


def test_false_alarms_are_counted_like_found_messages() -> None:
    material = Material((), ("一", "二 Schwarzkopf"))
    assert measure(find_disguise("full_width"), material, all_seeing).false_alarms == 2
    assert measure(find_disguise("full_width"), material, blind).false_alarms == 0


def test_the_rival_reads_the_same_disguised_texts() -> None:
    material = Material((Labelled(token, (token,)),), ("￥12345678901￥", "一"))
    rival = rival_from([("here:1", "￥[A-Za-z0-9]{11}￥", "")])
    plain, wide = try_disguises([None, find_disguise("full_width")], material, blind, rival)
    assert (plain.rival_found, plain.rival_false_alarms) == (1, 1)
    assert (wide.rival_found, wide.rival_false_alarms) == (0, 0)


def test_an_expression_that_python_cannot_compile_is_skipped_with_a_note() -> None:
    rival = rival_from(
        [("f:1", "(", ""), ("f:2", "[[a]b", ""), ("f:3", "A", "i"), ("f:4", "x", "q")]
    )
    assert len(rival.patterns) == 2
    assert [note.split(":")[1] for note in rival.notes] == ["1", "4"]
    assert rival.finds(["a"])


def test_the_rival_reads_the_beginning_of_a_long_text() -> None:
    rival = rival_from([("f:1", "end", "")])
    assert not rival.finds(["x" * 2_000 + "end"])


def test_pooling_adds_up() -> None:
    one = Tally("a", 2, 1, 3, 2, 4, 1, 1, 0)
    two = Tally("b", 2, 2, 1, 1, 4, 0, None, None)
    assert pooled_tally([one]) == one._replace(disguise="pooled")
    assert pooled_tally([one, one]) == Tally("pooled", 4, 2, 6, 4, 8, 2, 2, 0)
    assert pooled_tally([one, two]) == Tally("pooled", 4, 3, 4, 3, 8, 1, None, None)


def test_the_made_up_messages_hold_their_codes() -> None:
    material = sample_material(3)
    assert material == sample_material(3) != sample_material(4)
    assert all(code in message.text for message in material.messages for code in message.codes)
    assert all(message.codes and "‹" not in message.text for message in material.messages)
    assert not any("{" in negative for negative in material.negatives)


def test_drawn_messages_keep_their_order() -> None:
    material = sample_material(1)
    few = material.drawn(5).messages
    assert len(few) == 5
    assert [message for message in material.messages if message in few] == list(few)
    assert material.drawn(10_000) == material


def test_the_picture_tells_a_screen_reader_what_its_bars_show() -> None:
    svg = recall_svg([Tally("a<b", 4, 3, rival_found=1), Tally("nothing")])
    root = ElementTree.fromstring(svg)
    space = "{http://www.w3.org/2000/svg}"
    described = [root.find(f"{space}{name}") for name in ("title", "desc")]
    assert [one.attrib["id"] for one in described if one is not None] == ["title", "desc"]
    assert root.attrib["aria-labelledby"] == "title desc"
    assert described[1] is not None
    assert described[1].text == "a<b: gate 75%, rival 25%"


def test_the_guide_shows_every_disguise() -> None:
    assert reference() in guide.read_text("utf-8")
