"""The door of mint: an offer and a sharer become a share code."""

from __future__ import annotations

from typing import Unpack

from kouling import mint
from kouling.engine.mint.hosts import HostsDoor
from kouling.engine.mint.issuers import IssuersDoor
from kouling.engine.mint.keys import KeysDoor
from kouling.engine.runtime import Runtime
from kouling.engine.verb import verb
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

        `days` and `uses_max` limit it; `parent` is the code that is re-shared. A code that expired
        is renewed; with `renew` one that was revoked is, too.
        """
        draft, renew = mint.draft_of(offer, sharer, limits), limits.get("renew", False)
        ring, days = self._runtime.ring(), self._runtime.settings.code_days
        return self._runtime.once_found(
            lambda c, at: mint.minting_of(c, draft, at, renew),
            ShareCode,
            lambda c, at: mint.mint_code(c, draft, ring, days, at),
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
        """Revoke a share code, until it is renewed."""
        self._runtime.once_found(
            lambda c, _: mint.revoking_of(c, code),
            None,
            lambda c, at: mint.revoke_code(c, code, at),
        )

    @verb
    def codes(
        self, sharer: UserId | None = None, after: Name | None = None, size: int = 50
    ) -> list[ShareCode]:
        """List share codes, the newest first, of all sharers or of one; from behind one on."""
        with self._runtime.read() as connection:
            return mint.list_codes(connection, sharer, after, size)
