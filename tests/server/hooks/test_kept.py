"""With a database hooks keep what comes in, and know bans and what was before."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from litestar import Litestar
from litestar.testing import TestClient
from nonebot.adapters.onebot.v11 import Message, MessageSegment

from kouling import Engine, Item, ItemId, Surface, bundled_policy
from kouling.gate import Subject, SubjectKind
from kouling.ids import GroupId, UserId
from tests.samples import foreign_text
from tests.server.hooks.conftest import OtherSide, client_of, secret, to_onebot, to_web
from tests.server.hooks.test_onebot import said

Client = TestClient[Litestar]

hooks = f"""
onebot: {{secret: {secret}, policy: group-strict}}
web:
  {{adapter: generic, secret: {secret}, surface: comment,
   mapping: {{id: id, author: by, under: to, text: text}}}}
"""


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    with Engine.open(str(tmp_path / "club.db")) as opened:
        yield opened


@pytest.fixture
def client(engine: Engine, tmp_path: Path) -> Iterator[Client]:
    with client_of(tmp_path, hooks, engine=engine) as opened:
        yield opened


def test_a_hooks_own_policy_decides_and_the_decision_is_kept(
    client: Client, engine: Engine
) -> None:
    assert to_onebot(client, said(Message(foreign_text))).json()["delete"] is True

    kept = engine.gate.decision(ItemId("onebot:10000:7"))
    assert kept.policy_version.startswith("group-strict@")
    assert engine.gate.policies.in_force().version.startswith("open")


def test_without_one_the_policy_in_force_decides(engine: Engine, tmp_path: Path) -> None:
    engine.gate.policies.activate(bundled_policy("moments-2018"))
    with client_of(tmp_path, f"onebot: {{secret: {secret}}}", engine=engine) as client:
        assert to_onebot(client, said(Message(foreign_text))).status_code == 204


def test_the_same_event_again_is_decided_once(client: Client, engine: Engine) -> None:
    answers = [to_onebot(client, said(Message(foreign_text))).json() for _ in range(3)]

    assert answers[0] == answers[1] == answers[2]
    again = engine.gate.decision(ItemId("onebot:10000:7"))
    assert again.decided_at == engine.gate.decision(ItemId("onebot:10000:7")).decided_at


def test_an_id_that_comes_again_with_other_words_is_decided_by_those(client: Client) -> None:
    assert to_onebot(client, said(Message("你好"))).status_code == 204

    assert to_onebot(client, said(Message(foreign_text))).json()["delete"] is True


def test_a_banned_user_is_known(client: Client, engine: Engine) -> None:
    engine.gate.policies.activate(bundled_policy("group-strict"))
    engine.gate.ban(Subject(SubjectKind.domain, "bad.example"), "spam")

    told = to_onebot(client, said(Message("看看 https://bad.example/x")))

    assert told.json()["delete"] is True


def test_a_comment_on_what_was_never_seen_is_decided_on(client: Client, engine: Engine) -> None:
    comment = {"id": 1, "by": "a", "to": "old", "text": foreign_text}
    engine.gate.policies.activate(bundled_policy("group-strict"))

    assert to_web(client, comment).json()["visibility"] == "drop"
    engine.gate(
        Item(
            id=ItemId("web:seen"),
            author=UserId("b"),
            surface=Surface.group,
            group=GroupId("g"),
            text="你好",
        )
    )
    assert to_web(client, comment | {"id": 2, "to": "seen"}).json()["visibility"] == "drop"
    assert engine.gate.decision(ItemId("web:2")).visibility == "drop"


def test_a_picture_that_cannot_be_had_waits_for_a_person(
    client: Client, engine: Engine, other_side: OtherSide
) -> None:
    elsewhere = MessageSegment.image(f"{other_side.host}/a.png")
    elsewhere.data["url"] = f"{other_side.host}/a.png"

    to_onebot(client, said(Message(elsewhere)))

    assert other_side.asked == []
    [case] = engine.gate.queue().cases
    [signal] = case.decision.signals
    assert (signal.kind, signal.evidence[0].kind) == ("not_inspected", "not_had")
