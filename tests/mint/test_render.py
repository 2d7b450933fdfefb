from datetime import UTC, datetime, timedelta

import pytest

from kouling.mint import Channel, ShareCode, encode, parse_text, qr_png, render_code
from tests.mint.test_codec import old, ring
from tests.samples import offer, seller

at = datetime(2018, 5, 29, tzinfo=UTC)
share_code = ShareCode(
    code=encode(42, old),
    issuer="kouling",
    offer=offer().id,
    sharer=seller,
    campaign="",
    minted_at=at,
    expires_at=at + timedelta(days=30),
)


@pytest.mark.parametrize("channel", list(Channel))
def test_what_is_rendered_is_parsed_again(channel: Channel) -> None:
    rendering = render_code(share_code, offer(), page_host="go.example", channel=channel)

    for text in (rendering.text, rendering.link):
        assert [found.code for found in parse_text(text, ring).codes] == [share_code.code]


def test_the_chat_message_shows_title_price_and_link() -> None:
    text = render_code(share_code, offer(), page_host="go.example").text

    assert text.startswith("【真丝连衣裙】¥199.00 https://go.example/c/")


def test_the_qr_picture_is_svg_or_png() -> None:
    rendering = render_code(share_code, offer(), page_host="go.example")

    assert rendering.qr_svg.startswith("<svg")
    assert qr_png(rendering.link).startswith(b"\x89PNG")
