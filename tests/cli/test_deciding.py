"""By what is decided: a policy alone, or a database; and what is said where less is known."""

import json
from pathlib import Path
from typing import Any

import pytest
from litestar import Litestar
from litestar.testing import TestClient
from typer.testing import CliRunner, Result

from kouling import Engine, Item, ItemId, Surface, UserId, bundled_policy
from kouling.cli import app
from kouling.clock import now
from kouling.config import read_settings
from kouling.errors import InvalidInput
from kouling.gate import Subject, SubjectKind
from kouling.inspector import AloneInspector
from kouling.mint import Channel, Key, encode
from kouling.server import app_for
from tests.gate.policy.test_policy import good
from tests.samples import foreign_text, item, offer, seller

mall = Key(issuer="mall", secret=b"x" * 32, mints_from=now())
not_known = list(AloneInspector.not_known)


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, str]]:
    """A database with own codes, a partner, bans, a hidden text, and a policy in force."""
    path = tmp_path_factory.mktemp("shop") / "shop.db"
    with Engine.open(path) as engine:
        engine.gate.policies.activate(bundled_policy("moments-2018"))
        code = engine.mint(offer(), sharer=seller)
        engine.mint.issuers.register("mall", mall.secret)
        engine.gate.ban(Subject(SubjectKind.domain, "evil.example"), "fraud")
        engine.gate(item("hidden", foreign_text))
        texts = {
            "own": engine.mint.render(code, Channel.moments).text,
            "linked": engine.mint.render(code, Channel.chat).text,
            "partner": f"复制看看〖{encode(7, mall)}〗",
            "banned": "看 https://evil.example/x",
            "copy": foreign_text.replace("裙", "裤"),
            "plain": "今天天气真好",
        }
    return path, texts


@pytest.fixture
def items(shop: tuple[Path, dict[str, str]], tmp_path: Path) -> str:
    path = tmp_path / "items.jsonl"
    path.write_text("".join(json.dumps({"id": k, "text": t}) + "\n" for k, t in shop[1].items()))
    return str(path)


def inspect(*arguments: str) -> tuple[Result, dict[Any, Any]]:
    result = CliRunner().invoke(app, ["gate", "inspect", *arguments])
    return result, {one["id"]: one for one in map(json.loads, result.stdout.splitlines())}


def parties(answer: dict[str, Any]) -> dict[str, tuple[str, str | None]]:
    return {one["kind"]: (one["party"], one["issuer"]) for one in answer["signals"]}


def test_without_a_database_what_could_be_ours_is_unknown_and_is_not_limited(items: str) -> None:
    result, answers = inspect(items)

    assert parties(answers["own"]) == {"share_code": ("unknown", None)}
    assert parties(answers["partner"]) == {"share_code": ("unknown", None)}
    assert answers["own"]["visibility"] == answers["partner"]["visibility"] == "allow"
    assert parties(answers["copy"])["share_code"] == ("foreign", "taobao")
    first, *_ = result.stderr.splitlines()
    assert first.startswith("without --database not known: own codes, partners' codes, bans")
    assert "2 items have codes that could be our own or a partner's" in result.stderr


def test_a_code_in_a_link_of_ours_is_ours_in_the_whole_text(items: str) -> None:
    _, answers = inspect(items)

    assert parties(answers["linked"]) == {"share_link": ("own", None), "share_code": ("own", None)}


def test_a_code_that_names_an_app_is_taken_for_that_apps(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("复制￥J1Qd3vsYGrQ￥打开淘宝\n")

    _, answers = inspect(str(tmp_path / "a.txt"))

    assert parties(answers[1]) == {"share_code": ("unknown", "taobao")}
    assert answers[1]["visibility"] == "limit"


def by_option(patch: pytest.MonkeyPatch, path: Path) -> list[str]:
    return ["--database", str(path)]


def by_setting(patch: pytest.MonkeyPatch, path: Path) -> list[str]:
    patch.setenv("KOULING_DATABASE", str(path))
    return []


@pytest.mark.parametrize("named", [by_option, by_setting])
def test_a_database_tells_own_and_partners_codes_bans_and_the_past(
    shop: tuple[Path, dict[str, str]], items: str, monkeypatch: pytest.MonkeyPatch, named: Any
) -> None:
    result, answers = inspect(items, *named(monkeypatch, shop[0]))

    assert parties(answers["own"]) == {"share_code": ("own", "kouling")}
    assert parties(answers["partner"]) == {"share_code": ("partner", "mall")}
    assert parties(answers["linked"])["share_code"] == ("own", "kouling")
    assert answers["banned"]["rules"] == ["banned-subject"]
    assert "text_duplicate" in parties(answers["copy"])
    assert "not known" not in result.stderr


def test_nothing_is_kept_of_what_is_inspected(shop: tuple[Path, dict[str, str]]) -> None:
    path, texts = shop
    asked = Item(id=ItemId("new"), author=UserId("u"), surface=Surface.moments, text=texts["copy"])
    with Engine.open(path) as engine:
        (decision,) = engine.gate.inspect([asked])
        wrong, good = engine.gate.inspect([item("x", "a\0"), asked])
        with pytest.raises(LookupError):
            engine.gate.decision(asked.id)

    assert not isinstance(decision, InvalidInput)
    assert decision.visibility == "limit"
    assert isinstance(wrong, InvalidInput)
    assert not isinstance(good, InvalidInput)


def served(client: TestClient[Litestar], texts: dict[str, str]) -> dict[str, Any]:
    rows = [{"id": key, "text": text} for key, text in texts.items()]
    answer = client.post("/v1/gate/inspect", json={"items": rows}).json()
    return {one["id"]: one for one in answer["decisions"]}


def test_the_server_knows_as_much_as_its_database(shop: tuple[Path, dict[str, str]]) -> None:
    path, texts = shop
    with Engine.open(path) as engine, TestClient(app_for(engine=engine)) as client:
        answers, health = served(client, texts), client.get("/health").json()
        engine.gate(item("still open"))

    assert parties(answers["own"]) == {"share_code": ("own", "kouling")}
    assert answers["banned"]["rules"] == ["banned-subject"]
    assert (health["policy"], health["not_known"]) == ("moments-2018@2018-05-29.4", [])


def test_health_says_what_a_server_without_a_database_does_not_know(
    shop: tuple[Path, dict[str, str]],
) -> None:
    with TestClient(app_for(bundled_policy("moments-2018"))) as client:
        answers, health = served(client, shop[1]), client.get("/health").json()

    assert parties(answers["own"]) == {"share_code": ("unknown", None)}
    assert health == {
        "status": "ok",
        "policy": "moments-2018@2018-05-29.4",
        "asked": "moments-2018@2018-05-29.4",
        "passes_all": False,
        "packs": ["default"],
        "not_known": not_known,
    }


@pytest.fixture
def future(tmp_path: Path) -> str:
    (tmp_path / "future.yaml").write_text(good.replace("2018-05-29", "2999-01-01"))
    return str(tmp_path / "future.yaml")


def test_a_policy_that_is_not_in_force_is_the_first_thing_said(items: str, future: str) -> None:
    result, answers = inspect(items, "--policy", future)

    first, *_ = result.stderr.splitlines()
    assert result.exit_code == 0
    assert "mine@1 is in force from 2999-01-01" in first
    assert "everything passes" in first
    assert {one["policy_version"] for one in answers.values()} == {"open@1"}


def test_strict_exits_with_2_and_decides_nothing(items: str, future: str) -> None:
    result, answers = inspect(items, "--policy", future, "--strict")

    assert (result.exit_code, answers) == (2, {})
    assert inspect(items, "--strict")[0].exit_code == 0
    assert inspect(items, "--policy", "open", "--strict")[0].exit_code == 0  # it is what was asked


def test_a_server_refuses_to_let_everything_pass(future: str, tmp_path: Path) -> None:
    empty = tmp_path / "empty.db"
    Engine.open(empty).close()
    for arguments in (["--policy", future], ["--database", str(empty)]):
        result = CliRunner().invoke(app, ["serve", "--port", "0", *arguments])
        assert isinstance(result.exception, InvalidInput)
        assert "everything passes" in str(result.exception)
        assert "--allow-open" in str(result.exception)


def test_health_says_that_everything_passes(future: str) -> None:
    from kouling import read_policy

    with TestClient(app_for(read_policy(Path(future)))) as client:
        health = client.get("/health").json()

    assert (health["policy"], health["asked"]) == ("open@1", "mine@1")
    assert health["passes_all"] is True


pack = """version: "{issuer}"
extends: default
families:
  - issuer: {issuer}
    codes: [{{length: 12, alphabet: letters_and_digits, delimiters: "{sign}"}}]
    hosts: [{issuer}.example]
"""


@pytest.fixture
def packs(tmp_path: Path) -> list[str]:
    found = []
    for issuer, sign in (("teahouse", "¤"), ("bookshop", "§")):
        path = tmp_path / f"{issuer}.yaml"
        path.write_text(pack.format(issuer=issuer, sign=sign))
        found.append(str(path))
    return found


shared = "看看 https://s.teahouse.example/Xk29fQ 和 https://s.bookshop.example/Xk29fQ"


def test_packs_are_named_by_option_setting_and_door(
    packs: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = tmp_path / "a.txt"
    asked.write_text(f"{shared} {foreign_text}\n")
    _, told = inspect(str(asked), "--pack", packs[0], "--pack", packs[1])
    monkeypatch.setenv("KOULING_PACK", ":".join(packs))
    _, by_setting = inspect(str(asked))
    with Engine.open(tmp_path / "shop.db") as engine:
        (by_environment,) = engine.gate.inspect([item("1", shared)])
        assert {"teahouse", "bookshop", "taobao", "kouling"} <= set(engine.gate.issuers())
    monkeypatch.delenv("KOULING_PACK")
    with Engine.open(tmp_path / "shop.db", packs=map(Path, packs)) as engine:
        (by_door,) = engine.gate.inspect([item("1", shared)])

    issuers = {one["issuer"] for one in told[1]["signals"]}
    assert issuers == {"teahouse", "bookshop", "taobao"}
    assert by_setting == told
    for decision in (by_environment, by_door):
        assert not isinstance(decision, InvalidInput)
        assert [one.issuer for one in decision.signals] == ["teahouse", "bookshop"]


def test_a_wrong_pack_is_a_clear_error(tmp_path: Path, packs: list[str]) -> None:
    Path(packs[0]).write_text("families: 3")
    with pytest.raises(InvalidInput, match=r"teahouse\.yaml:1:1"):
        Engine.open(tmp_path / "shop.db", packs=packs)
    with pytest.raises(InvalidInput, match=r"packs is '.*not a list of paths"):
        Engine.open(tmp_path / "shop.db", packs=packs[0])
    with pytest.raises(InvalidInput, match="target is of type bytes, not text or a Path"):
        Engine.open(b"shop.db")  # type: ignore[arg-type]  # as a caller might


@pytest.mark.parametrize(
    ("name", "near"),
    [("KOULING_PACKS", "PACK"), ("KOULING_DATABSE", "DATABASE"), ("KOULING_X", "")],
)
def test_an_unknown_setting_is_an_error_with_the_nearest_name(name: str, near: str) -> None:
    with pytest.raises(InvalidInput, match=f"{name} is no setting.*did you mean KOULING_{near}"):
        read_settings({name: "1", "PATH": "/"})


def test_an_issuer_that_no_pack_has_is_a_warning(items: str, tmp_path: Path) -> None:
    text = good.replace('signal.kind == "share_code"', 'signal.issuer == "taoboa"')
    (tmp_path / "mine.yaml").write_text(text)

    result, _ = inspect(items, "--policy", str(tmp_path / "mine.yaml"))

    assert result.exit_code == 0
    assert "warning: " in result.stderr
    assert "issuer 'taoboa' is in no pack and no partner's. Hint: did you mean 'taobao'" in (
        result.stderr
    )
