"""OneBot v11 by HTTP POST (QQ: NapCat, LLOneBot, go-cqhttp): the answer deletes, mutes, replies."""

from __future__ import annotations

import msgspec

from kouling.gate import Decision, Item, Surface, Visibility
from kouling.ids import GroupId, ItemId, UserId
from kouling.server.hooks.adapter import told
from kouling.server.hooks.records import Hook, HookAnswer, HookCall, Posted
from kouling.server.hooks.segments import Segment, pictures_in, segments_of, text_of


class QqReport(msgspec.Struct):
    """What OneBot reports; only a message has all of it."""

    post_type: str
    self_id: int = 0
    message_type: str = ""
    message_id: int | str = 0
    user_id: int = 0
    group_id: int = 0
    message: list[Segment] | str = ""


def read(hook: Hook, call: HookCall) -> Posted | HookAnswer:
    """Return what somebody has written in a group, or to the bot."""
    said = call.read(QqReport)
    if said.post_type != "message" or said.user_id == said.self_id:
        return HookAnswer(status=204)
    surface = hook.surface if said.message_type == "group" else Surface.direct
    segments = segments_of(said.message)
    inline, wanted = pictures_in(segments)
    item = Item(
        id=ItemId(hook.key(said.self_id, said.message_id)),
        author=UserId(f"qq:{said.user_id}"),
        surface=surface,
        text=text_of(segments),
        pictures=inline,
        group=GroupId(f"qq:{said.group_id}") if surface is Surface.group else None,
        to=UserId(f"qq:{said.self_id}") if surface is Surface.direct else None,
    )
    return Posted(item, wanted)


def answer(hook: Hook, call: HookCall, decision: Decision) -> HookAnswer:
    """Delete what is kept back; reply with the reason to what is dropped, and mute if asked to."""
    if decision.visibility is Visibility.allow:
        return HookAnswer(status=204)
    operation: dict[str, object] = {"delete": True}
    if decision.visibility is Visibility.drop:
        # Escaped, so that nothing in it is taken for a command.
        operation |= {"reply": told(decision, hook.language), "auto_escape": True}
        operation |= {"at_sender": True}
        if hook.mute_seconds:
            operation |= {"ban": True, "ban_duration": hook.mute_seconds}
    return HookAnswer(operation)
