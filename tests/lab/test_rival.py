"""The rival is a union of regular expressions, of which some are of other dialects."""

from kouling.lab import (
    rival_from,
)


def test_an_expression_that_python_cannot_compile_is_skipped_with_a_note() -> None:
    rival = rival_from(
        [("f:1", "(", ""), ("f:2", "[[a]b", ""), ("f:3", "A", "i"), ("f:4", "x", "q")]
    )
    assert len(rival.patterns) == 2
    assert [note.split(":")[1] for note in rival.notes] == ["1", "4"]
    assert rival.finds(["a"])


def test_the_rival_reads_the_beginning_of_a_long_text() -> None:
    rival = rival_from([("f:1", "end", "")])
    assert not rival.finds(["x" * 2_000 + "end"])
