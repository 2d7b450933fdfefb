"""Ids become share codes, and share codes ids again, by arithmetic alone.

A code is 64 bits: a 40-bit body and a 24-bit tag, in synthetic-IV form (after RFC 5297):
`tag = HMAC(k1, id)` cut to 24 bits, `body = id XOR HMAC(k2, tag)` cut to 40 bits. So a code
looks random, ids can't be counted, a guess or a typo passes once in 2^24, and the gate tells our
codes from foreign ones without asking the database. A key ring holds the keys of this
installation, present and past, and those of partner issuers.
"""

from __future__ import annotations

import functools
import hashlib
import hmac
from datetime import datetime

import msgspec

from kouling.errors import InvalidInput, LimitExceeded
from kouling.mint.alphabet import read_number, write_number

id_max = (1 << 40) - 1
"""Largest id a code can carry: about 10^12 codes."""

keys_max = 32
"""Keys in a ring: each key a code is tried with doubles nothing, but adds 2^-24 of chance."""

secret_bytes = 32
"""Bytes in a key's secret."""

_uses = (b"kouling tag", b"kouling body")
_tag_bits = 24
_tag_mask = (1 << _tag_bits) - 1


class Key(msgspec.Struct, frozen=True, kw_only=True):
    """One issuer's secret and the moment from which that issuer mints with it."""

    issuer: str
    secret: bytes
    mints_from: datetime


class Origin(msgspec.Struct, frozen=True):
    """Where a code comes from: its issuer and the id it carries."""

    issuer: str
    id: int


class KeyRing(msgspec.Struct, frozen=True):
    """All keys by which codes are recognized; `issuer` names this installation's own."""

    issuer: str
    keys: tuple[Key, ...]

    def key_at(self, at: datetime) -> Key:
        """Return the newest own key that is in use at that time."""
        own = [key for key in self.keys if key.issuer == self.issuer and key.mints_from <= at]
        if not own:
            raise InvalidInput(f"issuer {self.issuer!r} has no key", hint="add a key to the ring")
        return max(own, key=lambda key: key.mints_from)

    def origin(self, code: str) -> Origin | None:
        """Return where a code comes from, or None if no key of the ring made it."""
        number = read_number(code)
        return None if number is None else self.origin_of(number)

    def origin_of(self, number: int) -> Origin | None:
        """Return the same of the number below 2^64 that a code stands for."""
        for key in self.keys:
            found = _decrypt(number, key.secret)
            if found is not None:
                return Origin(key.issuer, found)
        return None

    def with_key(self, key: Key) -> KeyRing:
        """Return a ring that holds one more key; raise `LimitExceeded` when it is full."""
        if len(self.keys) >= keys_max:
            raise LimitExceeded(f"a key ring holds {keys_max} keys", hint="remove an old key")
        return KeyRing(self.issuer, (*self.keys, key))


def encode(id: int, key: Key) -> str:
    """Return the 11-character share code for an id; raise `LimitExceeded` beyond 40 bits."""
    if not 0 <= id <= id_max:
        raise LimitExceeded(f"id {id} does not fit 40 bits", hint="open a second installation")
    tag_mac, body_mac = _macs(key.secret)
    tag = _tag(id, tag_mac)
    return write_number((id ^ _pad(tag, body_mac)) << _tag_bits | tag)


def check_secret(secret: bytes) -> None:
    """Raise `InvalidInput` unless the secret has 32 bytes."""
    if len(secret) != secret_bytes:
        raise InvalidInput(
            f"a secret has {secret_bytes} bytes, this one {len(secret)}",
            hint="make one with secrets.token_bytes(32)",
        )


def _decrypt(number: int, secret: bytes) -> int | None:
    tag_mac, body_mac = _macs(secret)
    tag = number & _tag_mask
    id = (number >> _tag_bits) ^ _pad(tag, body_mac)
    return id if _tag(id, tag_mac) == tag else None


class _Mac:
    """HMAC-SHA-256 under one key (RFC 2104), begun once: a third of the time for a few bytes."""

    def __init__(self, key: bytes) -> None:
        block = key.ljust(hashlib.sha256().block_size, b"\0")
        self._inner = hashlib.sha256(bytes(byte ^ 0x36 for byte in block))
        self._outer = hashlib.sha256(bytes(byte ^ 0x5C for byte in block))

    def digest(self, message: bytes) -> bytes:
        inner, outer = self._inner.copy(), self._outer.copy()
        inner.update(message)
        outer.update(inner.digest())
        return outer.digest()


@functools.lru_cache(maxsize=4 * keys_max)
def _macs(secret: bytes) -> tuple[_Mac, _Mac]:
    tag_key, body_key = (hmac.digest(secret, use, "sha256") for use in _uses)
    return _Mac(tag_key), _Mac(body_key)


def _tag(id: int, mac: _Mac) -> int:
    return int.from_bytes(mac.digest(id.to_bytes(5, "big"))[:3], "big")


def _pad(tag: int, mac: _Mac) -> int:
    return int.from_bytes(mac.digest(tag.to_bytes(3, "big"))[:5], "big")
