"""`kouling gate watch` answers each line at once, and every line."""

from __future__ import annotations

import json
import subprocess
import sys

from typer.testing import CliRunner

from kouling.cli import app
from kouling.errors import InvalidInput
from tests.samples import foreign_text

watch = ["gate", "watch", "--policy", "group-strict"]


def answered(given: str | bytes, *options: str) -> list[str]:
    result = CliRunner().invoke(app, [*watch, *options], input=given)
    assert result.exit_code == 0, result.output
    return result.stdout.splitlines()


def test_each_line_is_answered_before_the_next_comes() -> None:
    command = [sys.executable, "-m", "kouling", *watch, "--rules"]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as running:
        assert running.stdin is not None
        assert running.stdout is not None
        for text, outcome in [("你好", b"allow"), (foreign_text, b"drop"), ("再见", b"allow")]:
            running.stdin.write(f"{text}\n".encode())
            running.stdin.flush()
            assert running.stdout.readline().split(b"\t")[0] == outcome
        running.stdin.close()
        assert running.wait(30) == 0


def test_rules_are_what_would_be_said_to_the_author() -> None:
    [dropped, passed] = answered(f"{foreign_text}\n你好\n", "--rules", "--language", "zh")

    assert dropped.startswith("drop\t本群不允许用于打开其他平台应用的口令。")
    assert passed == "allow\t"


def test_json_lines_are_answered_in_json_with_their_ids() -> None:
    given = "\n".join(
        [
            json.dumps({"id": "a", "text": foreign_text}),
            json.dumps({"id": "b", "text": foreign_text, "surface": "direct"}),
            json.dumps({"id": "c", "text": "x", "surface": "nowhere"}),
            "{",
        ]
    )

    told = [json.loads(line) for line in answered(given)]
    assert [(one["id"], one.get("visibility")) for one in told] == [
        ("a", "drop"),
        ("b", "allow"),
        ("c", None),
        (4, None),
    ]
    assert all(one["error"] and one["hint"] for one in told[2:])


def test_every_line_of_text_has_an_answer() -> None:
    lines = answered(b"\n\xff\xfe\n\0\n" + b"x" * 4_000_001 + b"\nok\n", "--rules")

    assert [line.split("\t")[0] for line in lines] == ["allow", "error", "error", "error", "allow"]


def test_a_table_does_not_come_line_by_line() -> None:
    result = CliRunner().invoke(app, [*watch, "--format", "csv"], input="a,b\n")

    assert isinstance(result.exception, InvalidInput)
