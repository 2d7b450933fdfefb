"""`kouling serve`: the gate over HTTP, in one process."""

from __future__ import annotations

import contextlib
import gc
import socket
from typing import Annotated

import typer

from kouling.cli import screen
from kouling.errors import InvalidInput

backlog_max = 2_048
"""Connections that wait to be accepted."""

new_records_max = 20_000
"""Records made before the garbage collector looks for circles, of which a request makes none."""

app = typer.Typer()


@app.command()
def serve(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65_535, help="0 takes a free one.")] = 8000,
    policy: Annotated[
        str, typer.Option(help="Policy file, or the name of a bundled one.")
    ] = "moments-2018",
) -> None:
    """Answer HTTP: what is in items, and what the policy in force makes of them."""
    # Here, so that no other command waits for the server's libraries and the gate.
    import uvicorn

    from kouling.cli.gate.inspect import policy_named
    from kouling.server import app_for

    chosen = policy_named(policy)
    config = uvicorn.Config(
        app_for(chosen),
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
        screen.say(f"{chosen.version} at {place}; the API is described at {described}")
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
