"""Mint: an offer and a sharer become a share code; a pasted text becomes its codes again."""

from kouling.mint.alphabet import code_alphabet
from kouling.mint.codec import Key, KeyRing, check_secret, encode, id_max, keys_max, secret_bytes
from kouling.mint.draft import Limits, check_hosts, draft_of
from kouling.mint.live import LiveRing, key_lead, seal_of
from kouling.mint.parse import (
    codes_in,
    could_be_code,
    linked_code,
    parse_text,
    paste_length_max,
)
from kouling.mint.records import Channel, CodeState, FoundCode, Offer, Parsed, Rendering, ShareCode
from kouling.mint.render import code_link, qr_png, render_code
from kouling.mint.table import (
    add_key,
    allow_hosts,
    code_faults,
    code_state,
    code_states,
    count_use,
    list_codes,
    load_offer,
    mint_code,
    minting_of,
    offer_table,
    revoke_code,
    revoking_of,
)

__all__ = [
    "Channel",
    "CodeState",
    "FoundCode",
    "Key",
    "KeyRing",
    "Limits",
    "LiveRing",
    "Offer",
    "Parsed",
    "Rendering",
    "ShareCode",
    "add_key",
    "allow_hosts",
    "check_hosts",
    "check_secret",
    "code_alphabet",
    "code_faults",
    "code_link",
    "code_state",
    "code_states",
    "codes_in",
    "could_be_code",
    "count_use",
    "draft_of",
    "encode",
    "id_max",
    "key_lead",
    "keys_max",
    "linked_code",
    "list_codes",
    "load_offer",
    "mint_code",
    "minting_of",
    "offer_table",
    "parse_text",
    "paste_length_max",
    "qr_png",
    "render_code",
    "revoke_code",
    "revoking_of",
    "seal_of",
    "secret_bytes",
]
