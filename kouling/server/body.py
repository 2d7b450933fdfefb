"""The body of a request becomes the record that its route asks for, in one pass over the bytes."""

from __future__ import annotations

import json
import re
from functools import lru_cache
from typing import Any, NoReturn

import msgspec
from litestar import Request

from kouling.server.problems import UnreadableBody, UnsupportedBody, WrongShape

body_bytes_max = 16_000_000
"""Bytes in the body of a request: the largest picture in base64, and some text."""

_half_character = re.compile(rb"\\u[dD][89a-fA-F][0-9a-fA-F]{2}")
"""The beginning or the end of a pair that JSON writes one character as, or half of it alone."""


class JsonRequest(Request[Any, Any, Any]):
    """A request whose body is read straight into the type of its route's `data`.

    Litestar would first make dictionaries of it and then records of those. Raises
    `UnsupportedBody`, `UnreadableBody` or `WrongShape`.
    """

    async def json(self) -> Any:
        """Return the body as the record that the route asks for."""
        if self.content_type[0] != "application/json":
            raise UnsupportedBody(
                f"the content type is {self.content_type[0]!r:.60}",
                hint="send JSON with the header Content-Type: application/json",
            )
        wanted = self.route_handler.parsed_data_field
        assert wanted is not None, "a route without data has no body to read"
        return decoded(await self.body(), wanted.annotation)


def decoded(body: bytes, kind: Any) -> Any:
    """Return the record of a type that a body holds.

    Raises `UnreadableBody` if the body is not JSON, `WrongShape` if it holds anything else.
    """
    try:
        return _decoder(kind).decode(body)
    except msgspec.ValidationError as error:
        hint = "compare the body with /schema/openapi.json"
        raise WrongShape(f"the body has another shape: {error}", hint=hint) from None
    except UnicodeDecodeError as error:
        hint = "encode the body in UTF-8"
        raise UnreadableBody(f"not UTF-8: {error.reason}", hint=hint) from None
    except (msgspec.DecodeError, RecursionError) as error:
        if _half_character.search(body):
            return _with_half_characters(body, kind)
        hint = "send one JSON object"
        raise UnreadableBody(f"not JSON: {error}", hint=hint) from None


def _with_half_characters(body: bytes, kind: Any) -> Any:
    """Return the same of a body with lone surrogates: what they stand in is refused by itself."""
    try:
        return msgspec.convert(json.loads(body.decode(), parse_constant=_no_number), kind)
    except msgspec.ValidationError as error:
        hint = "compare the body with /schema/openapi.json"
        raise WrongShape(f"the body has another shape: {error}", hint=hint) from None
    except (ValueError, RecursionError) as error:
        raise UnreadableBody(f"not JSON: {error}", hint="send one JSON object") from None


def _no_number(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is no number")


@lru_cache(maxsize=64)
def _decoder(kind: Any) -> msgspec.json.Decoder[Any]:
    return msgspec.json.Decoder(kind)
