"""Server: what the rooms do, as JSON over HTTP."""

from kouling.server.app import app_for, app_of
from kouling.server.body import body_bytes_max
from kouling.server.routes.gate import items_max, pictures_waiting_max

__all__ = ["app_for", "app_of", "body_bytes_max", "items_max", "pictures_waiting_max"]
