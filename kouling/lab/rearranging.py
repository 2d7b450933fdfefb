"""Disguises of the order, the delimiters, the place and the wording of a code."""

from __future__ import annotations

import re
from itertools import groupby

from kouling.ids import RandomBytes
from kouling.lab import alphabets
from kouling.lab.pieces import (
    Piece,
    Pieces,
    Role,
    around,
    comment_break,
    core_length_min,
    each,
    pick,
)

wrappers = tuple(zip("★☆◆♥✿『〖※║▶", "★☆◆♥✿』〗※║◀", strict=True))
delimiters = ("🍑", "🔑", "💰", "🎁", "✔", "å", "œ", "ß", "啊", "微", "₳", "₴", "฿", "^", "¤")
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


def backwards(_: RandomBytes, pieces: Pieces) -> Pieces:
    """The code back to front, with a hint to read it so."""
    turned: list[Piece] = []
    for label, group in groupby(pieces, key=lambda piece: piece.label):
        held = list(group)
        if label is not None:
            held = [piece._replace(text=piece.text[::-1]) for piece in held]
            held = held if any(piece.role is Role.core for piece in held) else held[::-1]
        turned += held
    return around(tuple(turned), "（倒着读）")


def bidi_override(_: RandomBytes, pieces: Pieces) -> Pieces:
    """The code back to front under a right-to-left override, so that it shows as ever."""
    written = frozenset({Role.core, Role.host, Role.path})
    return each(pieces, written, lambda text: f"\u202e{text[::-1]}\u202c")


def other_wrapper(random: RandomBytes, pieces: Pieces) -> Pieces:
    """Stars, hearts, diamonds or corner brackets as delimiters: ★…★."""
    left, right = pick(random, wrappers)
    changed: list[Piece] = []
    for place, piece in enumerate(pieces):
        if piece.role is Role.core and not _neighbour(pieces, place - 1, Role.opener):
            changed.append(Piece(Role.opener, left, piece.label))
        changed.append(_with_delimiter(piece, left, right))
        if piece.role is Role.core and not _neighbour(pieces, place + 1, Role.closer):
            changed.append(Piece(Role.closer, right, piece.label))
    return tuple(changed)


def delimiter_swap(random: RandomBytes, pieces: Pieces) -> Pieces:
    """An emoji, a ringed letter, a Chinese character or a rare money sign as both delimiters."""
    sign = pick(random, delimiters)
    return tuple(_with_delimiter(piece, sign, sign) for piece in pieces)


def delimiter_drop(_: RandomBytes, pieces: Pieces) -> Pieces:
    """No delimiters: the bare code, with a space on either side."""
    space = Piece(Role.wording, " ")
    return tuple(space if piece.role in _delimiter_roles else piece for piece in pieces)


def code_fence(random: RandomBytes, pieces: Pieces) -> Pieces:
    """The code in backticks, on its line or in a block of its own."""
    before, after = pick(random, (("`", "`"), ("\n```\n", "\n```\n"), ("\n~~~text\n", "\n~~~\n")))
    return around(pieces, before, after)


def split_over_comments(random: RandomBytes, pieces: Pieces) -> Pieces:
    """The code in two to four parts, each in a comment of its own."""
    parts = pick(random, (2, 3, 4))

    def split(text: str) -> str:
        if len(text) < core_length_min:
            return text
        size = -(-len(text) // parts)
        return comment_break.join(text[at : at + size] for at in range(0, len(text), size))

    return each(pieces, frozenset({Role.core, Role.path}), split)


def leetspeak(_: RandomBytes, pieces: Pieces) -> Pieces:
    """Latin letters of the wording as digits: 4pp for App."""
    table = str.maketrans(alphabets.leet)
    return each(pieces, frozenset({Role.wording}), lambda text: text.translate(table))


def other_spelling(random: RandomBytes, pieces: Pieces) -> Pieces:
    """Words such as 复制 or 淘宝 by sound or by look: 覆置, 綯℡寳."""

    def spelled(text: str) -> str:
        return _words.sub(lambda match: pick(random, homophones[match[0]]), text)

    return each(pieces, frozenset({Role.wording}), spelled)


def _with_delimiter(piece: Piece, left: str, right: str) -> Piece:
    sign = {Role.opener: left, Role.closer: right}.get(piece.role)
    old = piece.text.strip()
    return piece._replace(text=piece.text.replace(old, sign)) if sign and old else piece


def _neighbour(pieces: Pieces, place: int, role: Role) -> bool:
    return 0 <= place < len(pieces) and pieces[place].role is role
