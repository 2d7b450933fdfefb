"""`kouling gate queue`, `review` and `look-again` on a database that an engine has written."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from kouling import Engine, ItemId, bundled_policy
from kouling.cli import app
from kouling.errors import Conflict, InvalidInput, KoulingError, NotFound
from tests.gate.review.test_again import unlooked
from tests.picture.samples import card, saved
from tests.samples import item


@pytest.fixture
def database(tmp_path: Path) -> str:
    path = str(tmp_path / "shop.db")
    with Engine.open(path) as engine:
        engine.gate.policies.activate(bundled_policy("moments-2018"))
        engine.gate(item("a", "[b]看[/b]\n" + "图" * 200, pictures=(b"<svg/>",)))
        engine.gate(item("b", pictures=(b"x",) * 5))
        unlooked(engine, "c", saved(card("周末去爬山")))
    return path


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["gate", *arguments])


def test_the_queue_is_a_table_of_what_waits_and_why(database: str) -> None:
    result = run("queue", "--database", database)

    assert result.exit_code == 0, result.output
    for words in ("[b]看[/b]", "not-inspected", "picture 1: not_inspected", "and 2 more", "seller"):
        assert words in result.stdout
    assert "3 of 3 items that wait" in result.stdout


def test_the_queue_goes_on_behind_a_case(database: str) -> None:
    first = run("queue", "--database", database, "--size", "2")
    rest = run("queue", "--database", database, "--after", "2")
    beyond = run("queue", "--database", database, "--after", "3")

    assert "2 of 3 items that wait; the next begin --after 2" in first.stdout
    assert "1 of 3 items that wait" in rest.stdout
    assert "3 wait, all before here" in beyond.stdout


def test_the_queue_can_be_read_by_programs(database: str) -> None:
    lines = run("queue", "--database", database, "--json").stdout.splitlines()

    assert [json.loads(line)["item"] for line in lines] == ["a", "b", "c"]
    assert json.loads(lines[0])["decision"]["review"][0]["rule"] == "not-inspected"


@pytest.mark.parametrize("outcome", ["allow", "limit", "drop"])
def test_a_review_closes_the_case(database: str, outcome: str) -> None:
    result = run(
        *("review", "a", "--database", database, f"--{outcome}"),
        *("--reason", "seen", "--reviewer", "ann"),
    )

    assert f"a: {outcome}, decided by ann; 2 wait" in result.stderr
    with Engine.open(database) as engine:
        assert engine.gate.decision(ItemId("a")).visibility == outcome


def test_looking_again_says_what_was_decided(database: str) -> None:
    result = run("look-again", "--database", database)

    assert "c: allow" in result.stderr
    assert "1 item was decided again; 2 wait" in result.stderr


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        (("nowhere", "--drop"), NotFound, "does not wait"),
        (("a",), InvalidInput, "0 outcomes"),
        (("a", "--drop", "--allow"), InvalidInput, "2 outcomes"),
        (("a", "--drop", "--reason", " "), InvalidInput, "needs a reason"),
    ],
)
def test_a_wrong_review_says_so(
    database: str, arguments: tuple[str, ...], error: type[KoulingError], message: str
) -> None:
    result = run("review", "--database", database, "--reason", "x", *arguments)

    assert isinstance(result.exception, error)
    assert message in str(result.exception)


def test_a_closed_case_says_who_closed_it(database: str) -> None:
    asked = ("review", "a", "--database", database, "--drop", "--reason", "x", "--reviewer")
    run(*asked, "ann")

    error = run(*asked, "bob").exception

    assert isinstance(error, Conflict)
    assert "closed by 'ann': drop" in str(error)


def test_a_mistyped_database_is_not_made(tmp_path: Path) -> None:
    result = run("queue", "--database", str(tmp_path / "shap.db"))

    assert isinstance(result.exception, InvalidInput)
    assert list(tmp_path.iterdir()) == []
