"""Hooks: what others send when something is posted or sold, and what they are answered.

A file says which there are (`file`), a table how each side speaks (`adapters`), one function in
which order a call is answered (`answering`), and by what is decided is put together in `deciding`.
"""

from kouling.server.hooks.answering import Hooks
from kouling.server.hooks.deciding import opened_hooks
from kouling.server.hooks.file import read_hooks
from kouling.server.hooks.records import Hook, HookAnswer, HookCall

__all__ = ["Hook", "HookAnswer", "HookCall", "Hooks", "opened_hooks", "read_hooks"]
