"""Models come inside the wheels: a machine without any network reads pictures."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.picture.samples import card, foreign_code, foreign_lines, saved

ROOT = Path(__file__).parent.parent.parent.parent

_program = """
import socket, sys
from kouling import Engine, bundled_policy
from tests.samples import item
try:
    socket.create_connection(("127.0.0.1", 9), timeout=5)
except OSError as error:
    print(error.errno)
with Engine.open(sys.argv[1]) as engine:
    engine.gate.policies.activate(bundled_policy("moments-2018"))
    decision = engine.gate(item("1", "", pictures=(open(sys.argv[2], "rb").read(),)))
print(*[signal.code for signal in decision.signals])
"""
_network_is_unreachable = "101"


def alone(*command: str) -> list[str]:
    """Run a command in a network of its own that has no way out, not even to itself."""
    return ["unshare", "--user", "--map-root-user", "--net", *command]


def may_be_alone() -> bool:
    try:
        return subprocess.run(alone("true"), capture_output=True, check=False).returncode == 0
    except OSError:  # it is not Linux
        return False


@pytest.mark.skipif(not may_be_alone(), reason="a network of its own can't be had here")
def test_a_card_is_read_where_there_is_no_network(tmp_path: Path) -> None:
    """What is left to a machine that can't do this is `test_reading_opens_no_connection`."""
    picture, database = tmp_path / "card.png", tmp_path / "shop.db"
    picture.write_bytes(saved(card(*foreign_lines)))
    done = subprocess.run(
        alone(sys.executable, "-W", "ignore", "-c", _program, str(database), str(picture)),
        capture_output=True,
        text=True,
        cwd=ROOT,
        timeout=120,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == [_network_is_unreachable, foreign_code]
