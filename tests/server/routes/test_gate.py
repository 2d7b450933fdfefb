"""The gate over HTTP, asked through Litestar's client of the real app."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from litestar import Litestar
from litestar.testing import TestClient

from kouling.gate import Surface, bundled_policy
from kouling.gate.records import text_length_max
from kouling.server import app_for, body_bytes_max, items_max
from kouling.server.routes.gate import inline_characters_max
from tests.cli.gate.test_inspect import fields, inspect, jsonl, output, signal_fields
from tests.samples import foreign_text

Client = TestClient[Litestar]
path = "/v1/gate/inspect"


@pytest.fixture(scope="module")
def client() -> Iterator[Client]:
    with TestClient(app_for(bundled_policy("moments-2018"))) as opened:
        yield opened


def ask(client: Client, *items: dict[str, Any], **more: Any) -> list[dict[str, Any]]:
    response = client.post(path, json={"items": items, **more})
    assert response.status_code == 200, response.text
    return list(response.json()["decisions"])


def item(text: str, id: str | int = "a", **more: Any) -> dict[str, Any]:
    return {"id": id, "text": text, **more}


def expect_problem(response: Any, status: int, kind: str) -> dict[str, Any]:
    problem: dict[str, Any] = response.json()
    assert response.status_code == status
    assert response.headers["content-type"] == "application/problem+json"
    assert list(problem) == ["type", "title", "status", "detail", "hint"]
    assert (problem["type"], problem["status"]) == (f"urn:kouling:problem:{kind}", status)
    assert all(problem.values())
    return problem


def test_the_answers_are_those_of_the_command_line(client: Client, tmp_path: Path) -> None:
    rows = [
        item(foreign_text, "a"),
        item("今天天气真好", 2),
        item(foreign_text, 3, surface="group"),
        item("see https://m.tb.cn/h.3Ox4kp0?tk=aB3dE5fG7hJ", 2**60),
        item("", ""),
    ]
    inspect(tmp_path, jsonl(*rows))

    answers = ask(client, *rows)

    assert answers == output(tmp_path)
    assert [list(one) for one in answers] == [fields] * len(rows)
    assert list(answers[0]["signals"][0]) == signal_fields


@pytest.mark.parametrize("surface", list(Surface))
def test_the_surface_decides(client: Client, surface: Surface) -> None:
    (answer,) = ask(client, item(foreign_text, surface=surface))

    limited = surface in (Surface.moments, Surface.interest, Surface.market)
    assert answer["visibility"] == ("limit" if limited else "allow")


def test_a_bad_item_is_named_in_its_place(client: Client) -> None:
    long = item("x" * (text_length_max + 1), 1)
    answers = ask(client, item("好", 0), long, item("\0", 2), item("x", 3, surface="feed"))

    assert [one["id"] for one in answers] == [0, 1, 2, 3]
    assert answers[0]["visibility"] == "allow"
    assert all(list(one) == ["id", "error", "hint"] and one["hint"] for one in answers[1:])
    assert "20001 characters" in answers[1]["error"]
    assert "no character" in answers[2]["error"]
    assert "surface 'feed'" in answers[3]["error"]


def test_a_large_batch_is_answered_like_a_small_one(client: Client) -> None:
    rows = [item(foreign_text if n % 3 else "好" * 60, n) for n in range(items_max)]
    assert sum(len(row["text"]) for row in rows) > inline_characters_max

    answers = ask(client, *rows)

    assert [one["id"] for one in answers] == list(range(items_max))
    assert answers[:2] == ask(client, *rows[:2])


def test_before_its_date_a_policy_is_not_in_force(client: Client) -> None:
    (answer,) = ask(client, item(foreign_text), at="2018-05-28")

    assert answer["policy_version"] == "open@1"


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"",
        b'{"items": [{"id": 1, "text": "\xff"}]}',
    ],
)
def test_what_is_no_json_is_refused(client: Client, body: bytes) -> None:
    response = client.post(path, content=body, headers={"Content-Type": "application/json"})

    expect_problem(response, 400, "unreadable-body" if body else "bad-request")


@pytest.mark.parametrize(
    "body",
    [
        [],
        {},
        {"items": []},
        {"items": [item("x")] * (items_max + 1)},
        {"items": [{"id": 1}]},
        {"items": [{"text": "x"}]},
        {"items": [{"id": 1.5, "text": "x"}]},
        {"items": [{"id": 1, "text": 2}]},
        {"items": [item("x", surfaces="group")]},
        {"items": [item("x")], "at": 5},
    ],
)
def test_json_of_another_shape_is_refused(client: Client, body: object) -> None:
    expect_problem(client.post(path, json=body), 422, "wrong-shape")


def test_a_time_that_is_none_is_refused(client: Client) -> None:
    response = client.post(path, json={"items": [item("x")], "at": "soon"})

    assert "soon" in expect_problem(response, 422, "invalid-input")["detail"]


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", ""])
def test_another_content_type_is_refused(client: Client, kind: str) -> None:
    body = json.dumps({"items": [item("x")]}).encode()
    response = client.post(path, content=body, headers={"Content-Type": kind})

    expect_problem(response, 415, "unsupported-body")


def test_a_content_type_may_name_its_charset(client: Client) -> None:
    kind = {"Content-Type": "application/json; charset=utf-8"}
    body = json.dumps({"items": [item("x")]}).encode()

    assert client.post(path, content=body, headers=kind).status_code == 200


def test_a_body_that_is_too_large_is_refused(client: Client) -> None:
    body = b" " * (body_bytes_max + 1)
    response = client.post(path, content=body, headers={"Content-Type": "application/json"})

    expect_problem(response, 413, "request-entity-too-large")


@given(st.lists(st.text(max_size=60), min_size=1, max_size=6))
def test_any_list_of_texts_is_answered(client: Client, texts: list[str]) -> None:
    answers = ask(client, *(item(text, number) for number, text in enumerate(texts)))

    assert [one["id"] for one in answers] == list(range(len(texts)))
    for text, one in zip(texts, answers, strict=True):
        assert ("error" in one) == ("\0" in text)


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(max_size=5), st.lists))
def test_any_other_json_is_refused(client: Client, value: object) -> None:
    response = client.post(path, json={"items": value})

    assert response.status_code in (400, 422)


halves = {
    "text": '{"id": 2, "text": "看 \\ud800 这"}',
    "end of a pair": '{"id": 2, "text": "\\udc00\\ud83d"}',
    "id": '{"id": "b\\udfff", "text": "好"}',
    "author": '{"id": 2, "text": "好", "author": "\\uD9ab"}',
    "surface": '{"id": 2, "text": "好", "surface": "\\udabc"}',
    "picture": '{"id": 2, "text": "好", "pictures": ["\\ud800"]}',
}


@pytest.mark.parametrize("kind", halves)
@pytest.mark.parametrize("filler", ["", "今天" * 10_000])
def test_half_a_character_in_one_item_leaves_the_others_decided(
    client: Client, kind: str, filler: str
) -> None:
    good = [json.dumps(item(text, number)) for number, text in enumerate((foreign_text, filler))]
    body = f'{{"items": [{good[0]}, {halves[kind]}, {good[1]}]}}'

    answer = client.post(path, content=body, headers={"content-type": "application/json"})

    assert answer.status_code == 200, answer.text
    first, bad, last = answer.json()["decisions"]
    assert first["visibility"] == "limit"
    assert last["visibility"] == "allow"
    assert bad["error"]
    assert bad["hint"]


def test_a_whole_pair_is_one_character(client: Client) -> None:
    body = '{"items": [{"id": 1, "text": "\\ud83c\\udf51"}, {"id": 2, "text": "\\ud83c"}]}'
    answer = client.post(path, content=body, headers={"content-type": "application/json"})
    assert ["error" in one for one in answer.json()["decisions"]] == [False, True]


@pytest.mark.parametrize(
    "body",
    ['{"items": [{"id": 1, "text": "\\ud800"', '{"items": [{"id": NaN, "text": "\\ud800"}]}'],
)
def test_what_is_no_json_beside_half_a_character_is_refused(client: Client, body: str) -> None:
    answer = client.post(path, content=body, headers={"content-type": "application/json"})
    expect_problem(answer, 400, "unreadable-body")


def test_another_shape_beside_half_a_character_is_refused(client: Client) -> None:
    body = '{"items": [{"id": 1, "text": "\\ud800", "colour": 1}]}'
    answer = client.post(path, content=body, headers={"content-type": "application/json"})
    expect_problem(answer, 422, "wrong-shape")
