"""The inner door of issuers: partner platforms whose codes are known by name."""

from __future__ import annotations

from datetime import timedelta

from kouling.engine.mint.keys import add_key
from kouling.engine.runtime import Runtime
from kouling.engine.verb import verb
from kouling.ids import Name


class IssuersDoor:
    """Partners that mint codes of their own."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime

    @verb
    def register(self, issuer: Name, secret: bytes) -> None:
        """Let a partner's codes be recognized by their issuer's name."""
        add_key(self._runtime, issuer, secret, timedelta(), None)
