"""Find the few texts of a batch that deserve a closer look, and what to look for in one.

Folded texts joined by newlines come in, the numbers of the texts in which any trigger fires
come out; or one text, and the numbers of the triggers that fire in it. One pass of Hyperscan
reads it all; where its wheel is missing, google-re2 gives the same answer. A trigger that
matches a newline may flag a text too many.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import Any, Protocol

import re2

from kouling.errors import InvalidInput
from kouling.gate.text.kept import forget, kept, name_of

try:
    import hyperscan
except ImportError:  # there is no wheel for this machine
    has_hyperscan = False
else:
    has_hyperscan = True

matches_max = 256
"""Matches heard of in one pass over a batch; more of them mean few clean texts or a hostile one."""

line_matches_max = 4
"""Matches heard of for each line of a small batch, for the same reason."""

engines = ("hyperscan", "re2")
"""What can run the triggers, the faster one first."""


Handler = Callable[[int, int, int, int, Any], bool | None]


class Scanner(Protocol):
    """Anything that says which lines of a text a trigger fires in."""

    def lines(self, data: bytes) -> list[int]:
        """Return the numbers, in order, of the lines in which any trigger fires."""
        ...

    def fires(self, line: bytes) -> bool:
        """Say whether any trigger fires in one line."""
        ...

    def ends(self, line: bytes, most: int) -> list[int] | None:
        """Return where in a line matches end, in order; None if it can't say, or for too many."""
        ...


class Sorter(Protocol):
    """Anything that says which triggers fire in a text."""

    def which(self, line: bytes) -> set[int]:
        """Return the numbers of the triggers that fire in one line."""
        ...


def scanner(triggers: Sequence[str], engine: str | None = None) -> Scanner:
    """Return a scanner for regexes; `engine` forces one instead of the fastest there is."""
    return HyperscanScanner(triggers) if _is_hyperscan(engine) else Re2Scanner(triggers)


def sorter(triggers: Sequence[str], engine: str | None = None) -> Sorter:
    """Return a sorter for regexes, of which there may be none."""
    if not triggers:
        return Nothing()
    return HyperscanSorter(triggers) if _is_hyperscan(engine) else Re2Sorter(triggers)


def _is_hyperscan(engine: str | None) -> bool:
    chosen = engine or ("hyperscan" if has_hyperscan else "re2")
    if chosen not in engines or (chosen == "hyperscan" and not has_hyperscan):
        raise InvalidInput(f"the engine {chosen!r} is not here", hint=f"use {engines[1]!r}")
    return chosen == "hyperscan"


def why_not(trigger: str) -> str:
    """Return why an engine that is here can't run a regex, or an empty text."""
    if not has_hyperscan:
        return ""
    try:
        _compiled([trigger], 0)
    except hyperscan.error as error:
        return str(error).rstrip(".")
    return ""


class Automaton:
    """All triggers in one Hyperscan database; safe to use from many threads at once."""

    def __init__(self, triggers: Sequence[str], flags: int = 0) -> None:
        self._database = _loaded(triggers, flags)
        self._scratches = threading.local()

    def scan(self, data: bytes, handler: Handler, context: object) -> bool:
        """Return whether the handler stopped the scan."""
        scratch = getattr(self._scratches, "scratch", None)
        if scratch is None:
            # Hyperscan's working memory serves one scan at a time, so each thread has its own.
            scratch = self._scratches.scratch = hyperscan.Scratch(self._database)
        try:
            self._database.scan(data, handler, context=context, scratch=scratch)
        except hyperscan.ScanTerminated:
            return True
        return False


def _loaded(triggers: Sequence[str], flags: int) -> Any:
    """Return the database of triggers as it was kept, or compile it and keep it."""
    version: str = hyperscan.__version__  # type: ignore[attr-defined]  # its stubs leave it out
    name = name_of(version, flags, triggers)
    made = kept(name, lambda: bytes(hyperscan.dumpb(_compiled(triggers, flags))))
    try:
        return hyperscan.loadb(made, hyperscan.HS_MODE_BLOCK)
    except hyperscan.error:  # another build of the library kept it
        forget(name)
        return _compiled(triggers, flags)


def _compiled(triggers: Sequence[str], flags: int) -> Any:
    database = hyperscan.Database(mode=hyperscan.HS_MODE_BLOCK)
    database.compile(
        expressions=[trigger.encode() for trigger in triggers],
        ids=list(range(len(triggers))),
        elements=len(triggers),
        flags=hyperscan.HS_FLAG_UTF8 | flags,
    )
    return database


class HyperscanScanner:
    """A scanner that reads a whole batch in one pass."""

    def __init__(self, triggers: Sequence[str]) -> None:
        self._automaton = Automaton(triggers)

    def lines(self, data: bytes) -> list[int]:
        """Return the numbers, in order, of the lines in which any trigger fires."""
        if b"\n" not in data:
            return [0] if self.fires(data) else []
        ends: list[int] = []
        most = min(matches_max, line_matches_max * (1 + data.count(b"\n")))
        if not self._automaton.scan(data, _note, (ends, most)):
            return _lines_of(data, ends)
        # Matches everywhere: asking line by line for the first one costs less than hearing of all.
        return [number for number, line in enumerate(data.split(b"\n")) if self.fires(line)]

    def fires(self, line: bytes) -> bool:
        """Say whether any trigger fires in one line."""
        return self._automaton.scan(line, _stop, None)

    def ends(self, line: bytes, most: int) -> list[int] | None:
        """Return where in a line matches end, in order; None for more than so many."""
        found: list[int] = []
        stopped = self._automaton.scan(line, _note, (found, most + 1))
        return None if stopped else sorted(set(found))


class HyperscanSorter:
    """A sorter that hears of each trigger once."""

    def __init__(self, triggers: Sequence[str]) -> None:
        self._automaton = Automaton(triggers, hyperscan.HS_FLAG_SINGLEMATCH)

    def which(self, line: bytes) -> set[int]:
        """Return the numbers of the triggers that fire in one line."""
        found: set[int] = set()
        self._automaton.scan(line, _add, found)
        return found


class Re2Scanner:
    """The same by google-re2, one line at a time."""

    def __init__(self, triggers: Sequence[str]) -> None:
        self._set = _re2_set(triggers)

    def lines(self, data: bytes) -> list[int]:
        """Return the numbers, in order, of the lines in which any trigger fires."""
        return [number for number, line in enumerate(data.split(b"\n")) if self.fires(line)]

    def fires(self, line: bytes) -> bool:
        """Say whether any trigger fires in one line."""
        return bool(self._set.Match(line))

    def ends(self, line: bytes, most: int) -> list[int] | None:
        """Return no place where nothing fires; where something does, this engine can't say."""
        return None if most and self.fires(line) else []


class Re2Sorter:
    """The same by google-re2."""

    def __init__(self, triggers: Sequence[str]) -> None:
        self._set = _re2_set(triggers)

    def which(self, line: bytes) -> set[int]:
        """Return the numbers of the triggers that fire in one line."""
        return set(self._set.Match(line) or ())


class Nothing:
    """A sorter without triggers."""

    def which(self, _line: bytes) -> set[int]:
        """Return no number."""
        return set()


def _re2_set(triggers: Sequence[str]) -> re2._Set:
    options = re2.Options()
    options.never_capture = True
    options.max_mem = 256 << 20
    found = re2.Set.SearchSet(options)
    for trigger in triggers:
        found.Add(trigger)
    found.Compile()
    return found


def _note(_trigger: int, _start: int, end: int, _flags: int, heard: tuple[list[int], int]) -> bool:
    ends, most = heard
    ends.append(end)
    return len(ends) >= most


def _stop(_trigger: int, _start: int, _end: int, _flags: int, _context: None) -> bool:
    return True


def _add(trigger: int, _start: int, _end: int, _flags: int, found: set[int]) -> None:
    found.add(trigger)


def _lines_of(data: bytes, ends: list[int]) -> list[int]:
    """Return the numbers of the lines that hold the last byte of some match."""
    found: list[int] = []
    number = read = 0
    for end in sorted(ends):
        number += data.count(b"\n", read, end - 1)
        read = end - 1
        if not found or found[-1] != number:
            found.append(number)
    return found
