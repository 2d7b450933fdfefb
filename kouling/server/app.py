"""What decides becomes the app that answers HTTP: the list of its routes and how it says no."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from importlib.metadata import version

from litestar import Litestar
from litestar.openapi import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin

from kouling.config import read_settings
from kouling.engine import Engine
from kouling.errors import WrongType
from kouling.gate import Gallery, Policy
from kouling.inspector import AloneInspector, DatabaseInspector, Inspector
from kouling.server.body import JsonRequest, body_bytes_max
from kouling.server.express import Express
from kouling.server.health import health_routes
from kouling.server.hooks import Hook, opened_hooks
from kouling.server.problems import handlers
from kouling.server.routes.gate import gate_routes, pictures_waiting_max, requests_refused_at_once
from kouling.server.routes.hooks import hook_routes


def app_for(
    policy: Policy | None = None, engine: Engine | None = None, hooks: Sequence[Hook] = ()
) -> Litestar:
    """Return the app that decides by a policy, from its date on, or as a database stands.

    It keeps no state. With an `engine` it knows own codes, partners, bans and the past, and decides
    by the policy in force there unless one is given; without one, a policy has to be. The engine
    stays open when the app ends. What `hooks` let in is kept there, too.
    """
    settings = read_settings()
    if engine is not None:
        return app_of(DatabaseInspector(engine, policy, settings.packs, is_ours=False), hooks)
    if policy is None:
        raise WrongType("there is nothing to decide by", hint="give a policy or an engine")
    gallery = Gallery(settings.picture_workers, waiting_max=pictures_waiting_max)
    return app_of(AloneInspector(policy, settings, settings.packs, gallery), hooks)


def app_of(inspector: Inspector, hooks: Sequence[Hook] = ()) -> Litestar:
    """Return the app that answers what an inspector decides, and closes it in the end.

    Raises `InvalidInput` for hooks that book sales where there is no database.
    """
    threads = ThreadPoolExecutor(pictures_waiting_max + requests_refused_at_once, "requests")
    app = Litestar(
        route_handlers=[
            *gate_routes(inspector, threads),
            *(hook_routes(opened_hooks(hooks, inspector), threads) if hooks else ()),
            *health_routes(inspector),
        ],
        on_shutdown=[inspector.close, threads.shutdown],
        request_class=JsonRequest,
        request_max_body_size=body_bytes_max,
        exception_handlers=handlers,
        openapi_config=OpenAPIConfig(
            title="Kouling",
            version=version("kouling"),
            path="/schema",
            # The pages of other renderers fetch their scripts from hosts of others.
            render_plugins=[JsonRenderPlugin()],
        ),
        logging_config=None,
    )
    app.asgi_handler = Express(app.asgi_handler, inspector)
    return app
