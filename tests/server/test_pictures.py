"""Pictures over HTTP: looked into beside the event loop, each answered in its place."""

from __future__ import annotations

import base64
import os
import signal
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from litestar.testing import TestClient

from kouling.gate import bundled_policy, picture_bytes_max
from kouling.mint import qr_png
from kouling.server import app as server_app
from kouling.server import app_for, body_bytes_max
from kouling.server.routes.gate import pictures_per_request_max
from tests.picture.samples import card, foreign_code, foreign_lines, png, saved
from tests.samples import foreign_text
from tests.server.routes.test_gate import Client, ask, expect_problem, item, path

link = "https://m.tb.cn/h.3Kx7Qd2"


@pytest.fixture(scope="module")
def client() -> Iterator[Client]:
    with TestClient(app_for(bundled_policy("moments-2018"))) as opened:
        yield opened


def held(picture: bytes) -> str:
    return base64.b64encode(picture).decode()


def with_pictures(id: str | int, *pictures: bytes, text: str = "", **more: Any) -> dict[str, Any]:
    return item(text, id, pictures=[held(one) for one in pictures], **more)


def workers() -> list[int]:
    """The picture workers of this process."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            status, command = (folder / "stat").read_text(), (folder / "cmdline").read_bytes()
        except OSError:  # it has ended
            continue
        parent = int(status.rpartition(")")[2].split()[1])
        if parent == os.getpid() and b"kouling.picture.worker" in command:
            found.append(int(folder.name))
    return found


def test_what_stands_in_pictures_is_answered_with_its_place(client: Client) -> None:
    first, second, third = ask(
        client,
        with_pictures("card", saved(card(*foreign_lines))),
        with_pictures("two", png(8, 8), qr_png(link), text="看图"),
        item(foreign_text, "text"),
    )

    (seen,) = [one for one in first["signals"] if one["kind"] == "share_code"]
    assert first["rules"] == ["foreign-share-code"]
    assert (seen["picture"], foreign_code in seen["text"]) == (1, True)
    left, top, right, bottom = seen["box"]
    assert 150 < left < right < 560
    assert 215 < top < bottom < 290
    assert [(one["kind"], one["picture"]) for one in second["signals"]] == [("share_link", 2)]
    assert third["rules"] == ["foreign-share-code"]


def test_the_surface_says_how_deep_is_looked(client: Client) -> None:
    (answer,) = ask(client, with_pictures(1, saved(card(*foreign_lines)), surface="group"))

    assert (answer["visibility"], answer["signals"]) == ("allow", [])


bad = {
    "no base64": ({"pictures": ["%%%"]}, "picture 1 is no base64"),
    "base64 with line breaks": ({"pictures": [held(png(8, 8)), "iVBO\nRw0K"]}, "picture 2 is no"),
    "a data address": ({"pictures": ["data:image/png;base64,iVBORw0K"]}, "picture 1 is no base64"),
    "half of a character": ({"pictures": ["\u4e2d"]}, "picture 1 is no base64"),
    "empty": ({"pictures": [""]}, "0 bytes"),
    "too many": ({"pictures": [held(png(8, 8))] * 10}, "10 pictures"),
    "too large": ({"pictures": [held(bytes(picture_bytes_max + 1))]}, "10000001 bytes"),
}


@pytest.mark.parametrize("kind", bad)
def test_a_bad_picture_is_named_in_its_place(client: Client, kind: str) -> None:
    fields, message = bad[kind]

    before, wrong, after = ask(
        client, item("好", 0), item("看", 1, **fields), with_pictures(2, qr_png(link))
    )

    assert list(wrong) == ["id", "error", "hint"]
    assert (wrong["id"], message in wrong["error"]) == (1, True), wrong
    assert (before["visibility"], after["visibility"]) == ("allow", "limit")


@pytest.mark.parametrize(
    "picture", [b"<svg/>", b"x", png(60_000, 60_000, rows=2), saved(card("好"))[:-900]]
)
def test_what_can_not_be_decoded_is_not_inspected_and_for_review(
    client: Client, picture: bytes
) -> None:
    (answer,) = ask(client, with_pictures(1, picture))

    assert answer["rules"] == answer["review"] == ["not-inspected"]
    assert answer["signals"][0]["evidence"][0].startswith("picture 1: ")


def test_too_many_pictures_in_one_request_are_refused(client: Client) -> None:
    items = [with_pictures(n, *[b"x"] * 9) for n in range(pictures_per_request_max // 9 + 1)]

    problem = expect_problem(client.post(path, json={"items": items}), 422, "limit-exceeded")

    assert "108 pictures" in problem["detail"]


@pytest.mark.parametrize("pictures", ["card.png", [1], {"a": "b"}, None])
def test_pictures_of_another_shape_are_refused(client: Client, pictures: object) -> None:
    response = client.post(path, json={"items": [{"id": 1, "text": "", "pictures": pictures}]})

    expect_problem(response, 422, "wrong-shape")


def test_the_largest_picture_fits_into_a_body_and_a_larger_body_is_refused(client: Client) -> None:
    (answer,) = ask(client, with_pictures(1, bytes(picture_bytes_max)))
    assert answer["rules"] == ["not-inspected"]

    response = client.post(
        path, content=b" " * (body_bytes_max + 1), headers={"Content-Type": "application/json"}
    )
    expect_problem(response, 413, "request-entity-too-large")


def test_the_description_tells_of_pictures(client: Client) -> None:
    schemas = client.get("/schema/openapi.json").json()["components"]["schemas"]
    given, seen, answer = (schemas[name] for name in ("GivenItem", "SeenSignal", "Answer"))

    pictures = given["properties"]["pictures"]
    assert (pictures["type"], pictures["items"]["type"]) == ("array", "string")
    assert "base64" in pictures["description"]
    assert "pictures" not in given["required"]
    assert {"picture", "box"} <= set(seen["properties"]) - set(seen["required"])
    assert "review" in set(answer["properties"]) - set(answer["required"])


@pytest.fixture
def one_worker(monkeypatch: pytest.MonkeyPatch) -> Iterator[Client]:
    monkeypatch.setenv("KOULING_PICTURE_WORKERS", "1")
    with TestClient(app_for(bundled_policy("moments-2018"))) as opened:
        yield opened


def test_texts_are_answered_while_pictures_wait(one_worker: Client) -> None:
    """The only worker stands still; more requests than there are threads wait for it."""
    others = set(workers())
    ask(one_worker, with_pictures(0, png(8, 8)))
    (worker,) = set(workers()) - others
    os.kill(worker, signal.SIGSTOP)
    many = [item("好" * 60, n) for n in range(1_000)]
    with ThreadPoolExecutor(12) as pool:
        pictures = [pool.submit(ask, one_worker, with_pictures(n, png(9, n))) for n in range(8, 20)]
        time.sleep(0.3)
        began = time.monotonic()
        (small,), large = ask(one_worker, item(foreign_text)), ask(one_worker, *many)
        took = time.monotonic() - began
        assert not any(one.done() for one in pictures)
        os.kill(worker, signal.SIGCONT)
        answers = [one.result(60)[0] for one in pictures]

    assert took < 10
    assert (small["visibility"], len(large)) == ("limit", 1_000)
    assert {one["visibility"] for one in answers} == {"allow"}


def test_pictures_beyond_those_that_may_wait_are_not_inspected(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("KOULING_PICTURE_WORKERS", "1")
    monkeypatch.setattr(server_app, "pictures_waiting_max", 3)

    with TestClient(app_for(bundled_policy("moments-2018"))) as client:
        first, second = ask(
            client, with_pictures(1, *[png(8, 8)] * 3), with_pictures(2, *[png(8, 8)] * 2)
        )
        (third,) = ask(client, with_pictures(3, png(8, 8)))

    assert first["visibility"] == third["visibility"] == "allow"
    assert second["rules"] == ["not-inspected"]
    assert [one["evidence"] for one in second["signals"]] == [
        [f"picture {place}: budget: 3 pictures wait already"] for place in (1, 2)
    ]


def test_the_workers_end_with_the_server(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KOULING_PICTURE_WORKERS", "1")
    others = set(workers())
    with TestClient(app_for(bundled_policy("moments-2018"))) as client:
        ask(client, with_pictures(0, png(8, 8)))
        assert len(set(workers()) - others) == 1

    assert set(workers()) <= others


def test_a_picture_whose_worker_was_killed_gets_another(one_worker: Client) -> None:
    others = set(workers())
    ask(one_worker, with_pictures(0, png(8, 8)))
    (worker,) = set(workers()) - others
    os.kill(worker, signal.SIGSTOP)
    with ThreadPoolExecutor(1) as pool:
        asked = pool.submit(ask, one_worker, with_pictures(1, png(8, 8)))
        time.sleep(0.3)
        os.kill(worker, signal.SIGKILL)
        (answer,) = asked.result(60)

    assert answer["visibility"] == "allow"
    assert ask(one_worker, with_pictures(2, png(8, 8)))[0]["visibility"] == "allow"
