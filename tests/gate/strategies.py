"""Random conditions, and signals of which something is known.

Questions and signals are listed beforehand and then drawn: that takes a tenth of the time.
"""

from itertools import product
from random import Random
from typing import Any

from hypothesis import strategies as st

from kouling.gate import Party, Signal
from kouling.gate.policy.possible import Shown

texts = ("", "秘密", "near_duplicate", "天气真好，出去走走")

_kinds = (
    *("share_code", "share_link", "link", "inducement", "unsure", "near_duplicate"),
    *("not_inspected", "banned_subject", "text_duplicate", "split_code"),
)
_words = ("", "taobao", "￥a1￥", "a")
_strings: dict[str, tuple[str, ...]] = {
    "kind": _kinds,
    "detector": ("share_code", "picture", "near_duplicate", "picture_text", "banned_subject"),
    "party": ("", "own", "foreign"),
    "issuer": _words,
    "text": _words,
    "code": _words,
}
_of_strings = (
    '{field} == "{word}"',
    '"{word}" == {field}',
    '{field} != "{word}"',
    '{field} in ["{word}", "{other}"]',
    '{field}.startsWith("{start}")',
    '{field}.contains("{start}")',
    "{field}.matches('^({start}|{word})')",
    '"{word}".endsWith({field})',
    '{field} >= "{word}"',
    "{field}.size() == {size}",
    "has({field})",
    '["{word}", "{other}"].exists(k, {field} == k)',
)
_signs = ("==", "!=", "<", "<=", ">", ">=")
_of_numbers = (
    *(" ".join(one) for one in product(("{0}.start", "{0}.end"), _signs, ("0", "{0}.start", "3"))),
    *(f"{{0}}.picture {sign} {number}" for sign, number in product(_signs, (0, 1, 2))),
    *(f"{{0}}.confidence {sign} {number}" for sign, number in product(_signs, (0.5, 0.95))),
    *("1 / {0}.start > 0", "{0}.kind == {0}.detector", "[{0}].size() == 1"),
)


def _questions(signal: str) -> list[str]:
    """List what may be asked of a signal."""
    asked = [form.format(signal) for form in _of_numbers]
    for name, words in _strings.items():
        for form, word, other in product(_of_strings, words, words[:2]):
            parts = {"word": word, "other": other, "start": word[:4], "size": len(word)}
            asked.append(form.format(field=f"{signal}.{name}", **parts))
    return asked


_of_items = (
    *("author.banned", "!author.banned", "item.narrowed", "item.pictures > 1", "true", "false"),
    *('item.surface == "moments"', 'item.surface in ["direct", "group"]', 'author.id == "x"'),
    *('item.text.contains("秘")', 'item.text == ""', '"near_duplicate" == item.text'),
    *("item. // the text\n text.size() > 3", "item.`text` == '秘密'", "1 / item.pictures > 0"),
    *("has(item.text)", "[item].size() == 1", "[1, 2].all(n, n != item.pictures)"),
)
_of_lists = (
    *("signals.size() > 1", "size(signals) == 0", "signals == []", "signals.size() in [1, 2]"),
    *('signals[0].kind == "unsure"', "1 / signals.size() > 0", "signals[1].picture == 1"),
    *("signals.map(s, s.kind).size() > 2", 'signals.map(s, s.kind) == ["unsure"]'),
    'signals.map(s, s.kind == "unsure", s.picture).exists(p, p > 1)',
    'signals.all(a, signals.exists(b, b.kind == a.kind && b.kind != "unsure"))',
)
_loops = (
    *("signals.exists({0}, {1})", "signals.all({0}, {1})", "signals.exists_one({0}, {1})"),
    *("signals.filter({0}, {1}).size() > 1", "signals.filter({0}, {1}) == []"),
)
_joints = (
    *("({0} || {1})", "({0} || {1})", "({0} && {1})", "!({0})", "({0} ? {1} : {2})"),
    '{0} // || signal.party == "foreign"\n',
)


def _joined(parts: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.builds(str.format, st.sampled_from(_joints), parts, parts, parts)


def _asking(signal: str, *more: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    questions = _questions(signal)
    # Most rules ask for kinds, and those that a look alone gives are the ones to get wrong.
    of_kinds = [one for one in questions if f"{signal}.kind" in one]
    of_looks = [one for one in of_kinds if "near_duplicate" in one or "not_inspected" in one]
    leaves = map(st.sampled_from, (of_looks, of_looks, of_kinds, questions, _of_items))
    return st.recursive(st.one_of(*leaves, *more), _joined, max_leaves=4)


def _looped(signal: str) -> st.SearchStrategy[str]:
    return st.builds(str.format, st.sampled_from(_loops), st.just(signal), _asking(signal))


of_items = st.recursive(
    st.one_of(_looped("s"), _looped("signal"), st.sampled_from(_of_items)),
    lambda parts: _joined(parts | st.sampled_from(_of_lists)),
    max_leaves=3,
)
"""Conditions about an item as a whole."""

of_signals = st.one_of(
    _asking("signal"),
    _asking("signal"),
    _asking("signal", of_items),
    _asking("signal", st.sampled_from(_of_lists)),
)
"""Conditions about each signal of an item."""

_pools: dict[str, tuple[Any, ...]] = {
    **_strings,
    "start": (0, 1, 3),
    "end": (3, 6),
    "confidence": (0.3, 0.4, 0.5, 0.9, 1.0),
    "picture": (0, 1, 2),
}


def signals_of(shown: Shown | None, pictures: int) -> st.SearchStrategy[Signal]:
    """Any signal of which so much is known, in one of so many pictures; None is in the text."""
    chance, fields = Random(1), shown.fields if shown else {}
    pools = {**_pools, **({} if shown else {"picture": (0,)})}
    for name, known in fields.items():
        if known.values is not None:
            fitting = (one for one in known.values if name != "picture" or one <= pictures)
            pools[name] = tuple(sorted(fitting))
    drawn = ({name: chance.choice(pool) for name, pool in pools.items()} for _ in range(200))
    return st.sampled_from([_made(fields) for fields in drawn])


def _made(fields: dict[str, Any]) -> Signal:
    party, issuer = fields["party"], fields["issuer"]
    return Signal(**{**fields, "party": Party(party) if party else None, "issuer": issuer or None})
