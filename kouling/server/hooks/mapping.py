"""A mapping: where in an event an item's fields are, and what is answered; read from YAML.

A path is written `message.sender.id`; a number picks from a list, and `*` takes all of it. In an
answer `{reason}`, `{visibility}`, `{rules}` and `{event.PATH}` are filled in, once: what is put in
is never read again.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import msgspec

from kouling.document import Node
from kouling.errors import InvalidInput
from kouling.gate import Visibility

values_max = 100
"""Values that a path with `*` finds."""

default_answer = {"visibility": "{visibility}", "rules": "{rules}", "reason": "{reason}"}
"""What is answered where a mapping says nothing of an outcome."""

_addressed = ("group", "to", "under")
_lists = ("text", "html", "pictures")
_hole = re.compile(r"\{(reason|visibility|rules|event(?:\.[^{}\s.]+)+)\}")
_algorithms = ("sha1", "sha256", "sha512")


class Mapping(msgspec.Struct, frozen=True, kw_only=True):
    """What a generic hook reads and answers; `when` are values of which one has to stand there."""

    fields: tuple[tuple[str, str], ...]
    texts: tuple[str, ...] = ()
    html: tuple[str, ...] = ()
    pictures: tuple[str, ...] = ()
    when: tuple[tuple[str, tuple[str, ...]], ...] = ()
    answers: dict[str, Any] = {}
    header: str = ""
    algorithm: str = "sha256"
    prefix: str = ""
    secret_at: str = ""


def read_mapping(node: Node, needed: str = "") -> Mapping:
    """Read a mapping; `needed` is the field that the hook's surface asks for, if any."""
    required = ["id", "author", *([needed] if needed else [])]
    optional = [*_addressed, *_lists, "when", "answer", "signature"]
    given = node.fields(required, [one for one in optional if one not in required])
    if "text" not in given and "html" not in given:
        raise node.error("text left out", "add 'text: …', or 'html: …' where it is HTML")
    fields = [(one, given[one]) for one in ("id", "author", *_addressed) if one in given]
    when = given["when"].pairs() if "when" in given else {}
    return Mapping(
        fields=tuple((name, one.text()) for name, one in fields),
        texts=_paths(given, "text"),
        html=_paths(given, "html"),
        pictures=_paths(given, "pictures"),
        when=tuple((path, _one_or_more(wanted)) for path, wanted in when.items()),
        answers=_answers(given["answer"]) if "answer" in given else {},
        **_signature(given.get("signature")),
    )


def found(event: Any, path: str) -> list[Any]:
    """Return what stands at a path of an event; nothing if there is nothing."""
    values = [event]
    for part in path.split("."):
        values = [inner for value in values for inner in _step(value, part)][:values_max]
    return [value for value in values if value is not None]


def text_at(event: Any, path: str) -> str:
    """Return the text or number at a path; raise `InvalidInput` if there is none."""
    values = found(event, path)
    if not values or isinstance(values[0], dict | list | bool):
        hint = "see what the event looks like, and mend the mapping"
        raise InvalidInput(f"the event has no {path!r:.80}", hint=hint)
    return str(values[0])


def filled(template: Any, known: dict[str, Any], event: Any) -> Any:
    """Return an answer with all that is to be put into it."""
    if isinstance(template, dict):
        return {name: filled(one, known, event) for name, one in template.items()}
    if isinstance(template, list):
        return [filled(one, known, event) for one in template]
    if not isinstance(template, str):
        return template
    whole = _hole.fullmatch(template)
    if whole is not None:
        return _value(whole[1], known, event)
    return _hole.sub(lambda hole: _shown(_value(hole[1], known, event)), template)


def _step(value: Any, part: str) -> Iterator[Any]:
    if isinstance(value, list):
        if part == "*":
            yield from value
        elif part.isascii() and part.isdigit() and int(part[:6]) < len(value):
            yield value[int(part[:6])]
    elif isinstance(value, dict):
        if part == "*":
            yield from value.values()
        elif part in value:
            yield value[part]


def _value(name: str, known: dict[str, Any], event: Any) -> Any:
    if not name.startswith("event."):
        return known[name]
    values = found(event, name.removeprefix("event."))
    return values[0] if values else None


def _shown(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _paths(given: dict[str, Node], name: str) -> tuple[str, ...]:
    return _one_or_more(given[name]) if name in given else ()


def _one_or_more(node: Node) -> tuple[str, ...]:
    return node.texts() if node.is_list else (node.text(),)


def _answers(node: Node) -> dict[str, Any]:
    return {name: one.value() for name, one in node.fields((), tuple(Visibility)).items()}


def _signature(node: Node | None) -> dict[str, str]:
    if node is None:
        return {}
    given = node.fields((), ("header", "algorithm", "prefix", "field"))
    if ("header" in given) == ("field" in given):
        hint = "name the header that bears the HMAC, or the field in which the secret stands"
        raise node.error("a signature has either a header or a field", hint)
    if "field" in given:
        return {"secret_at": given["field"].text()}
    algorithm = given["algorithm"].choice(_algorithms) if "algorithm" in given else "sha256"
    prefix = given["prefix"].text() if "prefix" in given else ""
    return {"header": given["header"].text().lower(), "algorithm": algorithm, "prefix": prefix}
