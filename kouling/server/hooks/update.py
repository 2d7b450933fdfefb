"""What Telegram tells a bot, as far as something is decided by it."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec


class Chat(msgspec.Struct):
    """A chat, or a user or channel as the sender of a message."""

    id: int
    type: str = ""


class TextMark(msgspec.Struct):
    """A part of a text; `url` is the address behind words that hide it."""

    url: str = ""


class TelegramFile(msgspec.Struct):
    """A file at Telegram; a photo comes in several sizes, the largest last."""

    file_id: str
    mime_type: str = ""
    is_animated: bool = False
    is_video: bool = False


class PollPart(msgspec.Struct):
    """A poll, or one of its answers."""

    question: str = ""
    text: str = ""
    options: list[PollPart] = []


class TelegramMessage(msgspec.Struct):
    """A message; its text is a caption where it has a picture."""

    message_id: int
    chat: Chat
    from_: Chat | None = msgspec.field(name="from", default=None)
    sender_chat: Chat | None = None
    text: str = ""
    caption: str = ""
    entities: list[TextMark] = []
    caption_entities: list[TextMark] = []
    photo: list[TelegramFile] = []
    document: TelegramFile | None = None
    sticker: TelegramFile | None = None
    poll: PollPart | None = None

    @property
    def author(self) -> int:
        """Who wrote it: a channel where somebody speaks for one, else the user."""
        return (self.sender_chat or self.from_ or self.chat).id


class Update(msgspec.Struct):
    """One thing that happened; most kinds are none of ours."""

    update_id: int
    message: TelegramMessage | None = None
    edited_message: TelegramMessage | None = None
    channel_post: TelegramMessage | None = None
    edited_channel_post: TelegramMessage | None = None

    @property
    def said(self) -> TelegramMessage | None:
        """The message that is new, or new in these words."""
        return self.message or self.channel_post or self.edited_message or self.edited_channel_post

    @property
    def is_edit(self) -> bool:
        """Whether a message was changed."""
        return not (self.message or self.channel_post)


class TelegramPlace(msgspec.Struct):
    """Where a file is."""

    file_path: str = ""


class FileAnswer(msgspec.Struct):
    """What Telegram answers to `getFile`."""

    result: TelegramPlace


def text_of(said: TelegramMessage) -> str:
    """Return all that a message shows in words, and the addresses behind them."""
    return "\n".join(filter(None, _texts(said)))


def pictures_of(said: TelegramMessage) -> tuple[str, ...]:
    """Return the ids of a message's pictures."""
    files = [*said.photo[-1:], *filter(None, (said.document, said.sticker))]
    moving = [one for one in files if one.is_animated or one.is_video]
    shown = [one for one in files if one.mime_type.partition("/")[0] in ("", "image")]
    return tuple(one.file_id for one in shown if one not in moving)


def _texts(said: TelegramMessage) -> Iterator[str]:
    yield from (said.text, said.caption)
    yield from (one.url for one in (*said.entities, *said.caption_entities))
    if said.poll is not None:
        yield said.poll.question
        yield from (one.text for one in said.poll.options)
