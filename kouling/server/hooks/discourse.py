"""Discourse's webhook for posts; its answer is not read, so what is decided goes to its API."""

from __future__ import annotations

from kouling.gate import Decision, Item, Surface, Visibility
from kouling.ids import GroupId, ItemId, UserId
from kouling.server.hooks.forum import ForumReport
from kouling.server.hooks.plain import pictures_in_html, plain_text
from kouling.server.hooks.records import Hook, HookAnswer, HookCall, Outgoing, Posted

_spam = "8"
"""The flag for advertisements (`post_action_type_id`)."""


def read(hook: Hook, call: HookCall) -> Posted | HookAnswer:
    """Return what was written or changed; the forum's own messages are none of ours."""
    said = call.read(ForumReport).post
    event = call.headers.get("x-discourse-event", "")
    if said is None or event not in ("post_created", "post_edited") or said.user_id < 0:
        return HookAnswer({})
    surface = hook.surface
    item = Item(
        id=ItemId(hook.key("post", said.id, said.version)),
        author=UserId(f"discourse:{said.user_id}"),
        surface=surface,
        text=said.raw or plain_text(said.cooked),
        group=GroupId(f"discourse:{said.topic_id}") if surface is Surface.group else None,
    )
    return Posted(item, pictures_in_html(said.cooked))


def answer(hook: Hook, call: HookCall, decision: Decision) -> HookAnswer:
    """Delete what is dropped; what is limited is hidden and waits in the forum's review queue."""
    said = call.read(ForumReport).post
    if decision.visibility is Visibility.allow or said is None:
        return HookAnswer({})
    headers = {"Api-Key": hook.token, "Api-Username": "system"}
    if decision.visibility is Visibility.drop:
        request = Outgoing(method="DELETE", path=f"/posts/{said.id}.json", headers=headers)
        return HookAnswer({}, requests=(request,))
    flag = {"id": str(said.id), "post_action_type_id": _spam, "queue_for_review": "true"}
    request = Outgoing(method="POST", path="/post_actions.json", headers=headers, form=flag)
    return HookAnswer({}, requests=(request,))
