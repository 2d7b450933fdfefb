"""The house is weighed right: on small packages whose sizes, doors, chains and hops are known."""

import sys
import threading
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest
import sqlalchemy as sa

from benchmarks.house.chain import graph_of, longest_chain
from benchmarks.house.hops import Hops
from benchmarks.house.shape import (
    front_doors,
    function_lengths,
    lines_by_room,
    modules_of,
    spread_of,
)
from benchmarks.house.table import tables

FILES = {
    "__init__.py": "from shop.till import pay\n__all__ = ['pay', 'till']\n",
    "till/__init__.py": (
        "from shop.till.drawer import open\n__all__ = ['pay']\ndef pay():\n    open()\n"
    ),
    "till/drawer.py": "def open():\n    from shop import coins\n    coins.count()\n",
    "coins.py": (
        "from typing import TYPE_CHECKING\n"
        "if TYPE_CHECKING:\n    from shop.till import pay\n"
        "def count():\n    return [coin for coin in (1, 2)]\n"
    ),
}


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    folder = tmp_path / "shop"
    for name, text in FILES.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, "utf-8")
    return folder


@pytest.fixture
def imported_shop(shop: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.syspath_prepend(shop.parent)
    yield shop
    for name in [name for name in sys.modules if name.partition(".")[0] == "shop"]:
        del sys.modules[name]


def test_a_spread_counts_and_sorts() -> None:
    assert spread_of([3, 1, 2, 100]) == {"count": 4, "median": 2, "p95": 100, "max": 100}


def test_modules_rooms_and_doors_are_read_without_importing(shop: Path) -> None:
    modules = modules_of(shop)

    assert [module.name for module in modules] == [
        "shop",
        "shop.coins",
        "shop.till",
        "shop.till.drawer",
    ]
    assert function_lengths(modules) == [2, 2, 3]
    assert lines_by_room(modules) == {"leaves": 7, "till": 7}
    assert front_doors(modules) == {"shop": 2, "shop.till": 1}
    assert "shop" not in sys.modules


def test_a_chain_counts_lazy_imports_and_not_those_for_type_checkers(shop: Path) -> None:
    graph = graph_of(modules_of(shop))

    assert longest_chain(graph) == ["shop", "shop.till", "shop.till.drawer", "shop.coins"]


def test_a_circle_is_no_chain(shop: Path) -> None:
    (shop / "coins.py").write_text("import shop.till.drawer\n", "utf-8")

    assert longest_chain(graph_of(modules_of(shop))) == []


def test_hops_are_counted_in_all_threads_and_of_our_own_files_only(imported_shop: Path) -> None:
    hops = Hops(imported_shop)
    pay = import_module("shop").pay
    engine = sa.create_engine("sqlite://")

    def act() -> None:
        pay()
        other = threading.Thread(target=pay)
        other.start()
        other.join()
        with engine.connect() as connection:
            connection.execute(sa.text("SELECT 1"))

    try:
        act()
        found = hops.of(act)
    finally:
        hops.close()

    # pay → open → count → its list, in three files; and the same in the other thread.
    assert found == {"calls": 8, "files": 3, "changes_of_file": 4, "statements": 1}


def nines(*names: str) -> dict[str, int]:
    return dict.fromkeys(names, 9)


def test_a_run_without_a_figure_of_another_has_a_dash() -> None:
    run = {
        "machine": {"cores": 2, "processor": "any", "load_before": 0.1, "python": "3.11"},
        "module_lines": {"count": 2, "median": 1, "p95": 2, "max": 2},
        "function_lines": {"count": 2, "median": 1, "p95": 2, "max": 2},
        "rooms": {"gate": 3, "leaves": 2, "mint": 1},
        "longest_chain": [],
        "imports": {"import shop": nines("cpu_s", "peak_mb", "own_modules", "modules")},
        "hops": {"one text": nines("calls", "files", "changes_of_file", "statements")},
    }
    runs = {
        "before": {**run, "front_doors": {"kouling.gate": 3}},
        "after": {**run, "front_doors": {"kouling.lab": 4}, "longest_chain": ["a", "b"]},
    }

    shown = tables({"runs": runs})

    assert ["kouling.lab", "–", "4"] in cells(shown["doors"])
    assert ["share of the two largest folders", *2 * ["67% (gate, mint)"]] in cells(shown["shape"])
    assert ["`import shop`: CPU s", "9.00", "9.00"] in cells(shown["imports"])
    assert ["longest chain of imports", "a circle", "2 modules"] in cells(shown["shape"])


def cells(table: str) -> list[list[str]]:
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in table.splitlines()]
