"""`kouling deliver import-likes`: likes that were given elsewhere move into a database."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Annotated

import typer

from kouling.cli import screen
from kouling.cli.database import Database, opened_engine
from kouling.cli.files import opened
from kouling.deliver import FeedbackRow, LikeImport, PastLike, read_feedback
from kouling.errors import InvalidInput

problems_shown_max = 20
"""Rows that are told one by one; the others are counted."""

app = typer.Typer()


@app.command("import-likes")
def import_feedback(
    feedback: Annotated[str, typer.Argument(help="Feedback as gorse exports it; - reads stdin.")],
    database: Database = "",
    type: Annotated[
        list[str] | None, typer.Option(help="Types of feedback that are likes; default like.")
    ] = None,
) -> None:
    """Take likes from gorse's export into a database, with their times; twice is as once.

    Their items are gated before. What can't be taken in is told, and the exit is 1 then.
    """
    told = _Told()
    with opened(feedback, "rb") as file, opened_engine(database) as engine:
        rows = read_feedback(file, feedback, type or ("like",))
        imported = engine.deliver.import_likes(told.likes(rows))
    if imported == LikeImport() and not told.others and not told.bad:
        raise InvalidInput(f"{feedback} has no feedback", hint="export it from gorse")
    told.sum_up(imported)
    if told.bad or imported.missing:
        raise typer.Exit(1)


class _Told:
    """Counts what is no like, and tells of rows that can't be read."""

    def __init__(self) -> None:
        self.bad, self.others = 0, Counter[str]()

    def likes(self, rows: Iterable[FeedbackRow]) -> Iterator[PastLike]:
        """Pass on the likes among the rows."""
        for row in rows:
            if row.like is not None:
                yield row.like
            elif row.problem is None:
                self.others[row.type] += 1
            else:
                self.bad += 1
                if self.bad <= problems_shown_max:
                    screen.complain(row.problem)

    def sum_up(self, imported: LikeImport) -> None:
        """Say in a line each what became of the rows."""
        taken = screen.plural(imported.added, "like")
        lines = [f"{taken} taken in, {screen.plural(imported.known, 'was', 'were')} known"]
        if self.others:
            kinds = ", ".join(f"{n:,} of type {kind}" for kind, n in self.others.most_common(5))
            lines.append(f"left out: {kinds}; --type says which are likes")
        if imported.missing:
            missing, names = screen.plural(imported.missing, "like"), imported.missing_items
            lines.append(
                f"left out: {missing} of items that their users can't see, such as"
                f" {', '.join(names)}; gate the items and import again"
            )
        if self.bad:
            lines.append(f"left out: {screen.plural(self.bad, 'row')} that can't be read")
        screen.put("\n".join(lines))
