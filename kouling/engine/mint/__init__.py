"""The door of mint: an offer and a sharer become a share code."""

from __future__ import annotations

from typing import Unpack

from kouling import mint
from kouling.engine.mint.hosts import HostsDoor
from kouling.engine.mint.issuers import IssuersDoor
from kouling.engine.mint.keys import KeysDoor
from kouling.engine.runtime import Runtime
from kouling.engine.verb import verb
from kouling.eventlog import Request, natural_key
from kouling.ids import Name, UserId
from kouling.mint import Channel, Limits, Offer, Rendering, ShareCode


class MintDoor:
    """Called, it mints a share code; `hosts`, `issuers` and `keys` stand behind it."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime
        self.hosts = HostsDoor(runtime)
        self.issuers = IssuersDoor(runtime)
        self.keys = KeysDoor(runtime)

    @verb
    def __call__(self, offer: Offer, *, sharer: UserId, **limits: Unpack[Limits]) -> ShareCode:
        """Return the sharer's code for an offer; the same sharer, offer and campaign give one.

        `days` and `uses_max` limit it; `parent` is the code that is re-shared.
        """
        draft = mint.draft_of(offer, sharer, self._runtime.settings, limits)
        request = Request("mint", natural_key(sharer, offer.id, draft.campaign), draft)
        ring = self._runtime.ring()
        return self._runtime.once(
            request, ShareCode, lambda c, at: mint.mint_code(c, draft, ring, at)
        )

    @verb
    def render(self, share_code: ShareCode, channel: Channel = Channel.chat) -> Rendering:
        """Write out a share code: message, link and QR picture."""
        with self._runtime.read() as connection:
            offer = mint.load_offer(connection, share_code.offer)
        host = self._runtime.settings.page_host
        return mint.render_code(share_code, offer, page_host=host, channel=channel)

    @verb
    def revoke(self, code: Name) -> None:
        """Revoke a share code for good."""
        request = Request("revoke", natural_key(code), code)
        self._runtime.once(request, None, lambda c, at: mint.revoke_code(c, code, at))
