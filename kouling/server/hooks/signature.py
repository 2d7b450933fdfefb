"""Signatures of what comes in: worked out anew from the secret, and compared in constant time."""

from __future__ import annotations

import base64
import hmac

from kouling.server.hooks.records import Hook, HookCall


def has_digest(hook: Hook, call: HookCall, header: str, algorithm: str, prefix: str = "") -> bool:
    """Whether a header bears the body's HMAC in hexadecimal, behind a prefix."""
    digest = hmac.new(hook.secret.encode(), call.body, algorithm).hexdigest()
    return _same(prefix + digest, call.headers.get(header, ""))


def has_digest_64(hook: Hook, call: HookCall, header: str) -> bool:
    """Whether a header bears the body's HMAC by SHA-256 in base64."""
    digest = hmac.digest(hook.secret.encode(), call.body, "sha256")
    return _same(base64.b64encode(digest).decode(), call.headers.get(header, ""))


def has_secret(hook: Hook, given: str) -> bool:
    """Whether a text is the secret itself."""
    return _same(hook.secret, given)


def has_bearer(hook: Hook, call: HookCall) -> bool:
    """Whether the header `Authorization` bears the secret."""
    return _same(f"Bearer {hook.secret}", call.headers.get("authorization", ""))


def _same(wanted: str, given: str) -> bool:
    return hmac.compare_digest(wanted.encode(), given.encode("utf-8", "surrogateescape"))
