import json
from pathlib import Path
from xml.etree import ElementTree

import pytest
from typer.testing import CliRunner, Result

from kouling.cli import app
from kouling.errors import InvalidInput

two = ("--disguise", "zero_width", "--disguise", "zero_width+full_width")


def lab(*options: str) -> Result:
    return CliRunner().invoke(app, ["lab", "text", *options])


def refused(*options: str) -> InvalidInput:
    error = lab(*options).exception
    assert isinstance(error, InvalidInput)
    return error


def written(tmp_path: Path, name: str, *rows: object) -> str:
    lines = (row if isinstance(row, str) else json.dumps(row, ensure_ascii=False) for row in rows)
    (tmp_path / name).write_text("\n".join(lines) + "\n", "utf-8")
    return str(tmp_path / name)


def test_it_works_out_of_the_box_and_draws_a_picture(tmp_path: Path) -> None:
    picture = tmp_path / "lab.svg"
    result = lab(*two, "--output", str(picture))
    assert result.exit_code == 0, result.output
    lines = [line.split()[0] for line in result.stdout.splitlines()]
    assert lines == ["disguise", "none", "zero_width", "zero_width+full_width", "pooled", "seed"]
    assert ElementTree.parse(picture).getroot().tag == "{http://www.w3.org/2000/svg}svg"


def test_the_same_seed_gives_the_same_counts() -> None:
    once, again = (lab(*two, "--limit", "9", "--output", "-").stdout for _ in range(2))
    record = json.loads(once)
    assert once == again
    assert record["messages"] == 9
    assert [tally["disguise"] for tally in record["tallies"]] == ["none", two[1], two[3]]


def test_files_are_read_and_the_rival_stands_beside(tmp_path: Path) -> None:
    token = "￥cZqJbk7JyoR￥"
    row = {"text": f"复制{token}打开淘宝", "codes": [token]}
    messages = written(tmp_path, "messages.jsonl", row)
    negatives = written(tmp_path, "negatives.txt", "今天天气真好", "型号 X100")
    against = written(tmp_path, "rival.jsonl", {"pattern": "￥\\w{11}￥", "flags": "a"})
    files = ("--messages", messages, "--negatives", negatives, "--against", against)
    record = json.loads(lab(*files, *two, "--output", "-").stdout)
    assert (record["messages"], record["negatives"]) == (1, 2)
    assert [tally["rival_recall"] for tally in record["tallies"]] == [1.0, 0.0, 0.0]
    assert "rival recall" in lab(*files, *two).stdout


def test_an_expression_of_another_dialect_is_skipped_with_a_note(tmp_path: Path) -> None:
    against = written(tmp_path, "rival.jsonl", {"pattern": "(?<x"}, "", {"pattern": "a"})
    result = lab(*two, "--limit", "1", "--against", against)
    assert result.exit_code == 0
    assert "rival.jsonl:1: skipped" in result.stderr


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ({"text": "a", "codes": ["b"]}, "code 'b' does not stand in the text"),
        ({"text": "a"}, "no codes in it"),
        ({"text": "a", "codes": "a"}, "no codes in it"),
        ({"text": "a", "codes": [1]}, "code 1 does not stand in the text"),
        ({"text": "x" * 20_001, "codes": ["x"]}, "20"),
        ({"codes": ["a"]}, "no text in it"),
        ("{", "not JSON"),
    ],
)
def test_a_wrong_message_is_named_with_its_line(tmp_path: Path, row: object, told: str) -> None:
    good = {"text": "￥abcd￥", "codes": ["￥abcd￥"]}
    error = refused("--messages", written(tmp_path, "in.jsonl", good, row))
    assert told in error.message
    assert error.where.endswith("in.jsonl:2")
    assert error.hint


@pytest.mark.parametrize(
    "row", [{"text": "a"}, "[1]", "{", {"pattern": 1}, '{"pattern":"a","flags":1}']
)
def test_a_wrong_expression_is_named_with_its_line(tmp_path: Path, row: object) -> None:
    error = refused("--against", written(tmp_path, "rival.jsonl", {"pattern": "a"}, row))
    assert error.where.endswith("rival.jsonl:2")
    assert error.hint


def test_what_cannot_be_used_is_refused_before_any_work(tmp_path: Path) -> None:
    empty = written(tmp_path, "empty.jsonl", "")
    assert "no message" in refused("--messages", empty).message
    assert "0 expressions" in refused("--against", empty).message
    assert "zero_width" in refused("--disguise", "zero_with").hint
    assert ".svg" in refused("--output", "lab.gif").hint
    assert "check the path" in refused("--messages", str(tmp_path / "nowhere")).hint


def test_a_png_without_a_renderer_is_refused_with_the_way_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert ".svg" in refused("--output", "lab.png").hint


def test_a_png_is_drawn_by_the_renderer_that_is_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    renderer = tmp_path / "rsvg-convert"
    renderer.write_text("#!/bin/sh\nexec /bin/cat\n")
    renderer.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert lab(*two, "--limit", "1", "--output", str(tmp_path / "lab.png")).exit_code == 0
    assert (tmp_path / "lab.png").read_text("utf-8").startswith("<svg")
