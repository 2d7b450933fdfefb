"""`kouling serve`: the gate over HTTP, in one process."""

from __future__ import annotations

import contextlib
import gc
import socket
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kouling.cli import screen
from kouling.cli.deciding import DecidingDatabase, Packs, Policy
from kouling.clock import now
from kouling.errors import InvalidInput

if TYPE_CHECKING:
    from litestar import Litestar

    from kouling.inspector import Inspector

backlog_max = 2_048
"""Connections that wait to be accepted."""

new_records_max = 20_000
"""Records made before the garbage collector looks for circles, of which a request makes none."""

app = typer.Typer()


@app.command()
def serve(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65_535, help="0 takes a free one.")] = 8000,
    policy: Policy = "",
    database: DecidingDatabase = "",
    pack: Packs = None,
    allow_open: Annotated[
        bool,
        typer.Option(
            "--allow-open",
            help="Serve though no policy is in force, so that everything passes.",
        ),
    ] = False,
    hooks: Annotated[
        Path | None, typer.Option(help="File of hooks, by which chats, forums and shops come in.")
    ] = None,
) -> None:
    """Answer HTTP: what is in items, and what the policy in force makes of them."""
    # Here, so that no other command waits for the server's libraries and the gate.
    from kouling.cli.gate.asked import DecidedBy, opened_inspector
    from kouling.server import app_of, pictures_waiting_max, read_hooks

    by = DecidedBy(policy=policy, database=database, pack=pack)
    inspector = opened_inspector(by, pictures_waiting_max)
    try:
        _check_in_force(inspector, allow_open=allow_open)
        opened = read_hooks(hooks) if hooks else ()
        _answer(app_of(inspector, opened), inspector, (host, port), [one.name for one in opened])
    finally:
        inspector.close()


def _check_in_force(inspector: Inspector, *, allow_open: bool) -> None:
    """Refuse to serve while everything passes, unless that is meant."""
    shortcoming = inspector.shortcoming(now())
    if shortcoming and not allow_open:
        raise InvalidInput(shortcoming, hint="give --allow-open to serve all the same")
    if shortcoming:
        screen.say(shortcoming, style="yellow")


def _answer(
    served: Litestar, inspector: Inspector, at: tuple[str, int], hooks: Sequence[str]
) -> None:
    import uvicorn

    from kouling.cli.gate.asked import say_what_is_not_known
    from kouling.server import hooks_path

    host, port = at
    config = uvicorn.Config(
        served,
        log_level="warning",
        lifespan="on",
        ws="none",
        access_log=False,  # Who wants one has a proxy in front, and asks for it there.
        proxy_headers=False,  # Nothing here asks where a request comes from.
        server_header=False,
    )
    with _listening(host, port) as listener:
        address = f"[{host}]" if ":" in host else host
        place = f"http://{address}:{listener.getsockname()[1]}"
        described = f"{place}/schema/openapi.json"
        version = inspector.in_force(now()).version
        screen.say(f"{version} at {place}; the API is described at {described}")
        for hook in hooks:
            screen.say(f"hook: {place}{hooks_path}/{hook}")
        say_what_is_not_known(inspector)
        _calm_collector()
        with contextlib.suppress(KeyboardInterrupt):
            uvicorn.Server(config).run(sockets=[listener])


def _calm_collector() -> None:
    """Collect seldom, and never look at what is loaded by now: a tenth more items a second."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(new_records_max, 50, 50)


def _listening(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=backlog_max)
    except OSError as error:
        reason = error.strerror or "it can't be listened on"
        raise InvalidInput(f"{host}:{port}: {reason}", hint="choose another --port") from None
