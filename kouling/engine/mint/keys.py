"""The inner door of keys: the ring by which our own codes and partners' are told from others."""

from __future__ import annotations

from datetime import datetime, timedelta
from hashlib import sha256

from kouling import mint
from kouling.db import Connection
from kouling.engine.runtime import Runtime
from kouling.engine.verb import verb
from kouling.eventlog import IdempotencyKey, Request, natural_key
from kouling.mint import Key


class KeysDoor:
    """The platform's own keys."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime

    @verb
    def rotate(self, idempotency_key: IdempotencyKey | None = None) -> None:
        """Mint with a new key from a minute on; codes of the old keys stay good."""
        runtime = self._runtime
        secret = runtime.random(mint.secret_bytes)
        key = idempotency_key or runtime.fresh()
        add_key(runtime, runtime.settings.issuer, secret, mint.key_lead, key)


def add_key(runtime: Runtime, issuer: str, secret: bytes, lead: timedelta, key: str | None) -> None:
    """Add a key that mints after `lead`; without `key` its digest names the request."""
    mint.check_secret(secret)
    digest = sha256(secret).hexdigest()
    body = issuer if key else [issuer, digest]
    request = Request("add_key", key or natural_key(issuer, digest), body)

    def act(connection: Connection, at: datetime) -> None:
        made = Key(issuer=issuer, secret=secret, mints_from=at + lead)
        mint.add_key(connection, made, runtime.settings.issuer, runtime.ring.seal)

    runtime.once(request, None, act)
    runtime.ring.refresh()
