"""Keys that are of no use without a file outside of the database."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest
import sqlalchemy as sa

from kouling import Engine
from kouling.clock import ManualClock
from kouling.config import Settings
from kouling.errors import InvalidInput, KoulingError
from kouling.mint.seal import Seal
from tests.conftest import noon
from tests.samples import friend, offer, seller

secret = bytes(range(32))
posix = pytest.mark.skipif(os.name != "posix", reason="Windows keeps rights in another way")


def opened(target: str, keys_file: Path | str = "", **settings: bool) -> Engine:
    chosen = Settings(keys_file=str(keys_file), **settings)  # type: ignore[arg-type]  # one flag
    return Engine.open(target, clock=ManualClock(noon), settings=chosen)


def kept(engine: Engine) -> list[tuple[bytes, bool]]:
    with engine._runtime.store.read() as connection:
        rows = connection.execute(sa.text("SELECT secret, sealed FROM code_key ORDER BY no"))
        return [(bytes(row.secret), bool(row.sealed)) for row in rows]


def test_a_seal_gives_back_what_it_closed_and_nothing_of_another() -> None:
    seal, other = Seal(b"a" * 32), Seal(b"b" * 32)
    closed = seal.close("kouling", secret)

    assert seal.open("kouling", closed) == secret
    assert closed == seal.close("kouling", secret) != seal.close("partner", secret)
    assert secret not in closed
    assert len(closed) == 48
    wrong = [
        (other, "kouling", closed),
        (seal, "partner", closed),
        (seal, "kouling", closed[:-1] + bytes([closed[-1] ^ 1])),
        (seal, "kouling", bytes([closed[0] ^ 1]) + closed[1:]),
    ]
    for one, issuer, text in wrong:
        with pytest.raises(InvalidInput, match="another file, or are damaged"):
            one.open(issuer, text)


def test_a_database_with_a_keys_file_holds_no_key_that_makes_codes(
    target: str, tmp_path: Path
) -> None:
    keys = tmp_path / "keys"
    with opened(target, keys) as engine:
        code = engine.mint(offer(), sharer=seller).code
        engine.mint.issuers.register("partner", secret)
        engine.mint.keys.rotate()
        ring = engine._runtime.ring()
        stored = kept(engine)
    assert len(ring.keys) == 3
    assert [sealed for _, sealed in stored] == [True] * 3
    assert not any(key.secret in text for key in ring.keys for text, _ in stored)
    if not target.startswith("postgres"):
        content = Path(target).read_bytes()
        assert not any(key.secret in content for key in ring.keys)
    with opened(target, keys) as engine:
        assert engine._runtime.ring() == ring
        assert engine.redeem(code, buyer=friend).sharer == seller  # type: ignore[union-attr]


def test_keys_that_were_there_before_are_sealed(target: str, tmp_path: Path) -> None:
    with opened(target) as engine:
        code = engine.mint(offer(), sharer=seller).code
        ((before, sealed),) = kept(engine)
    assert not sealed
    with opened(target, tmp_path / "keys") as engine:
        ((after, sealed),) = kept(engine)
        assert sealed
        assert before not in after
        assert engine.redeem(code, buyer=friend).sharer == seller  # type: ignore[union-attr]


def test_without_its_file_a_sealed_database_is_refused(target: str, tmp_path: Path) -> None:
    keys = tmp_path / "keys"
    opened(target, keys).close()
    with pytest.raises(InvalidInput, match=r"keys are sealed.*KOULING_KEYS_FILE"):
        opened(target)
    lost = tmp_path / "lost"
    with pytest.raises(InvalidInput, match="No such file"):
        opened(target, lost)
    assert not lost.exists()  # a new one would open nothing
    lost.touch(0o600)
    lost.write_text("00" * 32)
    with pytest.raises(InvalidInput, match="another file"):
        opened(target, lost)
    opened(target, keys).close()


@posix
def test_a_keys_file_is_its_owners_alone(tmp_path: Path) -> None:
    target, keys = str(tmp_path / "shop.db"), tmp_path / "keys"
    before = os.umask(0)
    try:
        opened(target, keys).close()
    finally:
        os.umask(before)
    assert stat.S_IMODE(keys.stat().st_mode) == 0o600
    for mode in (0o640, 0o604, 0o622):
        keys.chmod(mode)
        with pytest.raises(InvalidInput, match="others can read the keys file"):
            opened(target, keys)
        opened(target, keys, keys_file_readable=True).close()


@pytest.mark.parametrize("content", [b"", b"hello", b"\xff" * 64, b"00" * 31, b"00" * 99])
def test_what_is_no_keys_file_is_refused_and_left_alone(tmp_path: Path, content: bytes) -> None:
    keys = tmp_path / "keys"
    keys.touch(0o600)
    keys.write_bytes(content)
    with pytest.raises(InvalidInput, match="no keys file"):
        opened(str(tmp_path / "shop.db"), keys)
    assert keys.read_bytes() == content


def test_a_keys_file_that_can_not_be_made_says_so(tmp_path: Path) -> None:
    for keys in (tmp_path, tmp_path / "no folder" / "keys"):
        with pytest.raises(KoulingError, match="the keys file: "):
            opened(str(tmp_path / "shop.db"), keys)
