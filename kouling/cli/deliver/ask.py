"""`kouling deliver recommend`, `similar` and `reach`: what a folder's model answers.

Ids are those of the file that it was fitted on; without ids, rows and columns go by number.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Any

import typer

from kouling.cli import screen
from kouling.cli.database import opened_engine
from kouling.errors import InvalidInput, NotFound
from kouling.ids import ItemId
from kouling.interest import LikeMatrix, load_likes, load_model, reach_by_model

app = typer.Typer()

Folder = Annotated[Path, typer.Option(help="The folder that `fit` wrote.")]
Count = Annotated[int, typer.Option("-n", "--count", help="How many.")]
AsJson = Annotated[bool, typer.Option("--json", help="Write JSON.")]


@app.command("recommend")
def recommend_to(
    folder: Folder,
    user: Annotated[str, typer.Option(help="Whom to recommend to.")],
    n: Count = 20,
    json: AsJson = False,
) -> None:
    """List the best items for a user, each with the like that spoke most for it."""
    model, likes = load_model(folder), load_likes(folder)
    found = model.recommend(likes.of(_number(likes.user_ids, user, likes.users, "user")), n)
    rows = [
        {
            "item": _name(likes.item_ids, item),
            "score": float(score),
            "because": None if because < 0 else _name(likes.item_ids, because),
        }
        for item, score, because in zip(*found, strict=True)
    ]
    _show(rows, json)


@app.command("similar")
def similar_to(
    folder: Folder,
    item: Annotated[str, typer.Option(help="The item that is liked.")],
    n: Count = 20,
    json: AsJson = False,
) -> None:
    """List the items that a like of an item speaks for."""
    model, likes = load_model(folder), load_likes(folder)
    found = model.similar_items(_item(likes, item), n)
    _show(_scored("item", likes.item_ids, found), json)


@app.command("reach")
def list_reach(
    item: Annotated[str, typer.Option(help="The item to push.")],
    folder: Annotated[Path | None, typer.Option(help="The folder that `fit` wrote.")] = None,
    database: Annotated[str, typer.Option(help="The database, if it is asked instead.")] = "",
    n: Count = 300,
    json: AsJson = False,
) -> None:
    """List the users to push an item to, best first.

    A database is asked by the likes of the item's and its creator's likers, a folder by the
    model's rows, read the other way.
    """
    if (folder is None) == (not database):
        raise InvalidInput("one of --folder and --database is asked", hint="give one of them")
    if folder is None:
        with opened_engine(database) as engine:
            reached = engine.deliver.reach(ItemId(item), n)
        _show([{"user": one.user, "score": round(one.score, 6)} for one in reached], json)
        return
    model, likes = load_model(folder), load_likes(folder)
    found = reach_by_model(model, likes, _item(likes, item), n)
    _show(_scored("user", likes.user_ids, found), json)


def _item(likes: LikeMatrix, name: str) -> int:
    return _number(likes.item_ids, name, likes.items, "item")


def _number(ids: Any, name: str, end: int, what: str) -> int:
    """Return the row or column that an id stands for."""
    found = list(ids).index(name) if name in ids else -1
    if not ids and name.isdecimal() and int(name) < end:
        found = int(name)
    if found < 0:
        raise NotFound(f"no {what} {name!r:.80} in these likes", hint="check the id")
    return found


def _name(ids: Any, number: int) -> str:
    return ids[number] if ids else str(number)


def _scored(what: str, ids: Any, found: Iterable[Any]) -> list[dict[str, Any]]:
    """Return a row for each number and its score, best first."""
    return [
        {what: _name(ids, number), "score": float(score)}
        for number, score in zip(*found, strict=True)
    ]


def _show(rows: list[dict[str, Any]], json: bool) -> None:
    if json:
        screen.json_lines([rows])
        return
    for row in rows:
        cells = ("" if cell is None else cell for cell in row.values())
        sys.stdout.write(
            "\t".join(f"{one:.6g}" if isinstance(one, float) else str(one) for one in cells) + "\n"
        )
