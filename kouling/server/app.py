"""A policy becomes the app that answers HTTP: the list of its routes and how it says no."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from importlib.metadata import version

from litestar import Litestar
from litestar.openapi import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin

from kouling.config import read_settings
from kouling.gate import Court, Gallery, Policy, detectors_for
from kouling.server.body import JsonRequest, body_bytes_max
from kouling.server.express import Express
from kouling.server.health import health_routes
from kouling.server.problems import handlers
from kouling.server.routes.gate import gate_routes, pictures_waiting_max, requests_refused_at_once


def app_for(policy: Policy) -> Litestar:
    """Return the app that decides by a policy, from its date on; it keeps no state."""
    settings = read_settings()
    gallery = Gallery(settings.picture_workers, waiting_max=pictures_waiting_max)
    threads = ThreadPoolExecutor(pictures_waiting_max + requests_refused_at_once, "requests")
    detectors = detectors_for(settings.page_host)
    court = Court(detectors, None, policy, policy.effective_at, gallery)
    app = Litestar(
        route_handlers=[*gate_routes(court, threads), *health_routes(court)],
        on_shutdown=[gallery.close, threads.shutdown],
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
    app.asgi_handler = Express(app.asgi_handler, court)
    return app
