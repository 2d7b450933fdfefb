import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from kouling.cli import app
from kouling.cli.rows import line_bytes_max
from kouling.errors import InvalidInput
from kouling.gate import Surface
from tests.gate.policy.test_policy import good
from tests.samples import foreign_text

fields = ["id", "visibility", "signals", "rules", "reasons", "policy_version"]
signal_fields = [
    *("detector", "kind", "party", "issuer", "start", "end", "text", "confidence", "evidence"),
]


def inspect(tmp_path: Path, data: str | bytes, name: str = "in.jsonl", *options: str) -> Result:
    (tmp_path / name).write_bytes(data.encode() if isinstance(data, str) else data)
    paths = ["--input", str(tmp_path / name), "--output", str(tmp_path / "out.jsonl")]
    return CliRunner().invoke(app, ["gate", "inspect", *paths, *options])


def output(tmp_path: Path) -> list[dict[str, object]]:
    lines = (tmp_path / "out.jsonl").read_text("utf-8").splitlines()
    return [json.loads(line) for line in lines]


def jsonl(*rows: Mapping[str, object]) -> str:
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


def test_every_line_is_answered_in_order_with_the_agreed_fields(tmp_path: Path) -> None:
    result = inspect(tmp_path, jsonl({"id": "a", "text": foreign_text}, {"text": "你好"}))

    first, second = output(tmp_path)
    assert result.exit_code == 0, result.output
    assert list(first) == list(second) == fields
    assert [first["id"], second["id"]] == ["a", 2]
    assert [first["visibility"], second["visibility"]] == ["limit", "allow"]
    assert first["rules"] == ["foreign-share-code"]
    assert first["policy_version"] == "moments-2018@2018-05-29.4"


@pytest.mark.parametrize(
    ("texts", "told"),
    [
        ([foreign_text], "1 item decided by moments-2018@2018-05-29.4: 0 pass, 1 doesn't\n"),
        (["好", "好"], "2 items decided by moments-2018@2018-05-29.4: 2 pass, 0 don't\n"),
        (["好"], "1 item decided by moments-2018@2018-05-29.4: 1 passes, 0 don't\n"),
    ],
)
def test_what_was_decided_is_told_in_the_right_number(
    tmp_path: Path, texts: list[str], told: str
) -> None:
    result = inspect(tmp_path, jsonl(*({"text": text} for text in texts)))

    assert told in result.stderr


def test_spans_are_code_points_of_the_original_text(tmp_path: Path) -> None:
    text = "👗👗 " + foreign_text
    inspect(tmp_path, jsonl({"text": text}))

    (answer,) = output(tmp_path)
    signals = answer["signals"]
    assert isinstance(signals, list)
    assert any("t7Xk2bQm9Ra" in signal["text"] for signal in signals)
    for signal in signals:
        assert list(signal) == signal_fields
        assert text[signal["start"] : signal["end"]] == signal["text"]


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("in.csv", f'id,text\n1,"{foreign_text}"\n2,"two\nlines"\n3,好\n'),
        ("in.txt", f"{foreign_text}\r\n\n好\n"),
        ("in.jsonl", "\ufeff" + jsonl({"text": foreign_text}, {"text": ""}, {"text": "好"})),
    ],
)
def test_csv_text_and_json_lines_are_read(tmp_path: Path, name: str, data: str) -> None:
    result = inspect(tmp_path, data, name)

    assert result.exit_code == 0, result.output
    assert [answer["visibility"] for answer in output(tmp_path)] == ["limit", "allow", "allow"]


def test_standard_input_to_standard_output() -> None:
    command = [sys.executable, "-c", "from kouling.cli import main; main()", "gate", "inspect"]
    done = subprocess.run(
        [*command, "--input", "-"],
        input=jsonl({"text": foreign_text}).encode(),
        capture_output=True,
    )

    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["visibility"] == "limit"


@pytest.mark.parametrize("surface", list(Surface))
def test_the_surface_decides(tmp_path: Path, surface: Surface) -> None:
    inspect(tmp_path, jsonl({"text": foreign_text}), "in.jsonl", "--surface", surface)

    limited = surface in (Surface.moments, Surface.interest, Surface.market)
    assert output(tmp_path)[0]["visibility"] == ("limit" if limited else "allow")


def test_a_row_may_name_its_own_surface(tmp_path: Path) -> None:
    inspect(tmp_path, jsonl({"text": foreign_text, "surface": "group"}))

    assert output(tmp_path)[0]["visibility"] == "allow"


def test_before_its_date_a_policy_is_not_in_force(tmp_path: Path) -> None:
    inspect(tmp_path, jsonl({"text": foreign_text}), "in.jsonl", "--at", "2018-05-28")

    assert output(tmp_path)[0]["policy_version"] == "open@1"


def test_a_policy_of_ones_own(tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_text(good.replace("moments: allow", "moments: drop"))
    inspect(
        tmp_path, jsonl({"text": foreign_text}), "in.jsonl", "--policy", str(tmp_path / "mine.yaml")
    )

    assert output(tmp_path)[0]["visibility"] == "drop"


bad_lines = [
    (b"\xff\xfe\n", "UTF-8"),
    (b"{\n", "JSON"),
    (b"[1]\n", "no text"),
    (b'{"text": 1}\n', "no text"),
    (b'{"text": "\\ud800"}\n', "JSON"),
    (b'{"text": "a\\u0000"}\n', "no character"),
    (b'{"text": "x", "surface": "feed"}\n', "surface 'feed'"),
    (b'{"text": "' + b"x" * 20_001 + b'"}\n', "20001 characters"),
    (b"[" * 100_000 + b"\n", "JSON"),
]


@pytest.mark.parametrize(("line", "message"), bad_lines, ids=[message for _, message in bad_lines])
def test_a_bad_line_is_named_and_the_good_ones_are_finished(
    tmp_path: Path, line: bytes, message: str
) -> None:
    start, end = jsonl({"text": foreign_text}).encode(), jsonl({"text": "好"}).encode()

    result = inspect(tmp_path, start + line + end)

    first, bad, last = output(tmp_path)
    assert (first["visibility"], last["visibility"]) == ("limit", "allow")
    assert (bad["id"], bad["line"]) == (2, 2)
    assert message in str(bad["error"])
    assert bad["hint"]
    assert result.exit_code != 0
    assert "line 2" in result.stderr or "in.jsonl:2" in result.stderr
    assert isinstance(result.exception, InvalidInput)
    assert "partial" in str(result.exception)


def test_a_csv_file_without_text_column_is_refused(tmp_path: Path) -> None:
    result = inspect(tmp_path, "id,words\n1,a\n", "in.csv")

    assert isinstance(result.exception, InvalidInput)
    assert "in.csv:1" in str(result.exception)


def test_a_csv_row_of_another_length_is_named(tmp_path: Path) -> None:
    inspect(tmp_path, "id,text\n1,a,b\n2,c\n", "in.csv")

    bad, fine = output(tmp_path)
    assert (bad["line"], fine["visibility"]) == (2, "allow")


@pytest.mark.parametrize(
    "arguments",
    [
        ["--input", "nowhere.jsonl"],
        ["--input", "in.jsonl", "--policy", "nowhere.yaml"],
        ["--input", "in.jsonl", "--policy", "nothing-bundled"],
        ["--input", "in.jsonl", "--at", "soon"],
        ["--input", "in.jsonl", "--output", "in.jsonl"],
        ["--input", "in.jsonl", "--output", "no/such/folder"],
    ],
)
def test_arguments_that_lead_nowhere_are_clear_errors(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "in.jsonl").write_text(jsonl({"text": "好"}))

    result = CliRunner().invoke(app, ["gate", "inspect", *arguments])

    assert isinstance(result.exception, InvalidInput)
    assert (tmp_path / "in.jsonl").read_text() == jsonl({"text": "好"})


def test_an_empty_file_gives_an_empty_answer(tmp_path: Path) -> None:
    assert inspect(tmp_path, "").exit_code == 0
    assert output(tmp_path) == []


def test_an_endless_line_is_skipped_not_kept(tmp_path: Path) -> None:
    result = inspect(tmp_path, b"x" * (line_bytes_max + 10) + b"\n" + "好".encode(), "in.txt")

    bad, fine = output(tmp_path)
    assert "longer than" in str(bad["error"])
    assert fine["visibility"] == "allow"
    assert result.exit_code != 0
