"""Any side that sends JSON: a mapping says where in it an item's fields are, and what to answer."""

from __future__ import annotations

import msgspec

from kouling.gate import Decision, Item, Surface
from kouling.ids import GroupId, ItemId, UserId
from kouling.server.hooks.adapter import told
from kouling.server.hooks.mapping import Mapping, default_answer, filled, found, text_at
from kouling.server.hooks.plain import plain_text
from kouling.server.hooks.records import Hook, HookAnswer, HookCall, Posted
from kouling.server.hooks.signature import has_bearer, has_digest, has_secret


def is_signed(hook: Hook, call: HookCall) -> bool:
    """Whether the secret stands where the mapping says, or has signed the body."""
    mapping: Mapping = hook.mapping
    if mapping.secret_at:
        return has_secret(hook, text_at(call.read(object), mapping.secret_at))
    if mapping.header:
        return has_digest(hook, call, mapping.header, mapping.algorithm, mapping.prefix)
    return has_bearer(hook, call)


def read(hook: Hook, call: HookCall) -> Posted | HookAnswer:
    """Return the item that the mapping finds, if the event is of the kind that it is for."""
    mapping: Mapping = hook.mapping
    event, surface = call.read(object), hook.surface
    for path, wanted in mapping.when:
        if not {*map(str, found(event, path))} & {*wanted}:
            return HookAnswer({})
    at = {name: text_at(event, path) for name, path in mapping.fields}
    texts = [one for path in mapping.texts for one in found(event, path)]
    texts += [plain_text(str(one)) for path in mapping.html for one in found(event, path)]
    item = Item(
        id=ItemId(hook.key(at["id"])),
        author=UserId(at["author"]),
        surface=surface,
        text="\n".join(map(str, texts)),
        group=GroupId(at["group"]) if surface is Surface.group else None,
        to=UserId(at["to"]) if surface is Surface.direct else None,
        under=ItemId(hook.key(at["under"])) if surface is Surface.comment else None,
    )
    return Posted(item, tuple(str(one) for path in mapping.pictures for one in found(event, path)))


def answer(hook: Hook, call: HookCall, decision: Decision) -> HookAnswer:
    """Fill in the mapping's answer to the outcome."""
    mapping: Mapping = hook.mapping
    known = msgspec.to_builtins({"visibility": decision.visibility, "rules": decision.rules})
    known["reason"] = told(decision, hook.language)
    template = mapping.answers.get(decision.visibility.value, default_answer)
    return HookAnswer(filled(template, known, call.read(object)))
