"""What holds for every route: health, the description of the API, and how the server says no."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import urllib.request
from collections.abc import Iterator

import pytest
from litestar import Litestar
from litestar.testing import TestClient
from typer.testing import CliRunner

from kouling.cli import app
from kouling.errors import InvalidInput
from kouling.gate import bundled_policy
from kouling.server import app_for
from kouling.server.problems import problem_of
from tests.samples import foreign_text
from tests.server.routes.test_gate import Client, expect_problem, item


@pytest.fixture(scope="module")
def client() -> Iterator[Client]:
    opened: TestClient[Litestar]
    with TestClient(app_for(bundled_policy("moments-2018"))) as opened:
        yield opened


def test_the_api_is_described(client: Client) -> None:
    described = client.get("/schema/openapi.json").json()

    assert described["openapi"].startswith("3.1")
    assert list(described["paths"]) == ["/v1/gate/inspect", "/health"]
    responses = described["paths"]["/v1/gate/inspect"]["post"]["responses"]
    assert list(responses) == ["200", "400", "413", "415", "422"]
    assert "application/problem+json" in responses["422"]["content"]
    items = described["components"]["schemas"]["InspectRequest"]["properties"]["items"]
    assert (items["minItems"], items["maxItems"]) == (1, 1_000)


def test_a_path_and_a_method_that_are_not_there_are_problems(client: Client) -> None:
    expect_problem(client.get("/nowhere"), 404, "not-found")
    expect_problem(client.get("/v1/gate/inspect"), 405, "method-not-allowed")


def test_a_fault_of_ours_tells_a_caller_nothing_of_itself() -> None:
    problem = problem_of(KeyError("secret"))

    assert problem.status == 500
    assert "secret" not in str(problem)


def test_serve_answers_over_a_socket() -> None:
    command = [sys.executable, "-m", "kouling", "serve", "--port", "0"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as server:
        try:
            assert server.stderr is not None
            place = re.search(r"http://127\.0\.0\.1:\d+", server.stderr.readline())
            assert place is not None
            request = urllib.request.Request(
                f"{place[0]}/v1/gate/inspect",
                data=json.dumps({"items": [item(foreign_text)]}).encode(),
                headers={"Content-Type": "application/json"},
            )
            with urllib.request.urlopen(request, timeout=30) as response:
                (answer,) = json.load(response)["decisions"]
        finally:
            server.terminate()
    assert answer["visibility"] == "limit"


@pytest.mark.parametrize(
    "arguments", [["--policy", "nowhere.yaml"], ["--host", "203.0.113.1", "--port", "0"]]
)
def test_what_serve_cannot_use_is_a_clear_error(arguments: list[str]) -> None:
    result = CliRunner().invoke(app, ["serve", *arguments])

    assert isinstance(result.exception, InvalidInput)
