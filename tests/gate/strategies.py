"""Random conditions, and signals of which something is known."""

from typing import Any

from hypothesis import strategies as st

from kouling.gate import Party, Signal
from kouling.gate.policy.possible import Shown

kinds = (
    *("share_code", "share_link", "link", "inducement", "hint", "near_duplicate"),
    *("not_inspected", "banned_subject", "text_duplicate", "split_code"),
)
detectors = ("share_code", "picture", "near_duplicate", "picture_text", "banned_subject")
words = ("", "taobao", "￥a1￥", "秘密", "a")
texts = ("", "秘密", "near_duplicate", "天气真好，出去走走")

strings_of_signals = {"kind": kinds, "detector": detectors, "issuer": words, "text": words}
strings_of_signals |= {"party": ("", "own", "foreign"), "code": words}


def quoted(word: str) -> str:
    return f'"{word}"'


def _about_strings(signal: str) -> st.SearchStrategy[str]:
    def asked(field: str) -> st.SearchStrategy[str]:
        word = st.sampled_from(strings_of_signals[field])
        name = f"{signal}.{field}"
        return st.one_of(
            st.builds(lambda w: f"{name} == {quoted(w)}", word),
            st.builds(lambda w: f"{quoted(w)} == {name}", word),
            st.builds(lambda w: f"{name} != {quoted(w)}", word),
            st.builds(lambda w: f"{name} in [{', '.join(map(quoted, w))}]", st.lists(word)),
            st.builds(lambda w: f"{name}.startsWith({quoted(w[:4])})", word),
            st.builds(lambda w: f"{name}.contains({quoted(w[1:4])})", word),
            st.builds(lambda w: f"{name}.matches('^{w[:3]}')", word),
            st.builds(lambda w: f"{quoted(w)}.endsWith({name})", word),
            st.builds(lambda w: f"{name} >= {quoted(w)}", word),
            st.builds(lambda n: f"{name}.size() > {n}", st.integers(0, 14)),
            st.just(f"has({signal}.{field})"),
            st.just(f"{name} == {signal}.detector"),
        )

    # Kinds are what rules mostly ask about, so half of the questions are.
    return st.just("kind").flatmap(asked) | st.sampled_from([*strings_of_signals]).flatmap(asked)


def _about_numbers(signal: str) -> st.SearchStrategy[str]:
    signs = st.sampled_from(["==", "!=", "<", "<=", ">", ">="])
    number = st.sampled_from(["start", "end", "picture"])
    return st.one_of(
        st.builds(lambda f, s, n: f"{signal}.{f} {s} {n}", number, signs, st.integers(-1, 3)),
        st.builds(lambda s: f"{signal}.end {s} {signal}.start", signs),
        st.builds(lambda s: f"{signal}.confidence {s} 0.5", signs),
        st.just(f"1 / {signal}.start > 0"),
    )


_about_items = st.sampled_from(
    (
        *("author.banned", "!author.banned", "item.narrowed", "item.pictures > 1"),
        *('item.surface == "moments"', 'item.surface in ["direct", "group"]'),
        *('item.text.contains("秘")', 'item.text == ""', 'author.id == "x"', "true", "false"),
        *("item. // the text\n text.size() > 3", "item.`text` == '秘密'", "1 / item.pictures > 0"),
        *('"near_duplicate" == item.text', "has(item.text)", "[item].size() == 1"),
    )
)

_about_lists = st.sampled_from(
    (
        *("signals.size() > 1", "size(signals) == 0", "signals == []", "signals.size() in [1, 2]"),
        *('signals[0].kind == "hint"', "1 / signals.size() > 0", "signals[1].picture == 1"),
        *("signals.map(s, s.kind).size() > 2", 'signals.map(s, s.kind) == ["hint"]'),
        'signals.map(s, s.kind == "hint", s.picture).exists(p, p > 1)',
        'signals.all(a, signals.exists(b, b.kind == a.kind && b.kind != "hint"))',
    )
)


def _looped(condition: st.SearchStrategy[str], name: str) -> st.SearchStrategy[str]:
    macros = st.sampled_from(("exists", "all", "exists_one"))
    return st.one_of(
        st.builds(lambda m, c: f"signals.{m}({name}, {c})", macros, condition),
        st.builds(lambda c: f"signals.filter({name}, {c}).size() > 1", condition),
        st.builds(lambda c: f"signals.filter({name}, {c}) == []", condition),
        st.builds(
            lambda m, w, c: f"{list(w)!r}.{m}(k, {c} && '{w[0]}' != k)".replace("'", '"'),
            macros,
            st.lists(st.sampled_from(kinds), min_size=1, max_size=3),
            st.just("item.pictures > 0"),
        ),
    )


def _combined(parts: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.one_of(
        st.builds("({} && {})".format, parts, parts),
        st.builds("({} || {})".format, parts, parts),
        st.builds("!({})".format, parts),
        st.builds("({} ? {} : {})".format, parts, parts, parts),
        st.builds('{} // || signal.party == "foreign"\n'.format, parts),
    )


def _asking(signal: str, *more: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    leaves = st.one_of(_about_strings(signal), _about_strings(signal), _about_numbers(signal))
    return st.recursive(st.one_of(leaves, _about_items, *more), _combined, max_leaves=5)


of_items = st.recursive(
    st.one_of(_about_items, _looped(_asking("s"), "s"), _looped(_asking("signal"), "signal")),
    lambda parts: _combined(parts | _about_lists),
    max_leaves=3,
)
"""Conditions about an item as a whole."""

of_signals = st.one_of(
    _asking("signal"), _asking("signal", of_items), _asking("signal", _about_lists)
)
"""Conditions about each signal of an item."""

_pools: dict[str, st.SearchStrategy[Any]] = {
    "detector": st.sampled_from(detectors),
    "kind": st.sampled_from(kinds),
    "party": st.sampled_from(("", *Party)),
    "issuer": st.sampled_from(words),
    "text": st.sampled_from(words),
    "code": st.sampled_from(words),
    "start": st.integers(0, 3),
    "end": st.integers(3, 6),
    "confidence": st.sampled_from((0.3, 0.4, 0.5, 0.9, 1.0)),
    "picture": st.integers(0, 2),
}


def signal_of(shown: Shown, pictures: int) -> st.SearchStrategy[Signal]:
    """Any signal of which so much is known, in one of so many pictures if it is in one."""

    def pool(field: str, pool: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
        values = shown.fields[field].values
        if values is None:
            return pool
        fitting = [one for one in values if field != "picture" or one <= pictures]
        return st.sampled_from(sorted(fitting))

    return st.fixed_dictionaries({name: pool(name, one) for name, one in _pools.items()}).map(_made)


def _made(fields: dict[str, Any]) -> Signal:
    party, issuer = fields["party"] and Party(fields["party"]), fields["issuer"]
    return Signal(**{**fields, "party": party or None, "issuer": issuer or None})


signals_in_text = st.fixed_dictionaries({**_pools, "picture": st.just(0)}).map(_made)
