"""A YAML file is read as nodes that know their place, so that an error can name it.

Policies and detector packs are written by people: every mistake is answered with file, line,
column and a hint. Anchors and aliases are refused, since a few of them can stand for gigabytes;
so are tags, which ask for objects, repeated keys and deep nesting.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Protocol, TypeVar

import yaml

from kouling.clock import read_time
from kouling.errors import InvalidInput, PolicyError

file_bytes_max = 2_000_000
"""Bytes of a policy or pack: some 5,000 families."""

nesting_max = 8
"""Levels of a file; a pack has six, a policy four."""

_constants = {"true": True, "false": False, "null": None, "": None}
_whole = re.compile(r"-?\d{1,18}")
_surrogate = re.compile("[\ud800-\udfff]")


T = TypeVar("T")

faults_max = 50
"""Mistakes of one file that are told at once."""


class Faults:
    """What is wrong in a file, gathered while it is read on, so that it is told at once."""

    def __init__(self) -> None:
        self._found: list[PolicyError] = []

    def tried(self, read: Callable[[Node], T], node: Node | None, instead: T) -> T:
        """Return what is read of a node; `instead` if it is left out or wrong."""
        if node is None:
            return instead
        try:
            return read(node)
        except PolicyError as error:
            self.add(error)
            return instead

    def add(self, error: PolicyError) -> None:
        """Add an error, with those beside it."""
        self._found += [error, *error.others]

    def check(self) -> None:
        """Raise one `PolicyError` of all that was found, if anything was."""
        if not self._found:
            return
        told, left = self._found[:faults_max], len(self._found) - faults_max
        if left > 0:
            told.append(PolicyError(f"and {left} more mistakes", hint="mend these first"))
        first, *others = told
        raise PolicyError(first.message, hint=first.hint, where=first.where, others=others)


class Node:
    """One value of a YAML file, with the place where it stands.

    Whoever asks for what the value isn't gets a `PolicyError` that names the place.
    """

    def __init__(self, node: yaml.Node, file: str) -> None:
        self._node, self._file = node, file

    @property
    def file(self) -> str:
        """The name of the file."""
        return self._file

    @property
    def where(self) -> str:
        """File, line and column, counted from 1."""
        return _where(self._file, self._node.start_mark)

    def where_in_text(self, line: int, column: int) -> str:
        """Place of a line and column (from 1) of this node's text, however it is laid out.

        Layout adds and removes blanks alone, so the other characters are counted.
        """
        *above, last = self.text().split("\n")[:line]
        before = "".join("".join([*above, last[: column - 1]]).split())
        at_end = not last[column - 1 : column].strip()
        mark, style = self._node.start_mark, getattr(self._node, "style", None)
        source, begin = mark.buffer or "", mark.pointer
        if style in ("|", ">"):
            begin = source.index("\n", begin)
        elif style:
            begin += 1
        return _where_at(self._file, source, _after(source, begin, len(before), at_end=at_end))

    def error(self, message: str, hint: str) -> PolicyError:
        """Return an error that names this place."""
        return PolicyError(message, hint=hint, where=self.where)

    @property
    def is_mapping(self) -> bool:
        """Whether it is `name: value` lines."""
        return isinstance(self._node, yaml.MappingNode)

    @property
    def is_list(self) -> bool:
        """Whether it is a list."""
        return isinstance(self._node, yaml.SequenceNode)

    def value(self) -> Any:
        """Return what is written as JSON has it: texts, whole numbers, true, false, null, more."""
        if self.is_mapping:
            return {name: node.value() for name, node in self.pairs().items()}
        if self.is_list:
            return [node.value() for node in self.items()]
        written = str(self._node.value)
        is_bare = getattr(self._node, "style", None) is None
        if is_bare and written in _constants:
            return _constants[written]
        return int(written) if is_bare and _whole.fullmatch(written) else written

    def text(self) -> str:
        """Return the text, which may not be empty."""
        if not isinstance(self._node, yaml.ScalarNode) or not self._node.value:
            hint = "write one value, in quotes if it has ': ' or '#'"
            raise self.error("a text is wanted here", hint)
        return str(self._node.value)

    def texts(self) -> tuple[str, ...]:
        """Return a list of texts."""
        return tuple(node.text() for node in self.items())

    def whole(self, low: int, high: int) -> int:
        """Return a whole number from `low` to `high`."""
        text = self.text()
        digits = text.isascii() and text.isdigit() and len(text) <= len(str(high))
        if not (digits and low <= int(text) <= high):
            message = f"{text!r:.60} is no whole number from {low} to {high}"
            raise self.error(message, f"write digits alone, such as {low}")
        return int(text)

    def time(self) -> datetime:
        """Return the time that is written, in UTC; a bare date is its midnight."""
        try:
            return read_time(self.text())
        except PolicyError:
            raise
        except InvalidInput as error:
            raise self.error(error.message, error.hint) from None

    def choice(self, allowed: Iterable[str]) -> str:
        """Return the text if it is one of those allowed."""
        allowed, text = list(allowed), self.text()
        if text not in allowed:
            raise self.error(f"{text!r:.60} can't stand here", suggest(text, allowed))
        return text

    def items(self) -> list[Node]:
        """Return the entries of a list."""
        if not isinstance(self._node, yaml.SequenceNode):
            hint = "write '[a, b]', or begin each entry with '- '"
            raise self.error("a list is wanted here", hint)
        return [Node(child, self._file) for child in self._node.value]

    def pairs(self) -> dict[str, Node]:
        """Return a mapping's values by key; no key may be repeated."""
        return {key.text(): value for key, value in self._pairs()}

    def fields(self, required: Iterable[str], optional: Iterable[str] = ()) -> dict[str, Node]:
        """Return a mapping that has all required fields and no unknown ones."""
        faults = Faults()
        found = self.fields_so_far(faults, required, optional)
        faults.check()
        return found

    def fields_so_far(
        self, faults: Faults, required: Iterable[str], optional: Iterable[str] = ()
    ) -> dict[str, Node]:
        """Return the known fields of a mapping, and add what is wrong with the others."""
        required, pairs = list(required), self._pairs()
        known = [*required, *optional]
        unknown = [key for key, _ in pairs if key.text() not in known]
        for key in unknown:
            faults.add(key.error(f"{key.text()!r:.60} is unknown here", suggest(key.text(), known)))
        found = {key.text(): value for key, value in pairs if key.text() in known}
        misspelt = {name for key in unknown for name in get_close_matches(key.text(), known, n=1)}
        missing = [name for name in required if name not in found]
        if set(missing) - misspelt:
            faults.add(self.error(f"{', '.join(missing)} left out", f"add '{missing[0]}: …'"))
        return found

    def _pairs(self) -> list[tuple[Node, Node]]:
        if not isinstance(self._node, yaml.MappingNode):
            wide = "：" in str(self._node.value)
            hint = "write ': ', a half-width colon and a blank, for '：'"
            raise self.error(
                "a mapping is wanted here", hint if wide else "write 'name: value' lines"
            )
        pairs = [(Node(k, self._file), Node(v, self._file)) for k, v in self._node.value]
        seen: set[str] = set()
        for key, _ in pairs:
            if key.text() in seen:
                raise key.error(f"{key.text()!r:.60} stands here twice", "remove one of the two")
            seen.add(key.text())
        return pairs


def read_file(path: Path) -> str:
    """Return the text of a file; raise `PolicyError` if it can't be read, is no UTF-8 or large."""
    try:
        with path.open("rb") as file:
            data = file.read(file_bytes_max + 1)
    except OSError as error:
        message = f"the file can't be read: {error.strerror or 'it does not open'}"
        raise PolicyError(message, hint="check the path", where=_where(str(path))) from None
    _check_size(len(data), str(path))
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        good = data[: error.start].decode()
        where = _where_at(str(path), good, len(good))
        raise PolicyError("the file is not UTF-8", hint="save it as UTF-8", where=where) from None


def read_document(text: str, file: str) -> Node:
    """Read YAML text into its root node; raise `PolicyError` with its place if it is broken."""
    _check_size(len(text.encode("utf-8", "surrogatepass")), file)
    try:
        root = yaml.compose(text, Loader=_Loader)
    except yaml.reader.ReaderError as error:
        raise _forbidden(error, text, file) from None
    except yaml.MarkedYAMLError as error:
        raise _broken(error, file) from None
    except _Refused as refused:
        message, hint = refused.reason
        raise PolicyError(message, hint=hint, where=_where(file, refused.mark)) from None
    except (ValueError, OverflowError) as error:  # PyYAML lets them pass for numbers too large.
        message = f"this is not YAML: {error}"
        raise PolicyError(message, hint="mend the escapes", where=_where(file)) from None
    if root is None:
        hint = "begin with 'version: …'"
        raise PolicyError("the file is empty", hint=hint, where=_where(file))
    return Node(root, file)


def _check_size(size: int, file: str) -> None:
    if size > file_bytes_max:
        message = f"the file has more than {file_bytes_max} bytes"
        raise PolicyError(message, hint="make it smaller", where=_where(file))


class _Refused(Exception):
    """What stands at a mark has no place in a file."""

    def __init__(self, reason: tuple[str, str], mark: _Mark | None) -> None:
        super().__init__(*reason)
        self.reason, self.mark = reason, mark


class _Loader(yaml.SafeLoader):
    """A loader that refuses what has no place in a file before it builds a node of it."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self._depth = 0

    def get_event(self) -> yaml.Event:
        """Return the next event, which becomes a node or a part of one."""
        event: yaml.Event = super().get_event()  # type: ignore[no-untyped-call]  # PyYAML has no types here
        self._depth += isinstance(event, yaml.CollectionStartEvent)
        self._depth -= isinstance(event, yaml.CollectionEndEvent)
        reason = _refused(event, self._depth)
        if reason:
            raise _Refused(reason, event.start_mark)
        return event


def _refused(event: yaml.Event, depth: int) -> tuple[str, str] | None:
    if getattr(event, "anchor", None):
        return "anchors and aliases are not allowed", "write the value out"
    if getattr(event, "tag", None):
        return "tags are not allowed", "remove the word that begins with '!'"
    if _surrogate.search(getattr(event, "value", "")):
        return "half of a character stands here", "mend the escapes that begin with '\\u'"
    if depth > nesting_max:
        return f"the file is nested more than {nesting_max} levels deep", "flatten it"
    return None


def _forbidden(error: yaml.reader.ReaderError, text: str, file: str) -> PolicyError:
    code = f"U+{ord(text[error.position]):04X}"
    where = _where_at(file, text, error.position)
    return PolicyError(f"this is not YAML: it forbids {code}", hint="remove it", where=where)


def _broken(error: yaml.MarkedYAMLError, file: str) -> PolicyError:
    problem = ", ".join(filter(None, (error.context, error.problem)))
    mark = error.problem_mark or error.context_mark
    where = _where(file, mark)
    hint = _hint_of_broken(problem, mark)
    return PolicyError(f"this is not YAML: {problem}", hint=hint, where=where)


def _hint_of_broken(problem: str, mark: yaml.Mark | None) -> str:
    source = (mark.buffer or "").rstrip("\0") if mark else ""
    line = mark.line if mark else 0
    near = source.split("\n")[max(0, line - 1) : line + 1]
    if "\\t" in problem:
        return "indent with blanks, not with tabs"
    if any("：" in one for one in near):
        return "write ': ', a half-width colon and a blank, for '：'"
    if any(re.match(r"\s*(- )?\w+:\S", one) for one in near):
        return "leave a blank behind the colon"
    return "put texts with special characters in single quotes"


class _Mark(Protocol):
    """A place in a file as PyYAML has it, counted from 0."""

    line: int
    column: int


def _where(file: str, mark: _Mark | None = None) -> str:
    return f"{file}:{mark.line + 1}:{mark.column + 1}" if mark else f"{file}:1:1"


def _where_at(file: str, source: str, offset: int) -> str:
    before = source[:offset]
    return f"{file}:{before.count(chr(10)) + 1}:{offset - before.rfind(chr(10))}"


def _after(source: str, begin: int, count: int, *, at_end: bool) -> int:
    """Offset of the character that follows `count` ones that are not blank, or of their end."""
    seen, end = 0, begin
    for offset in range(begin, len(source)):
        if source[offset].isspace():
            continue
        if seen == count:
            return end if at_end else offset
        seen, end = seen + 1, offset + 1
    return end


def suggest(name: str, known: Sequence[str]) -> str:
    """Return the hint for a name that is not known: the nearest one, or all there are."""
    close = get_close_matches(name, known, n=1)
    return f"did you mean {close[0]!r}" if close else f"one of: {', '.join(known)}"
