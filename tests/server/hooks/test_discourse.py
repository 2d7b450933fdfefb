"""Discourse: what is decided goes to its API, as pydiscourse would ask the same of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from pydiscourse import DiscourseClient

from tests.samples import foreign_text
from tests.server.hooks.conftest import OtherSide, client_of, secret, to_discourse


def told(**fields: Any) -> dict[str, Any]:
    """A post as Discourse's webhook tells of it, in those of its fields that matter here."""
    post = {
        "id": 51,
        "topic_id": 9,
        "user_id": 3,
        "username": "seller",
        "post_number": 2,
        "version": 1,
        "raw": foreign_text,
        "cooked": f"<p>{foreign_text}</p>",
        "topic_archetype": "regular",
    }
    return {"post": {**post, **fields}}


def settings(side: OtherSide, policy: str = "forum") -> str:
    return f"""
discourse:
  secret: {secret}
  policy: {policy}
  host: {side.host}
  token: the-key-of-the-api
"""


@pytest.mark.parametrize("event", ["post_created", "post_edited"])
def test_an_advertisement_is_deleted_as_pydiscourse_would(
    tmp_path: Path, other_side: OtherSide, event: str
) -> None:
    other_side.gives("/posts/51.json", b"{}")
    with client_of(tmp_path, settings(other_side)) as client:
        response = to_discourse(client, event, told())
    theirs = DiscourseClient(other_side.host, "system", "the-key-of-the-api")
    theirs._delete("/posts/51.json")

    assert response.status_code == 200
    ours, wanted = other_side.asked
    assert (ours.method, ours.path, ours.body) == (wanted.method, wanted.path, wanted.body)
    for header in ("api-key", "api-username"):
        assert ours.headers[header] == wanted.headers[header]


def test_what_is_limited_waits_in_the_review_queue(tmp_path: Path, other_side: OtherSide) -> None:
    other_side.gives("/post_actions.json", b"{}")
    with client_of(tmp_path, settings(other_side, "moments-2018")) as client:
        response = to_discourse(client, "post_created", told())
    theirs = DiscourseClient(other_side.host, "system", "the-key-of-the-api")
    theirs._post("/post_actions.json", id=51, post_action_type_id=8, queue_for_review="true")

    assert response.status_code == 200
    ours, wanted = other_side.asked
    assert (ours.method, ours.path, ours.body) == (wanted.method, wanted.path, wanted.body)


@pytest.mark.parametrize(
    ("event", "body"),
    [
        ("ping", {"ping": "OK"}),
        ("post_created", told(raw="今天天气真好", cooked="")),
        ("post_created", told(user_id=-1)),
        ("post_destroyed", told()),
    ],
    ids=["ping", "clean", "the forum's own", "deleted"],
)
def test_all_else_asks_nothing_of_the_forum(
    tmp_path: Path, other_side: OtherSide, event: str, body: dict[str, Any]
) -> None:
    with client_of(tmp_path, settings(other_side)) as client:
        response = to_discourse(client, event, body)

    assert (response.status_code, other_side.asked) == (200, [])


def test_a_forum_that_says_no_makes_the_webhook_come_again(
    tmp_path: Path, other_side: OtherSide
) -> None:
    other_side.gives("/posts/51.json", b"", status=403)
    with client_of(tmp_path, settings(other_side)) as client:
        response = to_discourse(client, "post_created", told())

    assert response.status_code == 502
    assert response.json()["type"] == "urn:kouling:problem:unreachable"
