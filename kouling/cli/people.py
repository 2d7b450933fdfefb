"""`kouling people`: who knows whom, who follows whom, who is in which group."""

from __future__ import annotations

from typing import Annotated

import typer

from kouling.cli.database import Database, opened_engine
from kouling.ids import GroupId, UserId

app = typer.Typer()

User = Annotated[str, typer.Argument(help="A user's id.")]
Other = Annotated[str, typer.Argument(help="The other user's id.")]
Group = Annotated[str, typer.Argument(help="The group's id.")]


@app.command()
def befriend(user: User, friend: Other, database: Database = "") -> None:
    """Make two users friends of each other."""
    with opened_engine(database) as engine:
        engine.people.befriend(UserId(user), UserId(friend))


@app.command()
def unfriend(user: User, friend: Other, database: Database = "") -> None:
    """Let two users be friends no more."""
    with opened_engine(database) as engine:
        engine.people.unfriend(UserId(user), UserId(friend))


@app.command()
def follow(follower: User, followee: Other, database: Database = "") -> None:
    """Let one user follow another."""
    with opened_engine(database) as engine:
        engine.people.follow(UserId(follower), UserId(followee))


@app.command()
def unfollow(follower: User, followee: Other, database: Database = "") -> None:
    """Let one user follow another no more."""
    with opened_engine(database) as engine:
        engine.people.unfollow(UserId(follower), UserId(followee))


@app.command()
def join(user: User, group: Group, database: Database = "") -> None:
    """Take a user into a group."""
    with opened_engine(database) as engine:
        engine.people.join(UserId(user), GroupId(group))


@app.command()
def leave(user: User, group: Group, database: Database = "") -> None:
    """Take a user out of a group; what was posted there before stays."""
    with opened_engine(database) as engine:
        engine.people.leave(UserId(user), GroupId(group))


@app.command()
def block(user: User, blocked: Other, database: Database = "") -> None:
    """Keep two users' public items from each other."""
    with opened_engine(database) as engine:
        engine.people.block(UserId(user), UserId(blocked))


@app.command()
def unblock(user: User, blocked: Other, database: Database = "") -> None:
    """Take a block back."""
    with opened_engine(database) as engine:
        engine.people.unblock(UserId(user), UserId(blocked))
