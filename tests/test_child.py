"""Child processes: they run Kouling's own modules, and nothing that lies in the working folder."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from kouling import Engine, bundled_policy
from kouling.child import search_path
from tests.deliver.feed import likes, video
from tests.picture.samples import card, foreign_lines, saved
from tests.samples import item

trap = "import pathlib; pathlib.Path({sprung!r}).touch()\nraise SystemExit('trapped')\n"
names = ("numpy", "scipy", "numba", "msgspec", "cv2", "PIL", "json", "runpy", "kouling")


@pytest.fixture
def sprung(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working folder full of modules that are not what they seem; the file they leave."""
    folder, left = tmp_path / "uploads", tmp_path / "sprung"
    folder.mkdir()
    for name in names:
        (folder / f"{name}.py").write_text(trap.format(sprung=str(left)))
    monkeypatch.chdir(folder)
    monkeypatch.syspath_prepend("")  # as `python -c` has it
    return left


def test_a_fit_loads_nothing_from_the_working_folder(sprung: Path) -> None:
    with Engine.open("../feed.db", seed=1) as engine:  # named from here, fitted from elsewhere
        for number in range(3):
            video(engine, f"video-{number}", "creator")
        for number in range(3):
            likes(engine, f"fan-{number}", "video-0", "video-1", "video-2")
        assert engine.deliver.refit()
    assert not sprung.exists()


def test_a_picture_worker_loads_nothing_from_the_working_folder(sprung: Path) -> None:
    with Engine.open("../gate.db") as engine:
        engine.gate.policies.activate(bundled_policy("moments-2018"))
        decision = engine.gate(item("one", pictures=(saved(card(*foreign_lines)),)))
    assert not sprung.exists()
    assert "foreign-share-code" in decision.rules


def test_a_child_looks_beside_the_libraries_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", ["", "lib", str(tmp_path), os.path.dirname(os.__file__)])
    assert search_path() == [os.path.dirname(os.__file__)]


def test_a_child_leaves_out_the_folder_of_its_parents_script(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text("from kouling.child import search_path\nprint(search_path())")
    done = subprocess.run(
        [sys.executable, str(tmp_path / "app.py")],
        capture_output=True,
        text=True,
        check=True,
        cwd="/",
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])},
    )
    assert str(tmp_path) not in done.stdout
