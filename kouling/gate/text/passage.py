"""One text under inspection, with all that the detectors read in it.

An original text comes in; views, readings, addresses and marks come out, each worked out once
and only when a detector asks.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator
from itertools import chain, islice
from typing import Any, Generic, NamedTuple, TypeVar
from unicodedata import category

from kouling.fold import Folded, View
from kouling.gate.evidence import Evidence, EvidenceKind
from kouling.gate.records import Signal
from kouling.gate.text.address import Address, addresses_in, addresses_max
from kouling.gate.text.mending import Mending, over_lines
from kouling.gate.text.reading import Reading, joined, readings_of, regions_max
from kouling.gate.text.scan import Scanner, Sorter
from kouling.gate.text.spelt import spelt_out
from kouling.gate.text.token import holds_number
from kouling.gate.text.triggers import Sign
from kouling.gate.text.weigh import Finding
from kouling.gate.text.wording import Mark, Marks, Meanings, Wording
from kouling.gate.text.words import is_of_words
from kouling.gate.text.worth import Worth
from kouling.mint import KeyRing

reach = 160
"""Characters within which wording belongs to a code."""

reading_effort = 150
seeking_effort = 4
address_effort = 200
mark_effort = 20
joining_effort = 3
"""What a reading takes, each character where addresses are sought, an address, a mark, and each
character where pieces are put together; any character read takes 1."""


class Occurrence(NamedTuple):
    """An address and the reading it was found in; `start` and `end` are folded offsets."""

    start: int
    end: int
    address: Address
    reading: Reading


class Lens(NamedTuple):
    """What a passage is looked at with; the sorter says cheaply what need not be looked for."""

    wording: Wording
    sorter: Sorter
    signs: tuple[Sign, ...]
    torn: Scanner
    mending: Mending
    worth: Worth

    def signs_in(self, folded: str) -> frozenset[Sign]:
        """Return what a folded text has signs of."""
        return frozenset(self.signs[number] for number in self.sorter.which(folded.encode()))


_T = TypeVar("_T")


class _Once(Generic[_T]):
    """What is worked out when first asked for: `cached_property` without its costly lock.

    A passage is looked at by one thread.
    """

    def __init__(self, find: Callable[[Any], _T]) -> None:
        self._find, self._name = find, find.__name__

    def __get__(self, passage: Any, _kind: object) -> _T:
        found = passage.__dict__[self._name] = self._find(passage)
        return found


class Passage:
    """One text and what it says."""

    def __init__(self, folded: Folded, lens: Lens, ring: KeyRing | None = None) -> None:
        self.text = folded.text
        self.ring = ring
        self.views = folded
        self._lens = lens
        self.view: View = folded.folded
        self.folded = self.view.text
        self.unread: list[tuple[int, Evidence]] = []
        self.linked: list[tuple[int, int]] = []
        """Where addresses stand as they are written: nothing inside of one is put together."""
        self.effort = 0

    def over(self, folded: Folded) -> Passage:
        """Return another text, to be looked at in the same way."""
        return Passage(folded, self._lens, self.ring)

    def leave(self, at: int, why: EvidenceKind, read: int) -> None:
        """Note that so much was read, and from a place in the folded text on nothing more."""
        self.unread.append((self.original(at, at)[0], Evidence(why, about=str(read))))

    @_Once
    def signs(self) -> frozenset[Sign]:
        """What the text has signs of."""
        return self._lens.signs_in(self.folded)

    def signs_in(self, reading: Reading) -> frozenset[Sign]:
        """Return what a reading of the text has signs of."""
        return self._lens.signs_in(reading.text) if reading.disguise else self.signs

    @_Once
    def readings(self) -> list[Reading]:
        """The text as it stands, and with other spellings and encodings undone."""
        return self._limited(chain(spelt_out(self.folded), readings_of(self.views)))

    @_Once
    def is_torn(self) -> bool:
        """Whether anything in the text may be torn to pieces."""
        return self._lens.torn.fires(self.folded.encode())

    @_Once
    def pieces(self) -> list[Reading]:
        """What is torn to pieces or broken over lines, put together again."""
        readings = over_lines(self.views, self.marks)
        if self.is_torn:
            self.effort += len(self.folded) * joining_effort
            readings = chain(readings, filter(self._is_worth, joined(self.folded)))
        return self._limited(readings)

    def _is_worth(self, reading: Reading) -> bool:
        if self._lens.worth.of_reading(reading):
            return not is_of_words(self.folded, reading)
        return "phrase" in self.meant and holds_number(reading.text)

    @_Once
    def mended(self) -> list[Reading]:
        """What a reader is to mend, put together as the text says."""
        return self._limited(self._lens.mending.readings(self.views, self.marks))

    def _limited(self, readings: Iterator[Reading]) -> list[Reading]:
        found = list(islice(readings, regions_max))
        further = next(readings, None)
        if further is not None:
            start = further.span(0, 1)[0]
            self.leave(start, EvidenceKind.regions_left_out, regions_max)
        return found

    @_Once
    def meant(self) -> Meanings:
        """What the words in the text may mean."""
        return self._lens.wording.meant(self.plain)

    @_Once
    def marks(self) -> Marks:
        """The wording in the text."""
        may_have_markers = "marker" in self.signs
        marks = self._lens.wording.marks(self.folded, self.plain, self.meant, may_have_markers)
        self.effort += mark_effort * sum(map(len, marks.values()))
        return marks

    @_Once
    def plain(self) -> str:
        """The folded text with homophones undone, offsets unchanged."""
        return self._lens.wording.plain(self.folded)

    def addresses(self, readings: Iterable[Reading]) -> list[Occurrence]:
        """Return the addresses in some readings; where two overlap, the one read first."""
        found: list[Occurrence] = []
        taken = bytearray(len(self.folded))
        for reading in readings:
            self.effort += len(reading.text) + reading_effort
            if not reading.disguise and "address" not in self.signs:
                continue
            self.effort += len(reading.text) * seeking_effort
            read, past = addresses_in(reading.text)
            if past:
                start = reading.span(past, past + 1)[0]
                self.leave(start, EvidenceKind.addresses_left_out, addresses_max)
            for address in read:
                start, end = reading.span(address.start, address.end)
                self.effort += address_effort
                if not any(taken[start:end]):
                    taken[start:end] = b"x" * (end - start)
                    found.append(Occurrence(start, end, address, reading))
                    if address.leads_on and not reading.disguise:
                        self.linked.append((start, end))
        return found

    def original(self, start: int, end: int) -> tuple[int, int]:
        """Return the offsets in the original of a folded span, with what clings to it unseen."""
        first, past = self.view.span(start, end)
        while past < len(self.text) and _clings(self.text[past]):
            past += 1
        while first and category(self.text[first - 1]) == "Cf":
            first -= 1
        return first, past

    def signal(self, finding: Finding, span: tuple[int, int], code: str) -> Signal:
        """Return the signal for what was found at a folded span."""
        return self.signal_at(finding, self.original(*span), code)

    def signal_at(self, finding: Finding, span: tuple[int, int], code: str) -> Signal:
        """Return the signal for what was found at a span of the original text."""
        start, end = span
        return Signal(
            detector=finding.detector,
            kind=finding.kind,
            party=finding.party,
            issuer=finding.issuer,
            start=start,
            end=end,
            text=self.text[start:end],
            confidence=finding.confidence,
            evidence=finding.evidence,
            code=code,
        )

    def near(self, start: int, end: int, within: int = reach) -> dict[str, Mark]:
        """Return the nearest mark of each kind around a folded span."""
        nearest: dict[str, Mark] = {}
        for kind, marks in self.marks.items():
            if len(marks) > 2:
                place = bisect_left(marks, start, key=_start)
                marks = marks[max(0, place - 1) : place + 1]
            least = within + 1
            for mark in marks:
                distance = max(0, mark.start - end, start - mark.end)
                if distance < least:
                    nearest[kind], least = mark, distance
        return nearest

    def named_issuers(self) -> set[str | None]:
        """Return the issuers whose apps the text names."""
        return {mark.issuer for mark in self.marks.get("app", ())}

    def quoted(self, mark: Mark) -> str:
        """Return a mark as it stands in the original text."""
        start, end = self.view.span(mark.start, mark.end)
        return self.text[start:end]


def _clings(character: str) -> bool:
    """Say whether a character shows nothing but on the one before it."""
    return not character.isascii() and category(character) in {"Mn", "Me", "Cf"}


def _start(mark: Mark) -> int:
    return mark.start
