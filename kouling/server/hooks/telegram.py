"""A Telegram bot's webhook: the answer names the method by which a message is deleted."""

from __future__ import annotations

from urllib.parse import quote, urlencode

import msgspec

from kouling.errors import InvalidInput
from kouling.gate import Decision, Item, Surface, Visibility
from kouling.ids import GroupId, ItemId, UserId
from kouling.server.hooks.adapter import told
from kouling.server.hooks.records import Ask, Hook, HookAnswer, HookCall, Outgoing, Posted
from kouling.server.hooks.update import FileAnswer, Update, pictures_of, text_of


def read(hook: Hook, call: HookCall) -> Posted | HookAnswer:
    """Return what was written to a chat or channel, or changed there."""
    update = call.read(Update)
    said = update.said
    if said is None:
        return HookAnswer()
    alone = said.chat.type == "private"
    surface = Surface.direct if alone else hook.surface
    edition = (update.update_id,) if update.is_edit else ()
    item = Item(
        id=ItemId(hook.key(said.chat.id, said.message_id, *edition)),
        author=UserId(f"telegram:{said.author}"),
        surface=surface,
        text=text_of(said),
        group=GroupId(f"telegram:{said.chat.id}") if surface is Surface.group else None,
        to=UserId("telegram:bot") if surface is Surface.direct else None,
    )
    return Posted(item, pictures_of(said))


def answer(hook: Hook, call: HookCall, decision: Decision) -> HookAnswer:
    """Delete what is kept back; one who writes to the bot alone is told why instead."""
    said = call.read(Update).said
    if decision.visibility is Visibility.allow or said is None:
        return HookAnswer()
    if said.chat.type == "private":
        text = told(decision, hook.language)[:4096]
        return HookAnswer({"method": "sendMessage", "chat_id": said.chat.id, "text": text})
    chat, message = said.chat.id, said.message_id
    return HookAnswer({"method": "deleteMessage", "chat_id": chat, "message_id": message})


def picture(hook: Hook, reference: str, ask: Ask) -> bytes:
    """Ask where a file is, then fetch it; both with the bot's token."""
    path = f"/bot{hook.token}/getFile?{urlencode({'file_id': reference})}"
    found = msgspec.json.decode(ask(Outgoing(method="GET", path=path)), type=FileAnswer)
    if not found.result.file_path:
        raise InvalidInput("the file is too large for a bot", hint="nothing can be done about it")
    return ask(
        Outgoing(method="GET", path=f"/file/bot{hook.token}/{quote(found.result.file_path)}")
    )
