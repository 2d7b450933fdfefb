"""A policy becomes the app that answers HTTP: the list of its routes and how it says no."""

from __future__ import annotations

from importlib.metadata import version

from litestar import Litestar
from litestar.openapi import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin

from kouling.config import read_settings
from kouling.gate import Policy, detectors_for
from kouling.server.body import JsonRequest, body_bytes_max
from kouling.server.express import Express
from kouling.server.gate import Judge, gate_routes
from kouling.server.health import health_routes
from kouling.server.pictures import Viewer
from kouling.server.problems import handlers


def app_for(policy: Policy) -> Litestar:
    """Return the app that decides by a policy, from its date on; it keeps no state."""
    settings = read_settings()
    judge, viewer = (
        Judge(detectors_for(settings.page_host), policy),
        Viewer(settings.picture_workers),
    )
    app = Litestar(
        route_handlers=[*gate_routes(judge, viewer), *health_routes(policy)],
        on_shutdown=[viewer.close],
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
    app.asgi_handler = Express(app.asgi_handler, judge)
    return app
