"""The table of adapters: by its name, how each side of the outside world speaks.

Discord has none: it calls nobody before or after a message, and its interactions are commands.
"""

from __future__ import annotations

from kouling.gate import Surface
from kouling.language import Language
from kouling.server.hooks import (
    discourse,
    generic,
    onebot,
    shopify,
    synapse,
    telegram,
    woocommerce,
)
from kouling.server.hooks.adapter import Adapter
from kouling.server.hooks.remote import picture_at
from kouling.server.hooks.signature import has_bearer, has_digest, has_digest_64, has_secret

_unaddressed = (Surface.moments, Surface.interest, Surface.market)
_in_chats = (Surface.group, *_unaddressed)

adapters: dict[str, Adapter] = {
    "onebot": Adapter(
        is_signed=lambda hook, call: has_digest(hook, call, "x-signature", "sha1", "sha1="),
        read=onebot.read,
        answer=onebot.answer,
        picture=picture_at,
        surfaces=_in_chats,
        language=Language.zh,
        knows=("host", "mute_seconds"),
    ),
    "synapse": Adapter(
        is_signed=has_bearer,
        read=synapse.read,
        answer=synapse.answer,
        picture=synapse.picture,
        surfaces=_in_chats,
        knows=("host", "token"),
    ),
    "telegram": Adapter(
        is_signed=lambda hook, call: has_secret(
            hook, call.headers.get("x-telegram-bot-api-secret-token", "")
        ),
        read=telegram.read,
        answer=telegram.answer,
        picture=telegram.picture,
        surfaces=_in_chats,
        host="https://api.telegram.org",
        knows=("host", "token"),
    ),
    "discourse": Adapter(
        is_signed=lambda hook, call: has_digest(
            hook, call, "x-discourse-event-signature", "sha256", "sha256="
        ),
        read=discourse.read,
        answer=discourse.answer,
        picture=picture_at,
        surfaces=(Surface.moments, Surface.group, Surface.interest, Surface.market),
        policy="forum",
        knows=("host", "token"),
        needs=("host", "token"),
    ),
    "shopify": Adapter(
        is_signed=lambda hook, call: has_digest_64(hook, call, "x-shopify-hmac-sha256"),
        read=shopify.read,
    ),
    "woocommerce": Adapter(
        is_signed=lambda hook, call: has_digest_64(hook, call, "x-wc-webhook-signature"),
        read=woocommerce.read,
        is_greeting=woocommerce.is_greeting,
    ),
    "generic": Adapter(
        is_signed=generic.is_signed,
        read=generic.read,
        answer=generic.answer,
        picture=picture_at,
        surfaces=(*_in_chats, Surface.comment, Surface.direct),
        knows=("host", "mapping"),
        needs=("mapping",),
    ),
}
