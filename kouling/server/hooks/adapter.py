"""An adapter: how one side of the outside world speaks. Its functions are pure."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from kouling.errors import InvalidInput
from kouling.gate import Decision, Surface, Visibility
from kouling.language import Language
from kouling.server.hooks.records import Ask, Event, Hook, HookAnswer, HookCall
from kouling.words import words_of


def _no_picture(hook: Hook, reference: str, ask: Ask) -> bytes:
    raise InvalidInput(f"{hook.kind} gives no pictures", hint="send them with the event")


def _no_answer(hook: Hook, call: HookCall, decision: Decision) -> HookAnswer:
    return HookAnswer({"visibility": decision.visibility})


class Adapter(NamedTuple):
    """How a side of the outside world speaks: its event → ours, our decision → its answer.

    The first of `surfaces` is taken unless the hook names another. `policy` decides where there is
    no database and the hook names none. `host` is where its API is unless the hook says so, and
    `needs` are the settings it can't do without. `is_greeting` tells an unsigned first call.
    """

    is_signed: Callable[[Hook, HookCall], bool]
    read: Callable[[Hook, HookCall], Event]
    answer: Callable[[Hook, HookCall, Decision], HookAnswer] = _no_answer
    picture: Callable[[Hook, str, Ask], bytes] = _no_picture
    surfaces: tuple[Surface, ...] = ()
    policy: str = "group-strict"
    language: Language = Language.en
    host: str = ""
    knows: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    is_greeting: Callable[[HookCall], bool] = lambda call: False


def told(decision: Decision, language: Language, *, quoting: bool = False) -> str:
    """Return why an item is not shown, in words.

    Where others read them nothing of the item is quoted, since that would show it after all.
    """
    return "\n".join(
        words_of(reason if quoting or reason.text is None else reason.text, language)
        for reason in decision.reasons
    )


def is_kept_back(decision: Decision) -> bool:
    """Whether others must not see an item: a chat can't show it to its author alone."""
    return decision.visibility is not Visibility.allow
