"""The segments of a OneBot message, or its CQ codes, become text and pictures; cards included."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence
from typing import Any

import msgspec

from kouling.errors import InvalidInput
from kouling.text import bytes_of

_code = re.compile(r"\[CQ:(\w+)((?:,[^,\[\]]*)*)\]")
_in_xml = re.compile(r"=\s*\"([^\"]*)\"|=\s*'([^']*)'|>([^<>]+)<")

_inline = "base64://"

values_max = 200
"""Texts of one card that are read; those seen have fewer than 40."""


class Segment(msgspec.Struct):
    """One part of a message."""

    type: str
    data: dict[str, Any] = {}


def segments_of(message: list[Segment] | str) -> list[Segment]:
    """Return the parts of a message, which may be written as a text with CQ codes."""
    return message if isinstance(message, list) else list(_written(message))


def text_of(segments: Sequence[Segment]) -> str:
    """Return all text of a message, that of cards on lines of their own."""
    return "".join(filter(None, map(_text, segments)))


def pictures_in(segments: Sequence[Segment]) -> tuple[tuple[bytes, ...], tuple[str, ...]]:
    """Return pictures that came with the message, and where the others are."""
    inline: list[bytes] = []
    wanted: list[str] = []
    for one in segments:
        if one.type == "image":
            file, address = (str(one.data.get(name) or "") for name in ("file", "url"))
            try:
                inline.append(bytes_of(file.removeprefix(_inline), "a picture", "send base64"))
            except InvalidInput:
                wanted.append(address or file)
    return tuple(inline), tuple(wanted)


def _text(segment: Segment) -> str:
    data = segment.data
    if segment.type == "text":
        return str(data.get("text") or "")
    if segment.type in ("json", "xml"):
        read = _json_texts if segment.type == "json" else _xml_texts
        return "\n" + "\n".join(read(str(data.get("data") or ""))[:values_max]) + "\n"
    if segment.type in ("share", "markdown", "contact", "music", "location"):
        return "\n" + "\n".join(_leaves(data)) + "\n"
    return ""


def _json_texts(card: str) -> list[str]:
    try:
        return list(_leaves(msgspec.json.decode(card)))
    except (msgspec.DecodeError, RecursionError):
        return [card]


def _xml_texts(card: str) -> list[str]:
    """Return what stands in attributes and between tags; nothing is looked up or expanded."""
    return [html.unescape("".join(found)) for found in _in_xml.findall(card)] or [card]


def _leaves(value: Any) -> Iterator[str]:
    """Yield the texts of a JSON value, those of cards within cards too, in their order."""
    waiting = [value]
    while waiting:
        one = waiting.pop()
        if isinstance(one, dict | list):
            waiting += reversed(list(one.values() if isinstance(one, dict) else one))
        elif isinstance(one, str) and one.strip():
            yield one


def _written(message: str) -> Iterator[Segment]:
    end = 0
    for found in _code.finditer(message):
        yield Segment("text", {"text": _plain(message[end : found.start()])})
        fields = (one.partition("=") for one in found[2].split(",")[1:])
        yield Segment(found[1], {name: _plain(value) for name, _, value in fields})
        end = found.end()
    yield Segment("text", {"text": _plain(message[end:])})


def _plain(text: str) -> str:
    for written, meant in (("&#91;", "["), ("&#93;", "]"), ("&#44;", ","), ("&amp;", "&")):
        text = text.replace(written, meant)
    return text
