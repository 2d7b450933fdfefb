"""Synapse by the module synapse-http-antispam (Matrix): an event passes, or its author is told."""

from __future__ import annotations

import re

from kouling.errors import InvalidInput
from kouling.gate import Decision, Item, Surface, Visibility
from kouling.ids import GroupId, ItemId, UserId
from kouling.server.hooks.adapter import told
from kouling.server.hooks.matrix import AntispamCall, texts_in
from kouling.server.hooks.records import Ask, Hook, HookAnswer, HookCall, Outgoing, Posted

_media = re.compile(r"mxc://([\w.:\[\]-]{1,255}/[\w-]{1,255})")


def read(hook: Hook, call: HookCall) -> Posted | HookAnswer:
    """Return what somebody sends to a room; all else may happen."""
    asked = call.read(AntispamCall)
    if call.path == "ping":
        return HookAnswer({"id": asked.id, "status": "ok"})
    event = asked.event
    if event is None or call.path != "check_event_for_spam":
        return HookAnswer({})
    edited = event.content.get("m.new_content")
    contents = [event.content, *([edited] if isinstance(edited, dict) else [])]
    surface = hook.surface
    item = Item(
        id=ItemId(hook.key(event.event_id)),
        author=UserId(event.sender),
        surface=surface,
        text="\n".join(dict.fromkeys(text for one in contents for text in texts_in(one))),
        group=GroupId(event.room_id) if surface is Surface.group else None,
    )
    has_picture = event.type == "m.sticker" or event.content.get("msgtype") == "m.image"
    return Posted(item, (str(event.content.get("url") or "encrypted"),) if has_picture else ())


def answer(hook: Hook, call: HookCall, decision: Decision) -> HookAnswer:
    """Let an event pass, or refuse it with the reason, which its author alone is told."""
    if decision.visibility is Visibility.allow:
        return HookAnswer({})
    reason = told(decision, hook.language, quoting=True)
    return HookAnswer({"errcode": "M_FORBIDDEN", "error": reason}, 403)


def picture(hook: Hook, reference: str, ask: Ask) -> bytes:
    """Fetch a picture from the homeserver, which lets users of its own alone have it."""
    found = _media.fullmatch(reference)
    if found is None:
        raise InvalidInput("it is encrypted, or nowhere", hint="nothing can be done about it")
    path = f"/_matrix/client/v1/media/download/{found[1]}"
    return ask(Outgoing(method="GET", path=path, headers={"Authorization": f"Bearer {hook.token}"}))
