"""Server: what the rooms do, as JSON over HTTP."""

from kouling.server.app import app_for
from kouling.server.body import body_bytes_max
from kouling.server.routes.gate import items_max

__all__ = ["app_for", "body_bytes_max", "items_max"]
