"""A count and a seed come in, labelled pictures go out: kinds and styles in turn.

Nothing in a picture depends on the one before it, so picture 7 of a seed is the same in a run
of ten and in a run of a thousand.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import product

from kouling.lab.pictures import wording
from kouling.lab.pictures.chance import Chance, chance_of
from kouling.lab.pictures.draw import draw
from kouling.lab.pictures.fonts import Face, font
from kouling.lab.pictures.photos import photo
from kouling.lab.pictures.scene import (
    Block,
    Element,
    Inset,
    Motif,
    Sample,
    Scene,
    Square,
    Writing,
)
from kouling.lab.pictures.seeds import development_seed
from kouling.lab.pictures.styles import Style, styles

side = 1080
chat_height = 1920
code_kinds = (Motif.share_card, Motif.red_packet, Motif.chat)
payload_kinds = (Motif.qr_poster, Motif.chat_qr)


def cards(
    count: int, seed: int = development_seed, kinds: Sequence[Motif] = code_kinds + payload_kinds
) -> Iterator[Sample]:
    """Yield labelled pictures, kinds in turn and then styles."""
    turns = list(product(styles, kinds))
    for place in range(count):
        style, kind = turns[place % len(turns)]
        yield card(kind, style, chance_of(seed, kind, place))


def clean_cards(count: int, seed: int = development_seed) -> Iterator[Sample]:
    """Yield pictures full of prices, models and order numbers, without a share code."""
    return cards(count, seed, (Motif.clean,))


def photos(
    count: int, seed: int = development_seed, width: int = side, height: int = side
) -> Iterator[Sample]:
    """Yield pictures without any text."""
    for place in range(count):
        picture = photo(chance_of(seed, Motif.photo, place), width, height)
        yield Sample(picture, Motif.photo, "photo")


def card(kind: Motif, style: Style, chance: Chance) -> Sample:
    """Return one picture of a kind in a style."""
    code, written = wording.share_code(chance) if kind in code_kinds else ("", "")
    payload = wording.share_link(chance) if kind in payload_kinds else ""
    height = chat_height if kind in (Motif.chat, Motif.chat_qr) else side
    ground = style.ground(chance, side, height)
    scene = Scene(ground, tuple(layouts[kind](chance, style, written or payload)))
    picture, box = draw(scene)
    return Sample(picture, kind, style.name, code, written, payload, box, scene)


def _share_card(chance: Chance, style: Style, written: str) -> Iterator[Element]:
    """A product with its picture, a price, and the code to copy."""
    width, height = chance.integer(420, 700), chance.integer(300, 420)
    yield Inset(((side - width) // 2, 190), photo(chance, width, height))
    yield _line(style, chance.pick(wording.products), 110, 60, bold=True)
    price = f"券后价 ¥{chance.integer(9, 999)}.{chance.integer(0, 9)}"
    yield _line(style, price, 670, 52)
    yield _line(style, chance.pick(wording.instructions), 770, 44)
    yield _code(chance, style, written, 880)
    yield _line(style, chance.pick(wording.footers), 1000, 34)


def _red_packet(chance: Chance, style: Style, written: str) -> Iterator[Element]:
    """A greeting, a coin to open, and the passphrase."""
    yield _line(style, chance.pick(wording.titles), 150, 64, bold=True)
    coin = (side // 2 - 95, 290, side // 2 + 95, 480)
    yield Block(coin, (250, 214, 120), -1)
    yield Writing("領", (side // 2, 385), 100, (190, 30, 30), bold=True)
    yield _line(style, chance.pick(wording.instructions), 600, 48)
    yield _code(chance, style, written, 760)
    yield _line(style, chance.pick(wording.footers), 940, 36)


def _qr_poster(chance: Chance, style: Style, payload: str) -> Iterator[Element]:
    """A title, a QR code, and what to do with it."""
    yield _line(style, chance.pick(wording.titles), 120, 64, bold=True)
    width = chance.integer(340, 620)
    yield Square(
        payload, ((side - width) // 2, 200), width, level=chance.pick("lmmq"), light=(255, 255, 255)
    )
    yield _line(style, chance.pick(wording.scan_instructions), 900, 48)
    yield _line(style, chance.pick(wording.footers), 1000, 34)


def _chat(chance: Chance, style: Style, written: str) -> Iterator[Element]:
    """Messages in bubbles; one of them carries the code."""
    instruction = chance.pick(wording.instructions)
    shared = f"{chance.pick(wording.products)} {instruction} {written} "
    yield from _bubbles(chance, shared, written)


def _chat_qr(chance: Chance, style: Style, payload: str) -> Iterator[Element]:
    """Messages in bubbles; one of them is a QR code."""
    yield from _bubbles(chance, "", "")
    width = chance.integer(280, 420)
    yield Block((160, 1220, 200 + width, 1260 + width), (255, 255, 255), 24)
    yield Square(payload, (180, 1240), width, level=chance.pick("lm"))


def _clean(chance: Chance, style: Style, _: str) -> Iterator[Element]:
    """Eight lines of prices, models and order numbers."""
    yield _line(style, chance.pick(wording.products), 110, 60, bold=True)
    for place in range(7):
        size = chance.pick((36, 44, 52, 60))
        yield _line(style, wording.honest_line(chance), 230 + 115 * place, size)


def _bubbles(chance: Chance, shared: str, written: str) -> Iterator[Element]:
    """Yield a chat from above; the message to be found comes last but one."""
    yield Block((0, 0, side, 170), (237, 237, 237))
    yield Writing(chance.pick(wording.names), (side // 2, 105), 48, (25, 25, 25))
    texts = [chance.pick(wording.chatter) for _ in range(4)]
    top = 220
    for place, text in enumerate([*texts, *([shared, "谢谢"] if shared else [])]):
        lines = wrapped(text, 44, 640)
        high, mine = 64 * len(lines) + 44, place % 2 == 1 and text != shared
        wide = int(max(font(44).getlength(line) for line in lines)) + 60
        left = side - 130 - wide if mine else 130
        fill = (149, 236, 105) if mine else (255, 255, 255)
        face = (side - 110, top, side - 30, top + 80) if mine else (30, top, 110, top + 80)
        yield Block(face, chance.pick(((90, 140, 200), (200, 120, 90), (120, 170, 110))), 12)
        yield Block((left, top, left + wide, top + high), fill, 16)
        for row, line in enumerate(lines):
            label = written if written and written in line else ""
            middle = (left + 30, top + 54 + 64 * row)
            yield Writing(line, middle, 44, (20, 20, 20), label, left=True)
        top += high + 44


def wrapped(text: str, size: int, width: int) -> list[str]:
    """Break a text into lines as phones do: between Chinese characters, not inside a code."""
    lines, letters = [""], font(size)
    for part in _unbroken(text):
        if lines[-1] and letters.getlength(lines[-1] + part) > width:
            lines.append("")
        lines[-1] += part if lines[-1] else part.lstrip()
    return [line.rstrip() for line in lines]


def _unbroken(text: str) -> Iterator[str]:
    """Yield words that hold no Chinese character, and Chinese characters one by one."""
    word = ""
    for sign in text:
        if "\u3000" <= sign < "\uff00" or sign == " ":
            yield from filter(None, (word,))
            word = ""
            yield sign
        else:
            word += sign
    yield from filter(None, (word,))


def _line(style: Style, text: str, y: int, size: int, *, bold: bool = False) -> Writing:
    return Writing(text, (side // 2, y), size, style.ink, bold=bold, outline=style.outline)


def _code(chance: Chance, style: Style, written: str, y: int) -> Writing:
    size, face = chance.pick((52, 58, 64, 72, 80)), chance.pick((Face.noto, Face.aileron))
    middle = (side // 2, y)
    bold = chance.likely(0.3)
    return Writing(written, middle, size, style.strong, written, face, bold, outline=style.outline)


layouts: dict[Motif, Callable[[Chance, Style, str], Iterator[Element]]] = {
    Motif.share_card: _share_card,
    Motif.red_packet: _red_packet,
    Motif.chat: _chat,
    Motif.qr_poster: _qr_poster,
    Motif.chat_qr: _chat_qr,
    Motif.clean: _clean,
}
