"""A call to a hook is answered: signature → event → pictures → decision or booking → answer.

The order of the steps stands here and nowhere else. The same event twice is decided and booked
once where there is a database, since what its own side calls it is its id; its answer is the same.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from msgspec.structs import replace

from kouling.errors import Conflict, InvalidInput, NotFound
from kouling.gate import Decision, Item, Visibility, picture_bytes_max, pictures_max
from kouling.picture import absent_picture
from kouling.server.hooks.adapter import Adapter
from kouling.server.hooks.adapters import adapters
from kouling.server.hooks.records import Ask, Hook, HookAnswer, HookCall, Posted, Sold
from kouling.server.hooks.remote import asks
from kouling.server.problems import Unsigned
from kouling.settle import Conversion, Refund

Decide = Callable[[Hook, Item], Decision]
"""Decides on an item by a hook's policy."""

Book = Callable[[Conversion | Refund], Any]
"""Books a sale or a refund."""

characters_max = 20_000
"""Characters that are decided on at once; a longer text is decided on in pieces."""

overlap = 200
"""Characters that two pieces of a text share, so that no code is cut in both."""

pieces_max = 10
"""Pieces of one message."""

_strictness = {Visibility.allow: 0, Visibility.limit: 1, Visibility.drop: 2}


_log = logging.getLogger("kouling.server")


class Hooks:
    """Hooks by their names; called, it answers what comes to one of them."""

    def __init__(self, hooks: Sequence[Hook], decide: Decide, book: Book | None) -> None:
        self._hooks: Mapping[str, Hook] = {hook.name: hook for hook in hooks}
        self._decide, self._book = decide, book

    def __call__(self, name: str, call: HookCall) -> HookAnswer:
        """Answer a call; raise `NotFound`, `Unsigned` or `InvalidInput` if it is none."""
        hook = self._hooks.get(name)
        if hook is None:
            raise NotFound(f"there is no hook {name!r:.60}", hint="see the file of hooks")
        adapter = adapters[hook.kind]
        if adapter.is_greeting(call):
            return HookAnswer({})
        if not adapter.is_signed(hook, call):
            raise Unsigned("the signature is not the hook's", hint="give both sides one secret")
        event = adapter.read(hook, call)
        if isinstance(event, HookAnswer):
            return event
        ask = asks(hook.host)
        if isinstance(event, Sold):
            return _booked(event, self._book)
        decision = self._decided(hook, _with_pictures(hook, adapter, event, ask))
        answer = adapter.answer(hook, call, decision)
        for request in answer.requests:
            ask(request)
        return answer

    def _decided(self, hook: Hook, item: Item) -> Decision:
        """Return the strictest decision on the pieces of what was posted."""
        decisions = [self._decide(hook, one) for one in pieces_of(item)]
        return max(decisions, key=lambda one: _strictness[one.visibility])


def pieces_of(item: Item) -> list[Item]:
    """Return items that the gate can decide on, together with all that stands in one."""
    # A NUL has no place in a database, and must not keep an item from being decided on.
    text, pictures = item.text.replace("\0", "\N{REPLACEMENT CHARACTER}"), item.pictures
    step = characters_max - overlap
    texts = [text[at : at + characters_max] for at in range(0, max(len(text) - overlap, 1), step)]
    shown = [pictures[at : at + pictures_max] for at in range(0, len(pictures), pictures_max)]
    count = max(len(texts), len(shown))
    if count > pieces_max:
        message = f"{len(text):,} characters and {len(pictures)} pictures"
        raise InvalidInput(message, hint="nothing that large is decided on")
    texts += [""] * (count - len(texts))
    shown += [()] * (count - len(shown))
    return [
        replace(item, id=item.id if not place else f"{item.id}#{place + 1}", text=one, pictures=two)
        for place, (one, two) in enumerate(zip(texts, shown, strict=True))
    ]


def _with_pictures(hook: Hook, adapter: Adapter, event: Posted, ask: Ask) -> Item:
    """Return the item with all its pictures; what stands for one that can't be had is not clean."""
    item = event.item
    inline = [_fitting(one, f"{item.id} {place}") for place, one in enumerate(item.pictures)]
    fetched = [_fetched(hook, adapter, one, ask) for one in event.wanted]
    return replace(item, pictures=(*inline, *fetched))


def _fetched(hook: Hook, adapter: Adapter, reference: str, ask: Ask) -> bytes:
    try:
        return _fitting(adapter.picture(hook, reference, ask), reference)
    except (InvalidInput, ValueError) as error:
        _log.warning("hook %s: a picture can't be had: %s", hook.name, error)
        return absent_picture(reference)


def _fitting(picture: bytes, reference: str) -> bytes:
    return picture if 0 < len(picture) <= picture_bytes_max else absent_picture(reference)


def _booked(event: Sold, book: Book | None) -> HookAnswer:
    """Book what was sold, each for itself; what can't be booked is told, and not sent again."""
    assert book is not None, "hooks that sell are refused where nothing can be booked"
    passed_over = []
    for sale in event.sales:
        try:
            book(sale)
        except (NotFound, Conflict, InvalidInput) as error:
            passed_over.append({"id": sale.id, "error": error.message, "hint": error.hint})
    for one in passed_over:
        _log.warning("not booked: %s", one)
    booked = len(event.sales) - len(passed_over)
    return HookAnswer({"booked": booked, "passed_over": passed_over})
