"""The keys of share codes can be of no use without a file that lies outside of the database.

A secret goes in, what the database keeps of it comes out, and the way back. The file holds 32
bytes, by which secrets are sealed in synthetic-IV form, as ids are in a share code: so a copy of
the database alone, a backup, a leak, makes no codes. Without such a file secrets are kept as they
are.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import re
import stat
from pathlib import Path

from kouling.errors import InvalidInput
from kouling.ids import random_bytes
from kouling.mint.codec import secret_bytes

nonce_bytes = 16
"""Bytes of a sealed secret that say whether it was opened rightly."""

setting = "KOULING_KEYS_FILE"


class Seal:
    """Seals secrets and opens them again; without `master` it leaves them as they are."""

    def __init__(self, master: bytes | None = None, where: str = "") -> None:
        self._master, self._where = master, where

    @property
    def seals(self) -> bool:
        """Whether there is a file to seal by."""
        return self._master is not None

    def close(self, issuer: str, secret: bytes) -> bytes:
        """Return what is kept of an issuer's secret; the same secret gives the same."""
        if self._master is None:
            return secret
        nonce = self._pad(b"kouling nonce", issuer, secret)[:nonce_bytes]
        return nonce + self._crossed(issuer, nonce, secret)

    def open(self, issuer: str, kept: bytes) -> bytes:
        """Return a secret that was sealed; raise `InvalidInput` if it was so by another file."""
        hint = f"name the file by which they were sealed in {setting}"
        if self._master is None:
            raise InvalidInput("the database's keys are sealed", hint=hint)
        nonce, sealed = kept[:nonce_bytes], kept[nonce_bytes:]
        secret = self._crossed(issuer, nonce, sealed)
        if not hmac.compare_digest(self.close(issuer, secret), kept):
            message = "the database's keys were sealed by another file, or are damaged"
            raise InvalidInput(message, hint=hint, where=self._where)
        return secret

    def _crossed(self, issuer: str, nonce: bytes, text: bytes) -> bytes:
        pad = self._pad(b"kouling pad", issuer, nonce)
        return bytes(one ^ other for one, other in zip(text, pad, strict=True))

    def _pad(self, use: bytes, issuer: str, of: bytes) -> bytes:
        assert self._master is not None
        content = b"\0".join((use, issuer.encode(), of))
        return hmac.new(self._master, content, hashlib.sha256).digest()


def read_seal(path: Path, *, make: bool, readable: bool) -> Seal:
    """Return the seal of a keys file; if it is not there, `make` it.

    Raises `InvalidInput` for a file that is missing, or of a wrong content, or that others can
    read unless that is `readable`.
    """
    if make:
        _make(path)
    return Seal(_read(path, readable=readable), str(path))


def _make(path: Path) -> None:
    """Write a new file that its owner alone can read; leave one that is there."""
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return
    except OSError as error:
        raise _unusable(path, error) from None
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(random_bytes()(secret_bytes).hex() + "\n")
        file.flush()
        os.fsync(handle)


def _read(path: Path, *, readable: bool) -> bytes:
    try:
        with path.open("rb") as file:
            mode, text = os.fstat(file.fileno()).st_mode, file.read(1_000)
    except OSError as error:
        raise _unusable(path, error) from None
    if os.name == "posix" and stat.S_IMODE(mode) & 0o077 and not readable:
        raise InvalidInput(
            "others can read the keys file",
            hint=f"chmod 600, or set {setting}_READABLE=1 where it is kept from them otherwise",
            where=str(path),
        )
    if not re.fullmatch(rb"[0-9a-f]{64}\s*", text):
        hint = "give the file that Kouling made, or a name that there is not yet"
        raise InvalidInput("this is no keys file", hint=hint, where=str(path))
    return bytes.fromhex(text.decode())


def _unusable(path: Path, error: OSError) -> InvalidInput:
    reason = error.strerror or "it can't be opened"
    return InvalidInput(f"the keys file: {reason}", hint=f"see {setting}", where=str(path))
