"""What counts as found, as exact, as a false alarm; and what the counts are taken over."""

from collections.abc import Sequence

import pytest

from kouling.gate.records import Party, Signal
from kouling.ids import random_bytes
from kouling.lab import (
    Labelled,
    Material,
    Tally,
    find_disguise,
    pooled_tally,
    rival_from,
    try_disguises,
)
from kouling.lab.tally import comments, disguised_negatives, exact_codes, is_found, measure

link = "https://m.tb.cn/h.3Ox4kp0"
token = "￥cZqJbk7JyoR￥"

Signals = tuple[Signal, ...]


def signal(start: int, end: int, kind: str = "share_code", party: Party = Party.foreign) -> Signal:
    return Signal(detector="hand", kind=kind, party=party, start=start, end=end)


def blind(texts: Sequence[str]) -> list[Signals]:
    return [() for _ in texts]


def all_seeing(texts: Sequence[str]) -> list[Signals]:
    return [(signal(0, len(text)),) for text in texts]


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


def test_pooling_adds_up() -> None:
    one = Tally("a", 2, 1, 3, 2, 4, 1, 1, 0)
    two = Tally("b", 2, 2, 1, 1, 4, 0, None, None)
    assert pooled_tally([one]) == one._replace(disguise="pooled")
    assert pooled_tally([one, one]) == Tally("pooled", 4, 2, 6, 4, 8, 2, 2, 0)
    assert pooled_tally([one, two]) == Tally("pooled", 4, 3, 4, 3, 8, 1, None, None)
