"""What there is in a database is listed by commands, and ids are never cut."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from kouling import Conversion, ConversionId, Engine, Money, bundled_policy
from kouling.cli import app
from kouling.errors import InvalidInput, NotFound
from kouling.gate import Subject, SubjectKind
from kouling.ids import ItemId
from tests.samples import foreign_text, friend, item, offer, seller

long_id = "item-" + "0123456789" * 11


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> str:
    path = tmp_path_factory.mktemp("listed") / "shop.db"
    with Engine.open(path, seed=1) as engine:
        engine.gate.policies.activate(bundled_policy("moments-2018"))
        code = engine.mint(offer(), sharer=seller)
        engine.gate(item("first", foreign_text))
        engine.gate(item(long_id))
        engine.gate.ban(Subject(SubjectKind.domain, "evil.example"), "fraud")
        engine.people.befriend(seller, friend)
        engine.redeem(engine.mint.render(code).text, buyer=friend)
        engine.settle(
            Conversion(
                id=ConversionId("1"), buyer=friend, offer=offer().id, amount=Money(19_900, "CNY")
            )
        )
    return str(path)


def run(*arguments: str, database: str) -> str:
    result = CliRunner().invoke(app, [*arguments, "--database", database])
    assert result.exit_code == 0, (result.output, result.exception)
    return result.stdout


def test_bans_policies_items_codes_and_entries_are_listed(database: str) -> None:
    assert "evil.example" in run("gate", "bans", database=database)
    assert "moments-2018@2018-05-29.4" in run("gate", "policy", "list", database=database)
    assert "in force" in run("gate", "policy", "list", database=database)
    assert "policy: moments-2018" in run("gate", "policy", "in-force", database=database)
    assert "taobao" in run("gate", "issuers", database=database).split()
    (code,) = map(json.loads, run("mint", "codes", "--json", database=database).splitlines())
    assert code["code"] in run("mint", "codes", "--sharer", seller, database=database)
    asked = ("settle", "ledger", "entries", "--owner", seller)
    (entry,) = map(json.loads, run(*asked, database=database).splitlines())
    assert entry["postings"][0]["amount"]["minor"] == 1_791
    found = map(json.loads, run("gate", "items", "--json", database=database).splitlines())
    assert [(one["id"], one["visibility"]) for one in found] == [
        (long_id, "allow"),
        ("first", "limit"),
    ]


def test_an_id_is_never_cut(database: str) -> None:
    shown = run("gate", "items", database=database)

    pieces = [line.split("│")[1].strip() for line in shown.splitlines() if "│" in line]
    assert long_id in "".join(pieces)


def test_a_list_goes_on_behind_one_of_it(database: str) -> None:
    with Engine.open(database) as engine:
        newest, oldest = engine.gate.items()
        assert engine.gate.items(newest.id) == [oldest]
        assert engine.gate.items(size=1) == [newest]
        (code,) = engine.mint.codes()
        assert engine.mint.codes(after=code.code) == []
        with pytest.raises(NotFound):
            engine.gate.items(ItemId("nowhere"))
        with pytest.raises(NotFound):
            engine.mint.codes(after="nowhere")
        lists = (engine.gate.bans, engine.gate.items, engine.mint.codes, engine.gate.policies.list)
        for size in (0, 501):
            for one in lists:
                with pytest.raises(InvalidInput, match="can't be listed"):
                    one(size=size)


def test_people_are_related_and_parted_by_commands(tmp_path: Path) -> None:
    path = str(tmp_path / "shop.db")
    Engine.open(path).close()
    for one, other in (("befriend", "unfriend"), ("follow", "unfollow"), ("block", "unblock")):
        run("people", one, "a", "b", database=path)
        run("people", other, "a", "b", database=path)
    run("people", "join", "a", "group", database=path)
    run("people", "leave", "a", "group", database=path)
    again = CliRunner().invoke(app, ["people", "leave", "a", "group", "--database", path])
    assert isinstance(again.exception, NotFound)


def test_a_command_without_a_database_says_how_to_name_one() -> None:
    result = CliRunner().invoke(app, ["gate", "bans"])

    assert "KOULING_DATABASE" in str(result.exception)
