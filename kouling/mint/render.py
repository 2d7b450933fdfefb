"""A share code is written out: as a message for a channel, as a link, as a QR picture."""

from __future__ import annotations

import io
from typing import Any
from urllib.parse import quote

from kouling.ids import ItemId
from kouling.mint.records import Channel, Offer, Rendering, ShareCode

opener, closer = "〖", "〗"
"""What our codes stand between: brackets that no other platform uses and folding leaves alone."""

_templates = {
    Channel.chat: "【{title}】{price} {link} 复制这条信息，打开{issuer}即可查看 {wrapped}",
    Channel.moments: "【{title}】{price} {wrapped} 复制打开{issuer}",
    Channel.comment: "{wrapped} 复制打开{issuer}",
}


def render_code(
    share_code: ShareCode, offer: Offer, *, page_host: str, channel: Channel = Channel.chat
) -> Rendering:
    """Write out a share code for a channel: text, universal link and QR picture of the link."""
    link = code_link(share_code.code, page_host=page_host)
    text = _templates[channel].format(
        title=offer.title,
        price=offer.price,
        link=link,
        issuer=share_code.issuer,
        wrapped=f"{opener}{share_code.code}{closer}",
    )
    return Rendering(text=text, link=link, qr_svg=qr_svg(link))


def code_link(code: str, *, page_host: str, item: ItemId | None = None) -> str:
    """Return the universal link of a code; with `item` it also names the item that carried it."""
    carried = f"?i={quote(item, safe='')}" if item else ""
    return f"https://{page_host}/c/{code}{carried}"


def qr_svg(content: str) -> str:
    """Return a QR picture of `content` as SVG, with error correction level M (ISO/IEC 18004)."""
    return _picture(content, kind="svg", xmldecl=False, svgns=True).decode()


def qr_png(content: str) -> bytes:
    """Return a QR picture of `content` as PNG, eight pixels a module."""
    return _picture(content, kind="png")


def _picture(content: str, **options: Any) -> bytes:
    import segno  # here, since loading it takes as long as numpy, and few processes draw

    buffer = io.BytesIO()
    segno.make(content, error="m", micro=False).save(buffer, scale=8, **options)
    return buffer.getvalue()
