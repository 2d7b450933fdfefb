"""Disguises of the order, the delimiters, the place and the wording of a code."""

from __future__ import annotations

import re
from itertools import groupby

from kouling.ids import RandomBytes
from kouling.lab import alphabets
from kouling.lab.snippets import (
    Role,
    Snippet,
    Snippets,
    around,
    comment_break,
    core_length_min,
    each,
    pick,
)

wrappers = tuple(zip("★☆◆♥✿『〖※║▶", "★☆◆♥✿』〗※║◀", strict=True))
delimiters = (
    *("🍑", "🔑", "💰", "🎁", "✔", "å", "œ", "ß", "啊", "微", "₳", "₴", "฿", "¤"),
    *"!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~",
)
homophones = {
    "复制": ("復·制", "椱ァ製", "fu置", "覆置", "付製", "緮置", "fu zhi"),
    "打开": ("咑閞", "打閞", "dakai", "da开"),
    "淘宝": ("綯℡寳", "淘♂寳♀", "氵匋宝", "τáǒЬáǒ", "tao寶"),
    "天猫": ("天貓", "天-猫", "tian猫"),
    "口令": ("kou令", "口泠", "口·令"),
    "链接": ("鏈ㄣ接", "链.接", "lian接"),
    "京东": ("亰東", "京栋", "jing东"),
    "抖音": ("dou音", "抖荫", "斗·音"),
    "支付宝": ("zhi付宝", "支fu寶", "吱付宝"),
    "小红书": ("小紅書", "xiao红书", "小葒书"),
    "红包": ("红I包", "葒苞", "hong包"),
    "浏览器": ("瀏覽●噐", "浏.览器"),
}
"""Words of share messages → spellings seen or likely, with the sound or the look kept."""

_words = re.compile("|".join(sorted(homophones, key=len, reverse=True)))
_delimiter_roles = frozenset({Role.opener, Role.closer})


def backwards(_: RandomBytes, snippets: Snippets) -> Snippets:
    """The code back to front, with a hint to read it so."""
    turned: list[Snippet] = []
    for label, group in groupby(snippets, key=lambda snippet: snippet.label):
        held = list(group)
        if label is not None:
            held = [snippet._replace(text=snippet.text[::-1]) for snippet in held]
            held = held if any(snippet.role is Role.core for snippet in held) else held[::-1]
        turned += held
    return around(tuple(turned), "（倒着读）")


def bidi_override(_: RandomBytes, snippets: Snippets) -> Snippets:
    """The code back to front under a right-to-left override, so that it shows as ever."""
    written = frozenset({Role.core, Role.host, Role.path})
    return each(snippets, written, lambda text: f"\u202e{text[::-1]}\u202c")


def other_wrapper(random: RandomBytes, snippets: Snippets) -> Snippets:
    """Stars, hearts, diamonds or corner brackets as delimiters: ★…★."""
    left, right = pick(random, wrappers)
    changed: list[Snippet] = []
    for place, snippet in enumerate(snippets):
        if snippet.role is Role.core and not _neighbour(snippets, place - 1, Role.opener):
            changed.append(Snippet(Role.opener, left, snippet.label))
        changed.append(_with_delimiter(snippet, left, right))
        if snippet.role is Role.core and not _neighbour(snippets, place + 1, Role.closer):
            changed.append(Snippet(Role.closer, right, snippet.label))
    return tuple(changed)


def delimiter_swap(random: RandomBytes, snippets: Snippets) -> Snippets:
    """An emoji, a ringed or Chinese letter, a rare money sign or any ASCII sign around it."""
    sign = pick(random, delimiters)
    return tuple(_with_delimiter(snippet, sign, sign) for snippet in snippets)


def delimiter_drop(_: RandomBytes, snippets: Snippets) -> Snippets:
    """No delimiters: the bare code, with a space on either side."""
    space = Snippet(Role.wording, " ")
    return tuple(space if snippet.role in _delimiter_roles else snippet for snippet in snippets)


def code_fence(random: RandomBytes, snippets: Snippets) -> Snippets:
    """The code in backticks, on its line or in a block of its own."""
    before, after = pick(random, (("`", "`"), ("\n```\n", "\n```\n"), ("\n~~~text\n", "\n~~~\n")))
    return around(snippets, before, after)


def split_over_comments(random: RandomBytes, snippets: Snippets) -> Snippets:
    """The code in two to four parts, each in a comment of its own."""
    parts = pick(random, (2, 3, 4))

    def split(text: str) -> str:
        if len(text) < core_length_min:
            return text
        size = -(-len(text) // parts)
        return comment_break.join(text[at : at + size] for at in range(0, len(text), size))

    return each(snippets, frozenset({Role.core, Role.path}), split)


def leetspeak(_: RandomBytes, snippets: Snippets) -> Snippets:
    """Latin letters of the wording as digits: 4pp for App."""
    table = str.maketrans(alphabets.leet)
    return each(snippets, frozenset({Role.wording}), lambda text: text.translate(table))


def other_spelling(random: RandomBytes, snippets: Snippets) -> Snippets:
    """Words such as 复制 or 淘宝 by sound or by look: 覆置, 綯℡寳."""

    def spelled(text: str) -> str:
        return _words.sub(lambda match: pick(random, homophones[match[0]]), text)

    return each(snippets, frozenset({Role.wording}), spelled)


def _with_delimiter(snippet: Snippet, left: str, right: str) -> Snippet:
    sign = {Role.opener: left, Role.closer: right}.get(snippet.role)
    old = snippet.text.strip()
    return snippet._replace(text=snippet.text.replace(old, sign)) if sign and old else snippet


def _neighbour(snippets: Snippets, place: int, role: Role) -> bool:
    return 0 <= place < len(snippets) and snippets[place].role is role
