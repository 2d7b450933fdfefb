"""Outputs: written beside and put there when whole; never over what is read, or is there."""

import csv
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from typer.testing import CliRunner, Result

from kouling.cli import app
from kouling.cli.answers.journal import ToldSignal
from kouling.cli.answers.report import marked
from kouling.cli.gate import inspect as command
from kouling.errors import InvalidInput
from kouling.inspector import AloneInspector
from tests.samples import foreign_text

posts = f"编号,内容,visibility\n7,{foreign_text},old\n8,=1+1 今天,\n"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    Path("posts.csv").write_text(posts, "utf-8")
    return tmp_path


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["gate", "inspect", *arguments])


def leftovers() -> list[str]:
    return sorted(path.name for path in Path().iterdir() if "part" in path.name)


def test_csv_keeps_all_columns_and_adds_what_was_decided() -> None:
    assert run("posts.csv", "--output", "out.csv").exit_code == 0

    with open("out.csv", encoding="utf-8-sig", newline="") as file:
        first, second = csv.DictReader(file)
    assert (first["编号"], first["内容"], first["visibility"]) == ("7", foreign_text, "old")
    assert (first["kouling_visibility"], first["rules"]) == ("limit", "foreign-share-code")
    assert "t7Xk2bQm9Ra" in first["found"]
    assert (second["内容"], second["kouling_visibility"]) == ("=1+1 今天", "allow")


def test_a_sheet_of_excel_holds_texts_and_no_formulas() -> None:
    assert run("posts.csv", "--output", "out.xlsx").exit_code == 0

    sheet = load_workbook("out.xlsx").worksheets[0]
    cells = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert cells[0][:3] == ["编号", "内容", "visibility"]
    assert cells[1][3:5] == ["limit", "foreign-share-code"]
    assert (sheet["B3"].value, sheet["B3"].data_type) == ("=1+1 今天", "s")


def test_json_lines_keep_all_other_columns() -> None:
    run("posts.csv", "--output", "out.jsonl")

    first = json.loads(Path("out.jsonl").read_text("utf-8").splitlines()[0])
    assert (first["编号"], first["visibility"], first["given_visibility"]) == ("7", "limit", "old")


def test_a_report_marks_the_words_and_takes_nothing_for_markup() -> None:
    Path("a.jsonl").write_text(json.dumps({"text": f"<script>&{foreign_text}"}))

    assert run("a.jsonl", "--output", "out.html").exit_code == 0

    page = Path("out.html").read_text("utf-8")
    assert "&lt;script&gt;&amp;" in page
    assert "<script" not in page
    assert ">￥t7Xk2bQm9Ra￥</mark>" in page
    assert "foreign-share-code" in page


def test_marks_that_overlap_are_one() -> None:
    signals = [ToldSignal("a", start=1, end=3), ToldSignal("b", start=2, end=4)]

    assert marked("0123<", signals) == '0<mark title="a">12</mark>3&lt;'


def test_what_is_there_is_kept_unless_it_may_be_replaced() -> None:
    Path("out.jsonl").write_text("mine")

    refused = run("posts.csv", "--output", "out.jsonl")

    assert "is there already" in str(refused.exception)
    assert Path("out.jsonl").read_text() == "mine"
    assert run("posts.csv", "--output", "out.jsonl", "--force").exit_code == 0
    assert len(Path("out.jsonl").read_text().splitlines()) == 2


def test_a_run_that_fails_leaves_the_old_result_and_nothing_beside() -> None:
    Path("out.jsonl").write_text("mine")
    Path("bad.csv").write_text("a,b\n1,2\n")

    for arguments in (
        ["bad.csv"],
        ["posts.csv", "--policy", "none.yaml"],
        ["posts.csv", "nowhere"],
    ):
        assert run(*arguments, "--output", "out.jsonl", "--force").exit_code != 0

    assert Path("out.jsonl").read_text() == "mine"
    assert leftovers() == []


def by_hard_link(name: str) -> None:
    os.link(name, "out.csv")


def by_link(name: str) -> None:
    os.symlink(name, "out.csv")


@pytest.mark.parametrize("named", [by_hard_link, by_link])
@pytest.mark.parametrize("read", ["posts.csv", "house.yaml", "pack.yaml", "shop.db"])
def test_nothing_that_is_read_is_written_over(named: Any, read: str) -> None:
    Path("house.yaml").write_text("policy")
    Path("pack.yaml").write_text("pack")
    Path("shop.db").write_text("database")
    named(read)
    before = Path(read).read_bytes()
    asked = ["--policy", "house.yaml", "--pack", "pack.yaml", "--database", "shop.db"]

    result = run("posts.csv", *asked, "--output", "out.csv", "--force")

    assert isinstance(result.exception, InvalidInput)
    assert "is read, too" in str(result.exception)
    assert Path(read).read_bytes() == before


def test_an_unknown_ending_is_refused_with_those_that_are_known() -> None:
    result = run("posts.csv", "--output", "out.docx")

    assert ".jsonl" in str(result.exception)
    assert ".xlsx" in str(result.exception)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has a full device")
def test_a_full_disk_is_told_in_plain_words() -> None:
    result = run("posts.csv", "--output", "/dev/full")

    assert isinstance(result.exception, InvalidInput)
    assert "No space left on device" in str(result.exception)
    assert result.exit_code != 0


@pytest.fixture
def in_twos(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command, "rows_per_batch", 2)


@pytest.mark.parametrize("output", ["out.jsonl", "out.csv"])
@pytest.mark.usefixtures("in_twos")
def test_an_interrupted_run_says_how_to_go_on_and_does(
    monkeypatch: pytest.MonkeyPatch, output: str
) -> None:
    lines = [json.dumps({"id": n, "text": foreign_text if n % 2 else "好"}) for n in range(9)]
    Path("in.jsonl").write_text("\n".join(lines))
    run("in.jsonl", "--output", f"whole-{output}")
    judge, calls = AloneInspector.__call__, []

    def stopping(self: AloneInspector, *asked: Any) -> Any:
        calls.append(asked)
        if len(calls) == 3:
            raise KeyboardInterrupt
        return judge(self, *asked)

    with monkeypatch.context() as patch:
        patch.setattr(AloneInspector, "__call__", stopping)
        stopped = run("in.jsonl", "--output", output)

    assert stopped.exit_code == 130
    assert "4 rows are answered in" in stopped.stderr
    assert "--resume" in stopped.stderr
    assert not Path(output).exists()
    (part,) = leftovers()
    with open(part, "ab") as file:
        file.write(b'{"id": "torn')
    assert "--resume" in str(run("in.jsonl", "--output", output).exception)
    other = run("in.jsonl", "--output", output, "--resume", "--surface", "group")
    assert "other files or options" in str(other.exception)

    resumed = run("in.jsonl", "--output", output, "--resume")

    assert resumed.exit_code == 0, resumed.output
    assert "9 items decided by" in resumed.stderr
    assert "5 pass, 4 don't" in resumed.stderr
    assert Path(output).read_bytes() == Path(f"whole-{output}").read_bytes()
    assert leftovers() == []


def test_going_on_from_nothing_is_refused() -> None:
    assert "nothing to go on from" in str(
        run("posts.csv", "--output", "out.jsonl", "--resume").exception
    )
    assert "give --output" in str(run("posts.csv", "--resume").exception)


def test_twenty_bad_rows_are_shown_and_all_are_counted() -> None:
    Path("bad.jsonl").write_text("{\n" * 50)

    result = run("bad.jsonl", "--output", "out.jsonl")

    assert result.stderr.count("error: bad.jsonl:") == 20
    assert "and 30 more rows" in result.stderr
    assert "50 lines could not be read" in str(result.exception)


def test_a_summary_tells_rules_issuers_and_ten_examples() -> None:
    Path("many.jsonl").write_text(
        "".join(json.dumps({"id": f"n{n}", "text": foreign_text}) + "\n" for n in range(30))
    )

    lines = run("many.jsonl", "--output", "out.jsonl").stderr.splitlines()

    assert "30 items decided by moments-2018@2018-05-29.4: 0 pass, 30 don't" in lines
    assert "rules: foreign-share-code 30" in lines
    assert "issuers: taobao 30" in lines
    assert sum(line.startswith("  n") for line in lines) == 10


def test_items_of_several_files_are_told_apart() -> None:
    Path("a.txt").write_text("好\n")

    result = run("a.txt", "posts.csv", "--input", "a.txt")

    ids = [json.loads(line)["id"] for line in result.stdout.splitlines()]
    assert ids == ["a.txt:1", "posts.csv:2", "posts.csv:3", "a.txt:1"]


def test_a_reader_that_has_enough_ends_the_run_quietly() -> None:
    Path("many.txt").write_text("好\n" * 20_000)
    done = subprocess.run(
        f"{sys.executable} -m kouling gate inspect many.txt | head -1",
        shell=True,
        capture_output=True,
        text=True,
    )

    assert len(done.stdout.splitlines()) == 1
    assert "Traceback" not in done.stderr
    assert "BrokenPipe" not in done.stderr
