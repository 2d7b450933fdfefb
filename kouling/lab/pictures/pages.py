"""Pictures as apps make them: HTML templates with a share code, or a clean twin, on each.

A kind and a chance come in, a page goes out, to be shown by a browser (`browser`). None of it is
drawn by the laboratory's own brush, so a reader that is tuned on that is not flattered here.
"""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from typing import NamedTuple

from kouling.lab.pictures.chance import Chance
from kouling.lab.pictures.wording import instructions, products, share_code, titles

width, height = 540, 720
"""CSS pixels of a page; it is shown at twice as many."""

faces = (
    "Noto Sans CJK SC",
    "Noto Serif CJK SC",
    "WenQuanYi Micro Hei",
    "WenQuanYi Zen Hei",
    "AR PL UKai CN",
    "AR PL UMing CN",
)
"""Fonts of Debian's packages, asked for by name."""

_talk = (
    "在吗？",
    "这个真的便宜",
    "帮我点一下",
    "谢谢啦",
    "周末一起吃饭",
    "收到",
    "哈哈哈",
    "好的呀",
)
_names = ("小林", "阿文", "向日葵", "老张", "Momo", "北方的海", "木子", "Cici")
_plain = (
    "客服热线 400-820-8820",
    "订单号 2611290884412",
    "iPhone15ProMax 256GB",
    "运单 SF1402288613051",
    "型号 RTX4070Ti 12G",
    "会员价 ￥199 省￥50",
    "电话 139 1234 5678",
    "有效期至 2026-12-31",
    "房间 B1204 座位 17F",
    "ISBN 978-7-111-12345-6",
)
_papers = ("#fff", "#fff7e6", "#f4f4f4", "#fdf0f0", "#eef6ff", "#1b1b1f", "#a01c1c", "#ffe14d")
_inks = {"#1b1b1f": "#f2f2f2", "#a01c1c": "#ffe9c9"}
_avatars = ("#7aa", "#c86", "#68c", "#9a6", "#b7b")


class AppPage(NamedTuple):
    """A page to be shown: its kind, what stands in it as HTML, and its code, if it has one."""

    kind: str
    html: str
    code: str = ""


class Words(NamedTuple):
    """What a page says: a line with the code or its clean twin, and what to do with it."""

    line: str
    wording: str


Template = Callable[[Chance, Words], str]


def page(kind: str, chance: Chance, *, clean: bool) -> AppPage:
    """Return a page of a kind, with a share code or without any."""
    code, written = share_code(chance)
    words = Words(written, chance.pick(instructions))
    if clean:
        code, words = "", Words(chance.pick(_plain), chance.pick(_talk))
    face, paper = chance.pick(faces), chance.pick(_papers)
    style = (
        f"width:{width}px;height:{height}px;overflow:hidden;position:relative;background:{paper};"
        f"color:{_inks.get(paper, '#222')};font-family:'{face}';"
        f"font-size:{chance.integer(15, 22)}px"
    )
    return AppPage(
        kind, f'<section style="{style}">{templates[kind](chance, words)}</section>', code
    )


def _chat(chance: Chance, words: Words) -> str:
    said = [chance.pick(_talk) for _ in range(chance.integer(2, 4))]
    said.insert(chance.integer(1, len(said)), f"{words.wording} {words.line}")
    return "".join(_bubble(chance, text) for text in said)


def _bubble(chance: Chance, text: str) -> str:
    mine = chance.likely(0.4)
    side, fill = ("row-reverse", "#95ec69") if mine else ("row", "#ffffff")
    return (
        f'<div style="display:flex;flex-direction:{side};margin:14px;gap:10px">{_avatar(chance)}'
        f'<div style="background:{fill};color:#111;padding:9px 12px;border-radius:6px;'
        f'max-width:{chance.integer(250, 380)}px;overflow-wrap:anywhere">{escape(text)}</div></div>'
    )


def _avatar(chance: Chance) -> str:
    fill = chance.pick(_avatars)
    return (
        f'<div style="width:44px;height:44px;flex:none;border-radius:6px;background:{fill}"></div>'
    )


def _moments(chance: Chance, words: Words) -> str:
    tiles = "".join(
        f'<div style="width:96px;height:96px;background:{chance.pick(_avatars)}"></div>'
        for _ in range(chance.integer(1, 6))
    )
    return (
        f'<div style="display:flex;gap:12px;padding:22px">{_avatar(chance)}<div>'
        f'<b style="color:#576b95">{chance.pick(_names)}</b><p>{escape(chance.pick(products))}<br>'
        f"{escape(words.wording)}<br>{escape(words.line)}</p>"
        f'<div style="display:flex;flex-wrap:wrap;gap:6px;width:310px">{tiles}</div>'
        f'<small style="opacity:.6">{chance.integer(2, 59)}分钟前</small></div></div>'
    )


def _packet(chance: Chance, words: Words) -> str:
    return (
        '<div style="position:absolute;inset:40px 60px;background:linear-gradient(#e4433c,#c22a20);'
        'color:#ffe2b0;border-radius:18px;text-align:center;padding-top:70px">'
        f"<h2>{escape(chance.pick(titles))}</h2>"
        f'<div style="font-size:{chance.integer(18, 26)}px;margin:60px 8px">'
        f"{escape(words.line)}</div>"
        f'<div style="font-size:14px">{escape(words.wording)}</div></div>'
    )


def _product(chance: Chance, words: Words) -> str:
    return (
        f'<div style="height:330px;background:radial-gradient({chance.pick(_avatars)},'
        f'{chance.pick(_avatars)})"></div><div style="padding:20px">'
        f'<b style="color:#e4393c;font-size:28px">¥{chance.integer(19, 899)}.00</b> '
        f"<s>¥{chance.integer(900, 1999)}</s><h3>{escape(chance.pick(products))}</h3>"
        f'<div style="border:1px dashed;padding:10px">{escape(words.line)}</div>'
        f"<small>{escape(words.wording)}</small></div>"
    )


def _receipt(chance: Chance, words: Words) -> str:
    rows = "".join(
        '<div style="display:flex;justify-content:space-between">'
        f"<span>{escape(chance.pick(products))}</span>"
        f"<span>{chance.integer(5, 300)}.{chance.integer(10, 99)}</span></div>"
        for _ in range(chance.integer(3, 6))
    )
    return (
        '<div style="margin:40px 90px;background:#fff;color:#111;padding:24px;line-height:1.8">'
        f"<center>购物小票</center><hr>{rows}<hr><div>NO.{chance.text('0123456789', 13)}</div>"
        f"<div>{escape(words.line)}</div><div>{escape(words.wording)}</div></div>"
    )


def _comments(chance: Chance, words: Words) -> str:
    said = [chance.pick(_talk) for _ in range(chance.integer(3, 5))]
    said.insert(chance.integer(0, len(said)), f"{words.line} {words.wording}")
    return "".join(
        f'<div style="display:flex;gap:10px;padding:12px 20px;border-bottom:1px solid #8883">'
        f'{_avatar(chance)}<div><small style="opacity:.6">{chance.pick(_names)}</small>'
        f"<div>{escape(text)}</div></div></div>"
        for text in said
    )


def _poster(chance: Chance, words: Words) -> str:
    turn, shade = chance.integer(-8, 8), chance.pick(("2px 2px 0 #0006", "0 0 6px #fff", "none"))
    return (
        f'<div style="position:absolute;inset:0;background:conic-gradient('
        f"from {chance.integer(0, 360)}deg,{chance.pick(_avatars)},{chance.pick(_avatars)},"
        f'{chance.pick(_avatars)})"></div>'
        '<div style="position:absolute;inset:60px 20px;text-align:center;'
        f"transform:rotate({turn}deg);"
        f'text-shadow:{shade};color:#fff;-webkit-text-stroke:{chance.pick(("0", "0.4px #222"))}">'
        f'<div style="font-size:52px;font-weight:bold">{escape(chance.pick(titles))}</div>'
        f'<div style="font-size:{chance.integer(22, 32)}px;letter-spacing:{chance.integer(0, 3)}px;'
        f'margin-top:80px">{escape(words.line)}</div><p>{escape(words.wording)}</p></div>'
    )


def _sticker(chance: Chance, words: Words) -> str:
    turn = chance.integer(-20, 20)
    edge = chance.pick(("#fff", "#222", "#e4393c"))
    fill = "#222" if edge == "#fff" else "#fff"
    return (
        f'<div style="position:absolute;inset:0;background:repeating-linear-gradient('
        f"{chance.integer(0, 180)}deg,{chance.pick(_avatars)} 0 40px,"
        f'{chance.pick(_avatars)} 40px 90px)"></div>'
        f'<div style="position:absolute;left:{chance.integer(10, 60)}px;'
        f"top:{chance.integer(180, 420)}px;transform:rotate({turn}deg);"
        f"font-weight:bold;color:{fill};"
        f"font-size:{chance.integer(26, 38)}px;paint-order:stroke fill;"
        f'-webkit-text-stroke:{chance.integer(4, 8)}px {edge}">{escape(words.line)}'
        f'<div style="font-size:20px">{escape(words.wording)}</div></div>'
    )


def _vertical(chance: Chance, words: Words) -> str:
    size, gap = chance.integer(22, 32), chance.integer(0, 3)
    return (
        '<div style="position:absolute;inset:30px 40px;writing-mode:vertical-rl;'
        f"text-orientation:upright;font-size:{size}px;letter-spacing:{gap}px;"
        f'line-height:{chance.number(1.5, 2.4):.1f}">'
        f"<div>{escape(chance.pick(titles))}</div><div>{escape(words.line)}</div>"
        f"<div>{escape(words.wording)}</div></div>"
    )


def _coupon(chance: Chance, words: Words) -> str:
    return (
        '<div style="margin:120px 24px;display:flex;background:#fff;color:#b3261e;'
        'border-radius:12px">'
        f'<div style="writing-mode:vertical-rl;padding:14px;border-right:2px dashed">优惠券</div>'
        f'<div style="padding:24px"><b style="font-size:44px">¥{chance.integer(5, 99)}</b>'
        f"<p>{escape(words.line)}</p><small>{escape(words.wording)}</small></div></div>"
    )


def _banner(chance: Chance, words: Words) -> str:
    rows = "".join(
        f'<div style="padding:14px 20px;background:{chance.pick(_avatars)};color:#fff;'
        f'margin:6px 0">'
        f"{escape(text)}</div>"
        for text in (chance.pick(titles), f"{words.wording}", words.line, chance.pick(products))
    )
    return f'<div style="padding-top:{chance.integer(40, 200)}px">{rows}</div>'


templates: dict[str, Template] = {
    "chat": _chat,
    "moments": _moments,
    "packet": _packet,
    "product": _product,
    "receipt": _receipt,
    "comments": _comments,
    "poster": _poster,
    "sticker": _sticker,
    "vertical": _vertical,
    "coupon": _coupon,
    "banner": _banner,
}
"""The templates by kind."""

held_out = frozenset({"receipt", "coupon", "banner"})
"""Kinds that nobody tunes on."""
