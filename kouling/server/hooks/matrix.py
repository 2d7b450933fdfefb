"""What synapse-http-antispam asks about, as far as something is decided by it."""

from __future__ import annotations

from typing import Any

import msgspec

from kouling.server.hooks.plain import plain_text

_texts = ("body", "topic", "name")


class MatrixEvent(msgspec.Struct):
    """An event in a room."""

    event_id: str
    room_id: str
    sender: str
    type: str = ""
    content: dict[str, Any] = {}


class AntispamCall(msgspec.Struct):
    """What the module asks about; `id` is a ping's."""

    event: MatrixEvent | None = None
    id: str = ""


def texts_in(content: dict[str, Any]) -> list[str]:
    """Return all that a content shows: the formatted body may say something else than the body."""
    texts = [content.get(name) for name in _texts]
    formatted = content.get("formatted_body")
    texts += [plain_text(formatted)] if isinstance(formatted, str) else []
    return [text for text in texts if isinstance(text, str) and text]
