"""Answers about items on their way out: a file that appears when it is whole, and a summary."""

from kouling.cli.answers.journal import answer_line, problem_line, row_line
from kouling.cli.answers.output import Output, Wanted
from kouling.cli.answers.summary import Summary

__all__ = ["Output", "Summary", "Wanted", "answer_line", "problem_line", "row_line"]
