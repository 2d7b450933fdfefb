"""`POST /v1/gate/inspect`: a batch of items comes in, an answer for each goes out, in order.

Nothing is stored. An item that can't be inspected has its reason in its place, and its
neighbours are answered as if it were not there.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Annotated, NamedTuple

import msgspec
from litestar import post
from litestar.handlers import HTTPRouteHandler
from litestar.params import JSONBody

from kouling.clock import now, read_time
from kouling.errors import InvalidInput
from kouling.gate import (
    Answer,
    Author,
    Detectors,
    Item,
    Policy,
    Surface,
    answer_of,
    check_text,
    decide,
    in_force,
    inspect,
)
from kouling.ids import ItemId, UserId
from kouling.server.problems import problem_responses

inspect_path = "/v1/gate/inspect"

items_max = 1_000
"""Items in one request."""

inline_characters_max = 20_000
"""Characters of a batch that is inspected on the event loop itself.

That takes some 2 ms for ordinary text, and 20 ms for the worst that the benchmarks know.
"""

nobody = Author(UserId(""), banned=False)
"""Items come without authors here: what is asked is what a text would meet."""


class Judge(NamedTuple):
    """What items are judged by."""

    detectors: Detectors
    policy: Policy


class GivenItem(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A text to inspect; the answer bears the same `id`."""

    id: str | int
    text: str
    surface: str = Surface.moments.value


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


def gate_routes(judge: Judge) -> Sequence[HTTPRouteHandler]:
    """Return the routes of the gate."""

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
    async def inspect_items(data: JSONBody[InspectRequest]) -> InspectAnswer:
        at = now() if data.at is None else read_time(data.at)
        # A thread costs more than a small batch does; a large one must not keep others waiting.
        if sum(len(given.text) for given in data.items) <= inline_characters_max:
            return answered(data.items, judge, at)
        return await asyncio.to_thread(answered, data.items, judge, at)

    return [inspect_items]


def answered(given: Sequence[GivenItem], judge: Judge, at: datetime) -> InspectAnswer:
    """Inspect all items at once and answer each in its place."""
    checked = [_checked(one) for one in given]
    items = [one for one in checked if isinstance(one, Item)]
    found = iter(inspect(items, judge.detectors))
    policy = in_force([judge.policy], at)
    return InspectAnswer(
        decisions=[
            answer_of(one.id, decide(item, next(found), nobody, policy, at))
            if isinstance(item, Item)
            else item
            for one, item in zip(given, checked, strict=True)
        ]
    )


def _checked(given: GivenItem) -> Item | BadItem:
    try:
        check_text(given.text)
        surface = _surface(given.surface)
    except InvalidInput as error:
        return BadItem(id=given.id, error=error.message, hint=error.hint)
    return Item(id=ItemId(str(given.id)), author=UserId(""), surface=surface, text=given.text)


def _surface(name: str) -> Surface:
    try:
        return Surface(name)
    except ValueError:
        known = ", ".join(Surface)
        raise InvalidInput(f"surface {name!r:.60} is unknown", hint=f"known: {known}") from None
