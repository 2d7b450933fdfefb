"""The short way to inspect: a plain request is answered before the app looks for its route.

ASGI comes in, the same answer goes out that the route gives, at a third of the cost. Whatever is
not plain goes the long way from its beginning, and so does what is refused: problems are told in
one place. The description of the API is the route's.
"""

from __future__ import annotations

import msgspec
from litestar.enums import ScopeType
from litestar.types import ASGIApp, Receive, Scope, Send
from litestar.types.asgi_types import HTTPReceiveMessage, WebSocketReceiveMessage

from kouling.clock import now, read_time
from kouling.inspector import Inspector
from kouling.language import Language
from kouling.server.body import decoded
from kouling.server.language import accepted_language
from kouling.server.routes.gate import InspectRequest, answered, inspect_path, is_small

express_bytes_max = 200_000
"""Bytes of a body that may go the short way; one in several messages never does."""

Message = HTTPReceiveMessage | WebSocketReceiveMessage
"""What a server tells an app."""

_content_type = (b"content-type", b"application/json")


class Express:
    """An app in front of another, to which it leaves all but plain requests to inspect."""

    def __init__(self, app: ASGIApp, inspector: Inspector) -> None:
        self._app, self._inspector = app, inspector

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a plain request; hand on any other as if it had not been looked at."""
        if not _is_plain(scope):
            await self._app(scope, receive, send)
            return
        message = await receive()
        answer = self._answer(message, _language(scope))
        if answer is None:
            await self._app(scope, _again(message, receive), send)
            return
        length = (b"content-length", str(len(answer)).encode())
        await send(
            {"type": "http.response.start", "status": 200, "headers": [_content_type, length]}
        )
        await send({"type": "http.response.body", "body": answer, "more_body": False})

    def _answer(self, message: Message, language: Language) -> bytes | None:
        """Return the answer to a whole small body; None where the long way has to be gone."""
        if message["type"] != "http.request" or message.get("more_body"):
            return None
        body = message.get("body", b"")
        if len(body) > express_bytes_max:
            return None
        try:
            request: InspectRequest = decoded(body, InspectRequest)
            if not is_small(request.items):
                return None
            at = now() if request.at is None else read_time(request.at)
            return msgspec.json.encode(answered(request.items, self._inspector, at, language))
        except Exception:  # The long way meets the same, and it knows how to tell and to log it.
            return None


def _is_plain(scope: Scope) -> bool:
    return (
        scope["type"] == ScopeType.HTTP
        and scope["path"] == inspect_path
        and scope["method"] == "POST"
        and _content_type in scope["headers"]
    )


def _language(scope: Scope) -> Language:
    for name, value in scope["headers"]:
        if name == b"accept-language":
            return accepted_language(value.decode("latin-1"))
    return Language.en


def _again(message: Message, receive: Receive) -> Receive:
    """Return what receives a message once more, and then what comes after it."""
    waiting = [message]

    async def receive_again() -> Message:
        return waiting.pop() if waiting else await receive()

    return receive_again
