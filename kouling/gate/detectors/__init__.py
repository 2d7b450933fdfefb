"""Detectors: texts come in, for each the signals in it come out.

One scan over the folded batch picks the few texts that deserve a closer look; only those are
read character by character. Every span is in code points of the original text.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache, lru_cache, partial
from itertools import chain
from operator import itemgetter
from pathlib import Path

from msgspec.structs import replace

from kouling.address import host_of
from kouling.fold import Folded, FoldedBatch, fold_many
from kouling.gate.detectors.inducement import Inducements, inducement_triggers
from kouling.gate.detectors.passphrase import Passphrases
from kouling.gate.detectors.share_code import ShareCodes
from kouling.gate.detectors.share_link import ShareLinks
from kouling.gate.evidence import Evidence, EvidenceKind
from kouling.gate.records import Party, Signal
from kouling.gate.text.mending import Mending
from kouling.gate.text.native import without_native_words
from kouling.gate.text.ours import known_parties, signal_of, untold_codes, whole_codes, without
from kouling.gate.text.packs import Pack, load_pack
from kouling.gate.text.passage import Lens, Passage
from kouling.gate.text.reading import Reading
from kouling.gate.text.scan import Scanner, scanner, sorter
from kouling.gate.text.stretch import effort_max, stretches_of, whole_length_max
from kouling.gate.text.triggers import (
    mending_words_of,
    own_codes,
    signs_of,
    telling_of,
    torn_links,
    torn_rows,
    torn_singly,
    triggers_of,
)
from kouling.gate.text.wording import Wording
from kouling.gate.text.worth import Scans, Worth
from kouling.mint import KeyRing

__all__ = ["Detectors", "detectors_for"]

signals_max = 64
"""Signals reported for one text."""

notes_max = 4
"""Signals of inducement, and of what was not read: so many places are kept free for each."""

_shared_max = signals_max - 2 * notes_max

long_signals_max = 300
"""The same for a long text, which may be a list of links; foreign ones are `decisive` before."""

decisive = 16
"""Foreign share codes and links in a long text after which the rest is not read."""

_enough = Evidence(EvidenceKind.enough_signals, about=str(decisive))


class Detectors:
    """All detectors of one pack, ready to run; safe to use from many threads at once."""

    def __init__(
        self, pack: Pack, own_hosts: frozenset[str] = frozenset(), engine: str | None = None
    ) -> None:
        self.pack = pack
        self._codes = ShareCodes(pack)
        self._links = ShareLinks(pack, own_hosts)
        self._phrases = Passphrases(pack)
        self._inducements = Inducements(pack)
        signs, inducing = signs_of(pack), inducement_triggers(pack)
        self._scanner: Scanner = scanner((*triggers_of(pack), *inducing), engine)
        sort = sorter([trigger for _, trigger in signs], engine)
        scans = Scans(
            telling=scanner((*telling_of(pack), *inducing), engine),
            mending=sorter(mending_words_of(pack), engine),
            own=scanner(own_codes, engine),
            singly=scanner(torn_singly, engine),
            rows=scanner(torn_rows, engine),
            signs=sort,
        )
        self._worth = Worth(scans, self._codes.known_lengths)
        self._lens = Lens(
            Wording(pack, engine),
            sort,
            tuple(sign for sign, _ in signs),
            scanner(torn_links, engine),
            Mending(pack),
            self._worth,
        )

    @classmethod
    def load(
        cls,
        *packs: Path,
        own_hosts: frozenset[str] = frozenset(),
        engine: str | None = None,
    ) -> Detectors:
        """Return the detectors of pack files, the first before the others, or of the bundled pack.

        `own_hosts` are the platform's own link hosts. Raises PolicyError for a wrong file.
        """
        return cls(load_pack(*packs), own_hosts, engine)

    @property
    def issuers(self) -> frozenset[str]:
        """The names of the brands whose codes and links can be told."""
        return frozenset(family.issuer for family in self.pack.families)

    def inspect(
        self, texts: Sequence[str], ring: KeyRing | None = None
    ) -> list[tuple[Signal, ...]]:
        """Return the signals in each text, sorted by where they start."""
        return self.inspect_folded(fold_many(texts), ring)

    def inspect_folded(
        self, texts: FoldedBatch, ring: KeyRing | None = None
    ) -> list[tuple[Signal, ...]]:
        """Return the same of texts that are folded already."""
        if len(texts) == 1:
            folded = texts[0].folded.text
            # A long text is scanned where it is read.
            flagged = len(folded) > whole_length_max or self._scanner.fires(folded.encode())
            return [self._read(texts[0], ring) if flagged else ()]
        found: list[tuple[Signal, ...]] = [()] * len(texts)
        if len(texts):
            for index in self._scanner.lines(texts.folded.bytes):
                found[index] = self._read(texts[index], ring)
        return found

    def _read(self, folded: Folded, ring: KeyRing | None) -> tuple[Signal, ...]:
        """Read a text closely where it is worth it: as a whole, or in stretches if it is long."""
        folded = without_native_words(folded)
        if len(folded.folded.text) > whole_length_max:
            return self._read_long(folded, ring)
        if not self._worth.of_whole(folded.folded.text, has_ring=ring is not None):
            return ()
        return self._signals(Passage(folded, self._lens, ring))

    def _read_long(self, folded: Folded, ring: KeyRing | None) -> tuple[Signal, ...]:
        signals: list[Signal] = []
        effort = 0
        own = cache(partial(whole_codes, folded.folded, ring))
        is_worth = partial(self._worth.of_piece, own=own)
        for start, end in stretches_of(folded.folded.text, self._scanner, is_worth):
            first, past = folded.folded.span(start, start)[0], folded.folded.span(end, end)[0]
            enough = sum(map(_is_foreign_share, signals)) >= decisive
            if enough or effort >= effort_max:
                why = _enough if enough else Evidence(EvidenceKind.too_much_text)
                signals.append(_not_inspected(folded.text, first, why))
                break
            passage = Passage(folded.part(first, past), self._lens, ring)
            signals += (_moved(signal, first) for signal in self._signals(passage))
            effort += passage.effort
        return _without_repeats(signals, folded.text)

    def _signals(self, passage: Passage) -> tuple[Signal, ...]:
        signals = _reported(self._found(passage), passage.text)
        if "inducement" in passage.meant:
            signals += self._inducements.signals(passage)
        if passage.unread:
            at, why = min(passage.unread, key=itemgetter(0))
            signals.append(_not_inspected(passage.text, at, why))
        return _by_place(signals)

    def _found(self, passage: Passage) -> list[Signal]:
        """Return codes and links, those of our key ring as a paste finds them."""
        signals = self._shared(passage)
        ours = untold_codes(passage, signals)
        if not ours:
            return signals
        links = [one for one in signals if one.kind != "share_code"]
        rest = without(passage, ours, links)
        others = [_as_in(passage.text, one) for one in self._shared(rest, known=True)]
        passage.effort += rest.effort
        passage.unread = rest.unread
        return [*others, *(signal_of(passage, code) for code in ours)]

    def _shared(self, passage: Passage, known: bool = False) -> list[Signal]:
        signals = self._links_and_codes(passage, passage.readings, passage.mended)
        if not _any_foreign(signals):
            # Undoing disguises costs more than reading, and one finding decides.
            signals += self._links_and_codes(passage, passage.pieces)
        if not any(_is_foreign_share(one) and one.issuer for one in signals):
            # The end of a broken link may pass for one of a shop that nobody knows.
            signals += self._links.over_breaks(passage)
        if not _any_foreign(signals) and "phrase" in passage.meant:
            signals += self._wording(passage, known or _any_known(signals))
        return signals

    def _wording(self, passage: Passage, known: bool) -> list[Signal]:
        phrases = chain(
            self._phrases.phrases(passage),
            self._phrases.rooms(passage),
            self._phrases.invitations(passage),
        )
        # Wording that names nobody else belongs to the known code that is there.
        signals = [signal for signal in phrases if signal.issuer or not known]
        return signals or ([] if known else list(self._phrases.request(passage)))

    def _links_and_codes(
        self, passage: Passage, readings: list[Reading], mended: Sequence[Reading] = ()
    ) -> list[Signal]:
        if not readings:
            return []
        addresses = passage.addresses(readings)
        told = [one for one in mended if one.is_told]
        readings = [*told, *readings, *(one for one in mended if not one.is_told)]
        signals = list(self._links.signals(passage, addresses))
        linked = frozenset(signal.issuer for signal in signals if signal.kind == "share_link")
        signals += self._codes.signals(passage, readings, addresses, linked)
        signals += self._phrases.patterns(passage, readings)
        return signals


@lru_cache(maxsize=4)
def detectors_for(page_host: str, packs: tuple[str, ...] = ()) -> Detectors:
    """Return the detectors of packs, by default the bundled one; made once a process.

    They know the host of our own links.
    """
    own_hosts = frozenset({host_of(f"https://{page_host}/")})
    return Detectors.load(*map(Path, packs), own_hosts=own_hosts)


def _any_foreign(signals: list[Signal]) -> bool:
    return any(map(_is_foreign_share, signals))


def _is_foreign_share(signal: Signal) -> bool:
    return signal.party is Party.foreign and signal.kind not in ("link", "game_code")


def _any_known(signals: list[Signal]) -> bool:
    return any(s.party in known_parties for s in signals)


def _is_known_code(signal: Signal) -> bool:
    return signal.party in known_parties and signal.kind == "share_code"


def _as_in(text: str, signal: Signal) -> Signal:
    """Return the signal of a text in which something was blank, with what stands there."""
    return replace(signal, text=text[signal.start : signal.end])


def _not_inspected(text: str, start: int, why: Evidence) -> Signal:
    """Return the signal that a text was not read from a place on; it never means clean."""
    return Signal(
        detector="reading", kind="not_inspected", start=start, end=len(text), evidence=(why,)
    )


def _moved(signal: Signal, by: int) -> Signal:
    return replace(signal, start=signal.start + by, end=signal.end + by)


def _clash(one: Signal, other: Signal) -> bool:
    """Say whether two signals overlap; a known code is told beside the link that it is part of."""
    if one.end <= other.start or other.end <= one.start:
        return False
    kinds = {one.kind, other.kind}
    return not (kinds & {"link", "share_link"} and (_is_known_code(one) or _is_known_code(other)))


def _apart(signals: list[Signal]) -> list[Signal]:
    """Return the same, known codes without the delimiters that a foreign one beside them has."""
    foreign = [one for one in signals if _is_foreign_share(one)]
    if not foreign:
        return signals
    return [
        _bare(one) if _is_known_code(one) and any(_clash(one, other) for other in foreign) else one
        for one in signals
    ]


def _bare(signal: Signal) -> Signal:
    """Return the signal of a code without its delimiters."""
    letters = [place for place, letter in enumerate(signal.text) if letter.isalnum()]
    if not letters:
        return signal
    first, past = letters[0], letters[-1] + 1
    text, start = signal.text[first:past], signal.start
    return replace(signal, text=text, start=start + first, end=start + past)


def _ranked(signals: list[Signal], most: int = _shared_max) -> list[Signal]:
    """Return signals of one detector that don't overlap; where two do, the more confident one."""
    kept: list[Signal] = []
    taken = bytearray(max((signal.end for signal in signals), default=0))
    for signal in sorted(signals, key=lambda s: (s.kind == "link", -s.confidence, s.start)):
        span = slice(signal.start, signal.end)
        if any(taken[span]) and any(_clash(signal, other) for other in kept):
            continue
        taken[span] = b"x" * (signal.end - signal.start)
        kept.append(signal)
        if len(kept) > most:
            break
    return kept


def _reported(signals: list[Signal], text: str, most: int = _shared_max) -> list[Signal]:
    """Return the signals that are reported of a text, and if more were found, that they were."""
    ranked = _ranked(_apart(signals), most)
    if len(ranked) <= most:
        return ranked
    why = Evidence(EvidenceKind.signals_left_out, about=str(most))
    return [*ranked[:most], _not_inspected(text, ranked[most].start, why)]


def _without_repeats(signals: list[Signal], text: str) -> tuple[Signal, ...]:
    """Return the signals of overlapping stretches, each once."""
    alone = ("inducement", "not_inspected")
    found = [signal for signal in signals if signal.kind not in alone]
    shared = _reported(found, text, long_signals_max)
    others = ([signal for signal in signals if signal.kind == kind] for kind in alone)
    notes = (_ranked(each)[: notes_max - 1] for each in others)
    return _by_place([*shared, *chain.from_iterable(notes)])


def _by_place(signals: list[Signal]) -> tuple[Signal, ...]:
    return tuple(sorted(signals, key=lambda signal: signal.start))
