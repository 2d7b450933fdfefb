"""Where Linux is taken for granted by nobody: without its limits, on a terminal of another code."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from kouling import Engine, limits
from kouling.picture.gap import GapKind
from kouling.picture.pool import Pool
from tests.picture.samples import card, foreign_lines, saved
from tests.samples import conversion, friend, item, offer, seller

missing = ("resource", "fcntl", "pwd", "grp", "termios", "hyperscan", "uvloop")
commands = ("", "gate", "gate inspect", "deliver", "deliver fit", "settle", "insight", "lab text")


def run(code: str, **environment: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code],
        capture_output=True,
        timeout=120,
        env={**os.environ, **environment},
        check=False,
    )


def test_every_command_starts_where_the_modules_of_unix_are_missing() -> None:
    done = run(f"""
import sys
for name in {missing!r}:
    sys.modules[name] = None
from typer.testing import CliRunner
from kouling.cli import app
for command in {commands!r}:
    result = CliRunner().invoke(app, [*command.split(), "--help"])
    assert result.exit_code == 0, (command, result.exception)
""")
    assert done.returncode == 0, done.stderr.decode()


def test_the_gate_decides_where_the_modules_of_unix_are_missing(tmp_path: Path) -> None:
    done = run(f"""
import sys
for name in {missing!r}:
    sys.modules[name] = None
from kouling import Engine, bundled_policy
from tests.samples import foreign_text, item
with Engine.open({str(tmp_path / "shop.db")!r}) as engine:
    engine.gate.policies.activate(bundled_policy("moments-2018"))
    print(engine.gate(item("one", foreign_text)).visibility)
""")
    assert done.stdout.decode() == "limit\n", done.stderr.decode()


def test_a_picture_is_looked_into_where_nothing_limits_memory() -> None:
    """As on macOS: no /proc, and no limit of address space that holds."""
    picture = saved(card(*foreign_lines))
    done = run(f"""
import sys
from pathlib import Path
from kouling import limits
limits.proc = Path("/no such folder")
from kouling.picture.message import Question
from kouling.picture.worker import Steps, _measured
limits.limit_memory(1)
steps = Steps()
opened = _measured(steps, Question(step="open", picture=bytes.fromhex({picture.hex()!r})))
lines = _measured(steps, Question(step="lines", lines_max=20))
assert opened.opened and lines.lines and not lines.refused, (opened, lines)
assert lines.cost.cpu_ms > 0 and lines.cost.memory_mb > 0
assert _measured(steps, Question(step="close")).room_mb > 1_000
""")
    assert done.returncode == 0, done.stderr.decode()


def test_a_process_without_limits_has_all_the_room_there_is(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """As on Windows."""
    monkeypatch.setattr(limits, "resource", None)
    monkeypatch.setattr(limits, "proc", Path("/no such folder"))
    limits.limit_memory(1)
    limits.limit_cpu(1)
    assert limits.memory_left_mb() == limits.unlimited_mb
    assert limits.memory_peak_mb() == 0
    assert limits.cpu_seconds() > 0


def test_where_no_worker_can_be_started_a_picture_is_not_inspected(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("kouling.picture.pool.os.name", "nt")
    gap = Pool(1).unavailable
    monkeypatch.undo()
    assert gap is not None
    assert gap.kind is GapKind.no_workers


@pytest.mark.parametrize("encoding", ["gbk", "ascii", "cp1252", "utf-8"])
def test_no_terminal_ends_a_command(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "shop.db"
    with Engine.open(str(path)) as engine:
        engine.mint(offer(), sharer=seller)
        code = engine.mint(offer(), sharer=seller)
        engine.redeem(code.code, buyer=friend)
        engine.settle(conversion("order-1"))
        engine.gate(item("one", "价格 ¥99 → 🎁", pictures=(b"<svg/>",)))
        day = engine.gate.decision(item("one").id).decided_at.date().isoformat()
    asked = f"""
import sys
from kouling.cli import main
sys.argv = ["kouling", "insight", "funnel", "--day", {day!r}, "--database", {str(path)!r}]
main()
"""
    shown = run(asked, PYTHONIOENCODING=encoding, PYTHONUTF8="0")
    assert shown.returncode == 0, shown.stderr.decode(encoding, "replace")
    assert shown.stdout.decode(encoding)
    said = run(
        "from kouling.cli import screen\nscreen.write_what_fits()\n"
        "screen.put('¥17.91 → 🎁 裙子')\nscreen.json_lines([{'text': '¥17.91 🎁 裙子'}])",
        PYTHONIOENCODING=encoding,
    )
    assert said.returncode == 0, said.stderr
    first, second = said.stdout.decode(encoding).splitlines()
    expected = {"gbk": "￥17.91 → ? 裙子", "ascii": "?17.91 -> ? ??", "utf-8": "¥17.91 → 🎁 裙子"}
    assert first == expected.get(encoding, "¥17.91 -> ? ??")
    assert json.loads(second) == {"text": "¥17.91 🎁 裙子"}
