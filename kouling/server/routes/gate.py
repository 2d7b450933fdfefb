"""`POST /v1/gate/inspect`: a batch of items comes in, an answer for each goes out, in order.

Nothing is stored. An item that can't be inspected has its reason in its place, and its
neighbours are answered as if it were not there. Pictures are looked into before that, in worker
processes, while other requests are answered.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Annotated

import msgspec
from litestar import post
from litestar.handlers import HTTPRouteHandler
from litestar.params import HeaderParameter, JSONBody

from kouling.clock import now, read_time
from kouling.errors import InvalidInput, LimitExceeded
from kouling.gate import Item, Surface, picture_bytes_max, pictures_max
from kouling.ids import ItemId, UserId
from kouling.inspector import Inspector
from kouling.language import Language
from kouling.server.language import accepted_language
from kouling.server.problems import problem_responses
from kouling.text import bytes_of, check_characters
from kouling.words import Answer, answer_of

inspect_path = "/v1/gate/inspect"

items_max = 1_000
"""Items in one request."""

pictures_waiting_max = 200
"""Pictures that wait for a worker or are looked into, of all requests together."""

requests_refused_at_once = 4
"""Requests that are told at once that too many pictures wait, beside those that wait."""

pictures_per_request_max = 100
"""Pictures in one request, of all its items."""

inline_characters_max = 20_000
"""Characters of a batch that is inspected on the event loop itself.

That takes some 2 ms for ordinary text, and 20 ms for the worst that the benchmarks know.
"""

language_described = "Language of evidence and reasons: English, or Chinese where asked for."

pictures_described = (
    f"Up to {pictures_max} pictures of up to {picture_bytes_max:,} bytes, each in base64: JPEG,"
    " PNG, WebP or GIF, told by content. Signals name them by their place, from 1."
)

author_described = "Who posts it; with a database, what is known of them counts."
under_described = "The item that a comment stands under; with a database, codes in pieces are told."


class GivenItem(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A text to inspect, and pictures in base64; the answer bears the same `id`."""

    id: str | int
    text: str
    surface: str = Surface.moments.value
    author: Annotated[str, msgspec.Meta(description=author_described)] = ""
    under: Annotated[str | None, msgspec.Meta(description=under_described)] = None
    pictures: Annotated[tuple[str, ...], msgspec.Meta(description=pictures_described)] = ()


class InspectRequest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Items to inspect, and as of when: an ISO 8601 time, now unless given."""

    items: Annotated[list[GivenItem], msgspec.Meta(min_length=1, max_length=items_max)]
    at: str | None = None


class BadItem(msgspec.Struct, frozen=True, kw_only=True):
    """Why an item can't be inspected, and what to do."""

    id: str | int
    error: str
    hint: str


@dataclass(frozen=True, slots=True)
class InspectAnswer:
    """One decision for each item, in their order.

    This is no Struct because msgspec describes no union of two Structs without tags.
    """

    decisions: list[Answer | BadItem]


def gate_routes(inspector: Inspector, threads: Executor) -> Sequence[HTTPRouteHandler]:
    """Return the routes of the gate.

    In each of the threads one request waits for its pictures, so that neither the event loop nor a
    large batch of texts waits for them.
    """

    @post(
        inspect_path,
        summary="Inspect items and decide on them, storing nothing",
        status_code=HTTPStatus.OK,
        response_description="One decision for each item, in their order",
        responses=problem_responses(
            HTTPStatus.BAD_REQUEST,
            HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
            HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
            HTTPStatus.UNPROCESSABLE_ENTITY,
        ),
    )
    async def inspect_items(
        data: JSONBody[InspectRequest],
        accept_language: Annotated[
            str, HeaderParameter(name="Accept-Language", description=language_described)
        ] = "",
    ) -> InspectAnswer:
        language = accepted_language(accept_language)
        at = now() if data.at is None else read_time(data.at)
        # A thread costs more than a small batch does; a large one must not keep others waiting.
        if is_small(data.items):
            return answered(data.items, inspector, at, language)
        if not any(one.pictures for one in data.items):
            return await asyncio.to_thread(answered, data.items, inspector, at, language)
        _check_count(data.items)
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(threads, answered, data.items, inspector, at, language)

    return [inspect_items]


def is_small(given: Sequence[GivenItem]) -> bool:
    """Whether items take so little that they are inspected on the event loop itself."""
    characters = 0
    for one in given:
        characters += len(one.text)
        if one.pictures:
            return False
    return characters <= inline_characters_max


def answered(
    given: Sequence[GivenItem], inspector: Inspector, at: datetime, language: Language = Language.en
) -> InspectAnswer:
    """Judge items all at once as of a time, and answer each in its place and in a language."""
    outcomes = inspector([_item(one) for one in given], at)
    return InspectAnswer(
        decisions=[
            BadItem(id=_shown(one.id), error=outcome.message, hint=outcome.hint)
            if isinstance(outcome, InvalidInput)
            else answer_of(one.id, outcome, language)
            for one, outcome in zip(given, outcomes, strict=True)
        ]
    )


def _check_count(given: Sequence[GivenItem]) -> None:
    count = sum(len(one.pictures) for one in given)
    if count > pictures_per_request_max:
        hint = f"send at most {pictures_per_request_max} in one request"
        raise LimitExceeded(f"{count} pictures in all items", hint=hint)


def _item(given: GivenItem) -> Item | InvalidInput:
    try:
        for name in ("id", "author", "under"):
            check_characters(str(getattr(given, name) or ""), name)
        surface = Surface.named(given.surface)
        pictures = _pictures(given.pictures) if given.pictures else ()
    except InvalidInput as error:
        return error
    id = ItemId(str(given.id))
    return Item(
        id=id,
        author=UserId(given.author),
        surface=surface,
        text=given.text,
        pictures=pictures,
        under=ItemId(given.under) if given.under else None,
    )


def _shown(id: str | int) -> str | int:
    """Return an id as an answer can bear it: half a character has none in UTF-8."""
    return id.encode(errors="replace").decode() if isinstance(id, str) else id


def _pictures(given: Sequence[str]) -> tuple[bytes, ...]:
    hint = "send the bytes of the file in base64, without data: and line breaks"
    return tuple(
        bytes_of(picture, f"picture {place}", hint) for place, picture in enumerate(given, 1)
    )
