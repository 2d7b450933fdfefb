"""Server: what the rooms do, as JSON over HTTP."""

from kouling.server.app import app_for, app_of
from kouling.server.body import body_bytes_max
from kouling.server.hooks import Hook, read_hooks
from kouling.server.routes.gate import items_max, pictures_waiting_max
from kouling.server.routes.hooks import hooks_path

__all__ = [
    "Hook",
    "app_for",
    "app_of",
    "body_bytes_max",
    "hooks_path",
    "items_max",
    "pictures_waiting_max",
    "read_hooks",
]
