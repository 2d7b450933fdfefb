"""By what hooks decide and where they book: a policy alone, or a database that keeps it all."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from functools import partial
from typing import Any

from kouling.clock import now
from kouling.engine import Engine
from kouling.errors import Conflict, InvalidInput, NotFound
from kouling.gate import Decision, Item, bundled_policy
from kouling.inspector import AloneInspector, DatabaseInspector, Inspector
from kouling.server.hooks.adapters import adapters
from kouling.server.hooks.answering import Decide, Hooks
from kouling.server.hooks.records import Hook
from kouling.settle import Conversion, Refund

_log = logging.getLogger("kouling.server")


def opened_hooks(hooks: Sequence[Hook], inspector: Inspector) -> Hooks:
    """Return hooks that decide with an inspector's database, or with its detectors alone.

    Raises `InvalidInput` for a hook that sells where there is no database.
    """
    if isinstance(inspector, DatabaseInspector):
        return Hooks(hooks, partial(_kept, inspector), partial(_book, inspector.engine))
    assert isinstance(inspector, AloneInspector), "a third kind of inspector"
    for hook in hooks:
        if not adapters[hook.kind].surfaces:
            message = f"the hook {hook.name!r} books sales, and there is no database"
            raise InvalidInput(message, hint="give --database")
    return Hooks(hooks, _alone(hooks, inspector), None)


def _alone(hooks: Sequence[Hook], inspector: AloneInspector) -> Decide:
    by_hook = {
        hook.name: inspector.by(hook.policy or bundled_policy(adapters[hook.kind].policy))
        for hook in hooks
    }

    def decide(hook: Hook, item: Item) -> Decision:
        return _only(by_hook[hook.name]([item], now()))

    return decide


def _kept(inspector: DatabaseInspector, hook: Hook, item: Item) -> Decision:
    """Decide on an item and keep it.

    One that can't be kept is decided on all the same: it may comment on something from before
    the hook, or be an event that comes again with other pictures, or in other words.
    """
    engine, policy = inspector.engine, hook.policy or inspector.asked
    try:
        return engine.gate(item, policy)
    except (Conflict, NotFound) as error:
        _log.warning("hook %s: decided on and not kept: %s", hook.name, error)
        return _only(engine.gate.inspect([item], policy=policy))


def _only(outcomes: list[Decision | InvalidInput]) -> Decision:
    [outcome] = outcomes
    if isinstance(outcome, InvalidInput):
        raise outcome
    return outcome


def _book(engine: Engine, sale: Conversion | Refund) -> Any:
    return engine.settle(sale) if isinstance(sale, Conversion) else engine.settle.refund(sale)
