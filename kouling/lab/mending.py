"""Disguises that a reader undoes by eye: a code in parts, broken, filled, with a sign for a letter.

Each says beside the code how to mend it, as those who write so do; a break says nothing.
"""

from __future__ import annotations

from collections.abc import Callable

from kouling.ids import RandomBytes
from kouling.lab.inserting import emoji, han_fillers
from kouling.lab.snippets import Role, Snippet, Snippets, core_length_min, each, pick

inserted = (
    ("删除", "，删除二字去掉"),
    ("这里不要", ""),
    ("(去掉括号)", ""),
    ("我是来占位的", "，中间的汉字去掉"),
    ("😊", "，去掉表情"),
    (" delete this ", ""),
    ("【删】", ""),
)
"""What is put into the middle of a code, and what is said about it behind."""

named = (
    ("①{} ②{}", " 连起来"),
    ("1/2 {}\n2/2 {}", "\n合起来"),
    ("前半截 {} 后半截 {}", "，拼一起"),
    ("第一段：{}\n第二段：{}", "\n拼接起来"),
    ("头：{}，尾：{}", "，粘一起"),
    ("part 1: {} part 2: {}", " join them"),
)
"""How two parts of a code are named, and what is said behind."""

placeholders = ("*", "#", "口", "□", "★", "^")
stands_for = (" {}就是{}", "（{}换成{}）", " {}={}", "，{}代表{}")
swapping = ("（前后对调）", "，两半互换位置", " swap the halves")
separators = (" ", "-", "·", "_", "|", "/", ".", "、")

_core = frozenset({Role.core})


def one_break(random: RandomBytes, snippets: Snippets) -> Snippets:
    """One line break somewhere in the code."""
    breaks = ("\n", "\r\n", "\n\n")
    return each(snippets, _core, lambda text: pick(random, breaks).join(_halves(random, text)))


def inserted_words(random: RandomBytes, snippets: Snippets) -> Snippets:
    """A few words in the middle of the code, and a hint to leave them out."""
    words, hint = pick(random, inserted)
    return _told(snippets, lambda text: words.join(_halves(random, text)), hint)


def uneven_han(random: RandomBytes, snippets: Snippets) -> Snippets:
    """Chinese characters at uneven places of the code, and a hint to leave them out."""
    return _told(snippets, lambda text: _uneven(random, text, han_fillers), "，去掉汉字")


def uneven_emoji(random: RandomBytes, snippets: Snippets) -> Snippets:
    """Emoji at uneven places of the code, and a hint to leave them out."""
    return _told(snippets, lambda text: _uneven(random, text, emoji), "，删掉表情")


def named_parts(random: RandomBytes, snippets: Snippets) -> Snippets:
    """The code in two parts with a number or a name each, and a hint to join them."""
    form, hint = pick(random, named)
    return _told(snippets, lambda text: form.format(*_halves(random, text)), hint)


def placeholder(random: RandomBytes, snippets: Snippets) -> Snippets:
    """A sign for one of the letters, and behind the code what it stands for."""
    sign, form = pick(random, placeholders), pick(random, stands_for)
    meant = ""

    def hidden(text: str) -> str:
        nonlocal meant
        at = pick(random, range(1, len(text) - 1))
        # One sign stands for one letter: where that is another one already, the code stays.
        if meant and text[at] != meant:
            return text
        meant = text[at]
        return f"{text[:at]}{sign}{text[at + 1 :]}"

    return _told(snippets, hidden, lambda: form.format(sign, meant))


def swapped_halves(random: RandomBytes, snippets: Snippets) -> Snippets:
    """The second half of the code before the first one, apart, and a hint to swap them."""
    gap = pick(random, (" ", "|", "-"))
    hint = pick(random, swapping)
    return _told(snippets, lambda text: gap.join(_halves(random, text)[::-1]), hint)


def spread_capitals(random: RandomBytes, snippets: Snippets) -> Snippets:
    """A code of capitals and digits with the same sign between all of them."""
    sign = pick(random, separators)
    return each(snippets, _core, lambda text: sign.join(text.upper()))


def _told(
    snippets: Snippets, change: Callable[[str], str], hint: str | Callable[[], str]
) -> Snippets:
    """Change the codes, and say behind each how to mend it."""
    changed: list[Snippet] = []
    is_due = False
    for snippet in (*snippets, Snippet(Role.wording, "")):
        if is_due and snippet.label is None and snippet.role is Role.wording:
            changed.append(Snippet(Role.wording, hint if isinstance(hint, str) else hint()))
            is_due = False
        if snippet.role is Role.core and len(snippet.text) >= core_length_min:
            snippet = snippet._replace(text=change(snippet.text))
            is_due = True
        changed.append(snippet)
    return tuple(one for one in changed if one.text)


def _halves(random: RandomBytes, text: str) -> tuple[str, str]:
    """Cut a code in two, not always in the middle."""
    if len(text) < core_length_min:
        return text, ""
    at = len(text) // 2 + pick(random, (-1, 0, 1))
    return text[:at], text[at:]


def _uneven(random: RandomBytes, text: str, fillers: tuple[str, ...]) -> str:
    """Put up to three fillers behind about every other letter, none behind the last."""

    def some() -> str:
        return "".join(pick(random, fillers) for _ in range(pick(random, (0, 0, 1, 1, 2, 3))))

    return text[0] + pick(random, fillers) + "".join(some() + letter for letter in text[1:])
