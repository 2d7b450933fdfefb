"""`POST /v1/hooks/NAME`: what another side sends comes in, and its answer does the moderation.

The body is read as it is, since it is signed as it is.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from concurrent.futures import Executor
from http import HTTPStatus
from typing import Any

import msgspec
from litestar import MediaType, Request, Response, post
from litestar.handlers import HTTPRouteHandler

from kouling.server.hooks import HookAnswer, HookCall, Hooks
from kouling.server.problems import problem_responses

hooks_path = "/v1/hooks"


def hook_routes(hooks: Hooks, threads: Executor) -> Sequence[HTTPRouteHandler]:
    """Return the routes of hooks; each call waits in a thread for its pictures and its decision."""

    @post(
        [f"{hooks_path}/{{name:str}}", f"{hooks_path}/{{name:str}}/{{rest:path}}"],
        summary="Tell of something that was posted or sold, as the hook's side does",
        status_code=HTTPStatus.OK,
        media_type=MediaType.JSON,
        response_description="What the hook's side understands, by its adapter",
        responses=problem_responses(
            HTTPStatus.UNAUTHORIZED,
            HTTPStatus.NOT_FOUND,
            HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
            HTTPStatus.UNPROCESSABLE_ENTITY,
        ),
    )
    async def call_hook(request: Request[Any, Any, Any]) -> Response[bytes]:
        named = request.path_params
        headers = {key.lower(): value for key, value in request.headers.items()}
        call = HookCall(
            body=await request.body(), headers=headers, path=str(named.get("rest", "")).strip("/")
        )
        loop = asyncio.get_running_loop()
        return _response(await loop.run_in_executor(threads, hooks, named["name"], call))

    return [call_hook]


def _response(answer: HookAnswer) -> Response[bytes]:
    content = b"" if answer.body is None else msgspec.json.encode(answer.body)
    return Response(content, status_code=answer.status, media_type=MediaType.JSON)
