"""Every error becomes a problem, `application/problem+json` after RFC 9457, with a hint."""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

import msgspec
from litestar import Request, Response
from litestar.exceptions import HTTPException
from litestar.openapi import ResponseSpec
from litestar.types import ExceptionHandler

from kouling.errors import InvalidInput, KoulingError, NotFound, Overloaded

media_type = "application/problem+json"


class Problem(msgspec.Struct, frozen=True, kw_only=True):
    """Why a request was refused: `type` and `title` name the kind, `hint` says what to do."""

    type: str
    title: str
    status: int
    detail: str
    hint: str


class UnreadableBody(InvalidInput):
    """The body of a request is not JSON."""


class UnsupportedBody(InvalidInput):
    """A request does not say that its body is JSON."""


class Unsigned(InvalidInput):
    """A request does not bear the secret that it has to."""


class Unreachable(InvalidInput):
    """The one host that had to be asked for this can't be, or says no."""


class WrongShape(InvalidInput):
    """The body of a request is JSON, but not what the route asks for."""


_statuses: tuple[tuple[type[KoulingError], HTTPStatus], ...] = (
    (UnreadableBody, HTTPStatus.BAD_REQUEST),
    (UnsupportedBody, HTTPStatus.UNSUPPORTED_MEDIA_TYPE),
    (Unsigned, HTTPStatus.UNAUTHORIZED),
    (Unreachable, HTTPStatus.BAD_GATEWAY),
    (NotFound, HTTPStatus.NOT_FOUND),
    (Overloaded, HTTPStatus.SERVICE_UNAVAILABLE),
    (InvalidInput, HTTPStatus.UNPROCESSABLE_ENTITY),
)
"""The first line that fits counts; an error in none of them is our own fault."""

_hints = {
    HTTPStatus.BAD_REQUEST: "compare the request with /schema/openapi.json",
    HTTPStatus.NOT_FOUND: "the paths are listed in /schema/openapi.json",
    HTTPStatus.METHOD_NOT_ALLOWED: "the methods are listed in /schema/openapi.json",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "send fewer or shorter items in one request",
}


def problem_of(error: Exception) -> Problem:
    """Return what a caller is told of an error; of our own faults only that there was one."""
    if isinstance(error, HTTPException):
        status = HTTPStatus(error.status_code)
        return _problem(status.phrase, status, error.detail, _hints.get(status, ""))
    if isinstance(error, KoulingError):
        for kind, status in _statuses:
            if isinstance(error, kind):
                return _problem(type(error).__name__, status, error.message, error.hint)
    status = HTTPStatus.INTERNAL_SERVER_ERROR
    return _problem(status.phrase, status, "the server failed", "its log says why")


def problem_responses(*statuses: HTTPStatus) -> Mapping[int, ResponseSpec]:
    """Return what OpenAPI says of the problems that a route may answer with."""
    return {
        status.value: ResponseSpec(
            Problem, description=status.phrase, media_type=media_type, generate_examples=False
        )
        for status in statuses
    }


def _problem(name: str, status: HTTPStatus, detail: str, hint: str) -> Problem:
    words = re.findall(r"[A-Z][a-z]+|[a-z]+", name)
    slug = "-".join(words).lower()
    title = " ".join(words).capitalize()
    return Problem(
        type=f"urn:kouling:problem:{slug}", title=title, status=status, detail=detail, hint=hint
    )


def _answer(_: Request[Any, Any, Any], error: Exception) -> Response[Problem]:
    problem = problem_of(error)
    if problem.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        logging.getLogger("kouling.server").error("a request failed", exc_info=error)
    headers = error.headers if isinstance(error, HTTPException) else None
    return Response(
        problem,
        status_code=problem.status,
        media_type=media_type,
        headers=dict(headers or {}),
    )


handlers: dict[int | type[Exception], ExceptionHandler[Any]] = {
    HTTPException: _answer,
    Exception: _answer,
}
