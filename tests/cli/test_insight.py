"""`kouling insight` on a database that an engine has written."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from kouling import Engine
from kouling.cli import app
from kouling.clock import ManualClock
from kouling.errors import InvalidInput
from kouling.insight import reports
from tests.conftest import noon
from tests.deliver.feed import likes, video


@pytest.fixture
def database(tmp_path: Path) -> str:
    """A steady creator and one with a hit, who share a fan."""
    path = str(tmp_path / "shop.db")
    with Engine.open(path, clock=ManualClock(noon), seed=1) as engine:
        for creator in ("steady", "hit"):
            for number in range(2):
                video(engine, f"{creator}-{number}", f"[b]{creator}[/b]")
        likes(engine, "ann", "steady-0", "steady-1")
        likes(engine, "bo", "steady-0", "steady-1", "hit-0")
        likes(engine, "cy", "hit-0")
    return path


def run(*words: str) -> str:
    done = CliRunner().invoke(app, ["insight", *words], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.stdout


def test_loyalty_lists_creators_of_the_day(database: str) -> None:
    rows = json.loads(run("loyalty", "--database", database, "--day", "2018-05-29", "--json"))

    assert [(one["creator"], one["likes"], one["best_share"]) for one in rows] == [
        ("[b]steady[/b]", 4, 0.5),
        ("[b]hit[/b]", 2, 1.0),
    ]
    assert json.loads(run("loyalty", "--database", database, "--day", "2018-05-28", "--json")) == []


@pytest.mark.parametrize("name", reports)
def test_a_table_has_a_head_and_prints_what_users_write_as_it_is(database: str, name: str) -> None:
    shown = run(name, "--database", database, "--day", "2018-05-29")

    assert {"funnel": "stage", "loyalty": "[b]steady[/b]", "pictures": "posted"}[name] in shown
    assert run(name, "--database", database)  # today


def test_a_creator_sees_its_steadiness_and_what_it_shares(database: str) -> None:
    (steady,) = json.loads(run("steadiness", "[b]hit[/b]", "--database", database, "--json"))
    (both,) = json.loads(
        run("overlap", "[b]steady[/b]", "[b]hit[/b]", "--database", database, "--json")
    )

    assert (steady["items"], steady["variation"], steady["likers"]) == (2, 1.0, 2)
    assert (both["shared"], both["of_creator"], both["of_either"]) == (1, 0.5, 0.3333333333333333)
    assert "0.5" in run("overlap", "[b]steady[/b]", "[b]hit[/b]", "--database", database)


def test_what_can_not_be_asked_ends_with_an_error(database: str, tmp_path: Path) -> None:
    for words, error in (
        (("loyalty", "--database", database, "--day", "yesterday"), InvalidInput),
        (("loyalty", "--database", database, "--day", "9999-12-31"), InvalidInput),
        (("steadiness", "", "--database", database), InvalidInput),
        (("loyalty", "--database", str(tmp_path / "nowhere.db")), InvalidInput),
    ):
        with pytest.raises(error):
            run(*words)
    assert not (tmp_path / "nowhere.db").exists()
