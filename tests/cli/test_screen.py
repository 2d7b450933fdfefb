"""What commands print, and where."""

from __future__ import annotations

import pytest
from rich.table import Table

from kouling.cli import screen
from kouling.errors import InvalidInput


@pytest.mark.parametrize(
    ("count", "nouns", "expected"),
    [
        (0, ("item",), "0 items"),
        (1, ("item",), "1 item"),
        (2, ("item",), "2 items"),
        (2_000, ("line",), "2,000 lines"),
        (1, ("entry", "entries"), "1 entry"),
        (2, ("entry", "entries"), "2 entries"),
    ],
)
def test_a_count_agrees_with_its_noun(count: int, nouns: tuple[str, ...], expected: str) -> None:
    assert screen.plural(count, *nouns) == expected


def test_answers_and_words_about_the_work_go_apart(capsys: pytest.CaptureFixture[str]) -> None:
    screen.put("[b]an answer[/b] " + "long " * 100)
    screen.say("1 item decided")
    screen.complain(InvalidInput("no code", hint="paste one"))
    answer, told = capsys.readouterr()
    assert answer == "[b]an answer[/b] " + "long " * 100 + "\n"
    assert told == f"1 item decided\nerror: {InvalidInput('no code', hint='paste one')}\n"


def test_records_are_printed_as_lines_of_json(capsys: pytest.CaptureFixture[str]) -> None:
    screen.json_lines([{"text": "[b]复制"}, {"text": ""}])
    assert capsys.readouterr().out == '{"text":"[b]复制"}\n{"text":""}\n'


def test_a_table_that_no_terminal_shows_has_a_width_of_its_own(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "20")
    table = Table("a", "b", box=None)
    table.add_row("x" * 40, "y" * 40)
    screen.show(table)
    assert "x" * 40 in capsys.readouterr().out


def test_no_bar_is_drawn_where_nobody_looks(capsys: pytest.CaptureFixture[str]) -> None:
    with screen.progress("inspecting", 10) as bar:
        bar(advance=5, count="5 items")
    assert capsys.readouterr() == ("", "")
