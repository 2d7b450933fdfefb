"""What a hook is, what comes in by it, what is made of it, and what goes out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

import msgspec

from kouling.errors import InvalidInput
from kouling.gate import Item, Policy, Surface
from kouling.language import Language
from kouling.settle import Conversion, Refund

T = TypeVar("T")


class Hook(msgspec.Struct, frozen=True, kw_only=True):
    """One entry of the file of hooks: `kind` names its adapter, `secret` is shared with its side.

    `host` and `token` reach the other side's API, where an adapter needs it; `mute_seconds` is how
    long an author is muted; `mapping` is the generic adapter's. Without `policy` the one in force
    in the database decides.
    """

    name: str
    kind: str
    secret: str
    policy: Policy | None = None
    surface: Surface = Surface.group
    language: Language = Language.en
    host: str = ""
    token: str = ""
    mute_seconds: int = 0
    mapping: Any = None

    def key(self, *parts: object) -> str:
        """Return an id that no other hook gives: what the other side knows the thing by."""
        return ":".join(map(str, (self.name, *parts)))


class HookCall(msgspec.Struct, frozen=True, kw_only=True):
    """A request that came to a hook; `path` is what stands behind the hook's name in its address.

    The names of `headers` are in small letters.
    """

    body: bytes
    headers: Mapping[str, str] = {}
    path: str = ""

    def read(self, kind: type[T]) -> T:
        """Return the body as a record; raise `InvalidInput` if it is none."""
        try:
            return msgspec.json.decode(self.body, type=kind)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            hint = "compare it with what the adapter's side sends"
            raise InvalidInput(f"the event can't be read: {error}", hint=hint) from None


class Posted(msgspec.Struct, frozen=True):
    """An item that was posted, and where those of its pictures are that have to be fetched."""

    item: Item
    wanted: tuple[str, ...] = ()


class Sold(msgspec.Struct, frozen=True):
    """Sales and refunds, in the order in which they are booked."""

    sales: tuple[Conversion | Refund, ...]


class Outgoing(msgspec.Struct, frozen=True, kw_only=True):
    """A request to the API of the hook's own host."""

    method: str
    path: str
    headers: Mapping[str, str] = {}
    form: Mapping[str, str] = {}


class HookAnswer(msgspec.Struct, frozen=True):
    """What the other side is answered, and what is asked of its API before that."""

    body: Any = None
    status: int = 200
    requests: tuple[Outgoing, ...] = ()


Event = Posted | Sold | HookAnswer
"""What came in: something to decide on, something to book, or nothing of ours and its answer."""

Ask = Callable[[Outgoing], bytes]
"""Asks the hook's own host, and returns the body of its answer; raises `InvalidInput`."""
