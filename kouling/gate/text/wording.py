"""What people write around share codes, found under homophones and split characters.

Folded text comes in, `Mark`s come out: where it says "copy this", names an app, shows a marker.
Marks prove nothing alone; the detectors weigh them beside a code or a link.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cached_property, partial
from heapq import heapify, heappop, heappush
from itertools import islice
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from kouling.fold import fold
from kouling.gate.evidence import EvidenceKind
from kouling.gate.text.packs import Family, Pack, disguised_kinds, wording_kinds
from kouling.gate.text.scan import sorter

marks_max = 400
"""Marks of one kind taken from one text."""

_letters = "一-鿿가-힣ก-ฮA-Za-z0-9"
filler = f"(?:[^{_letters},。!?;:/\n]|No|TEL){{0,3}}"
"""What may stand between two characters of a phrase: symbols, kana, spaces, №, ℡."""

short_word_max = 4
"""Letters of a Latin phrase that has to be a whole word."""

unmarked_kinds = ("stands_for",)
"""Wording that means something beside a single letter alone."""

phrase_kinds = ("copy", "this", "passphrase", "invite")
seeking = ("搜", "输入", "查找")
"""What any phrase worth weighing has beside it: wording of these kinds, or these words."""

wording_evidence: Mapping[str, EvidenceKind] = {
    "copy": EvidenceKind.copy_wording,
    "this": EvidenceKind.this_wording,
    "open": EvidenceKind.open_wording,
    "find": EvidenceKind.find_wording,
    "passphrase": EvidenceKind.passphrase_wording,
    "reward": EvidenceKind.reward_wording,
    "share": EvidenceKind.share_wording,
    "access": EvidenceKind.access_wording,
    "app": EvidenceKind.app_wording,
    "unknown_app": EvidenceKind.unknown_app_wording,
    "marker": EvidenceKind.marker_wording,
}
"""What a mark of each kind is as evidence."""

apps_max = 100
"""Families whose apps are looked for in one text."""

_fillers = re.compile(f"[^{_letters},。!?;:/\n]+")
_han = re.compile("[一-鿿]")
_kana = re.compile("[ぁ-ヺ]")

_brackets = "【「『《\\[(👉<⟪❰", "】」』》\\])👈>⟫❱"

# Here and below, what a match begins with comes first: such places are found very fast.
_unknown_app = re.compile(
    "(?=[打后去到在来【「])(?:"
    "(?:打开|后到|去|到|在|来自)[^一-鿿A-Za-z0-9\n]{0,2}"
    f"(?:[{_brackets[0]}][^{_brackets[0]}{_brackets[1]}\n]{{1,10}}[{_brackets[1]}]"
    "|[^,。!?;\n]{1,10}?(?:app|客户端|小程序|浏览器))"
    f"|[【「][^】」\n]{{1,6}}[】」](?=[^A-Za-z一-鿿\n]{{0,3}}(?:http|[A-Za-z0-9])))"
)

_marker_like = re.compile(r"[A-Z](?<![A-Za-z0-9].)[A-Z]\d{3,4}(?![A-Za-z0-9])")


class Mark(NamedTuple):
    """A piece of wording in a folded text; `app` marks say whose."""

    kind: str
    start: int
    end: int
    issuer: str | None = None


Marks = dict[str, list[Mark]]
"""The marks of a text by kind, each kind first to last."""

Meanings = frozenset[str | int]
"""What words may mean: a kind of wording; `phrase` or `inducement`, which are worth a closer
look; the number of a family whose app they may name."""


class Wording:
    """The phrases, app names and markers of a pack, ready to be looked for.

    A phrase may only stand where its characters do without anything between them, once all
    that may stand between is taken out; so one scan for plain words says what to look for.
    """

    def __init__(self, pack: Pack, engine: str | None = None) -> None:
        self._plain = plain_table(pack)
        self._kinds = {
            kind: _Awaited(partial(self._any_of, kind, phrases))
            for kind in wording_kinds
            if (phrases := pack.wording.get(kind)) and kind not in unmarked_kinds
        }
        self._issuers = [family.issuer for family in pack.families if family.apps]
        self._apps = [
            _Awaited(partial(self._app_regex, family)) for family in pack.families if family.apps
        ]
        self._markers = re.compile("|".join(f"(?:{marker})" for marker in pack.markers) or r"(?!)")
        meanings = self._meanings_of(pack)
        self._always = frozenset(meanings.pop("", ()))
        self._sorter = sorter([re.escape(core) for core in meanings], engine)
        self._meanings = list(meanings.values())

    def plain(self, folded: str) -> str:
        """Return a folded text in lower case with homophones undone, as long as before."""
        codes = np.frombuffer(folded.encode("utf-32-le"), dtype="<u4")
        return str(self._plain.take(codes).data, "utf-32-le")

    def meant(self, plain: str) -> Meanings:
        """Return what the words of a plain text may mean; it means nothing else."""
        core = _fillers.sub("", plain)
        if _kana.search(plain):
            core += "\n" + plain
        return self._always.union(*(self._meanings[n] for n in self._sorter.which(core.encode())))

    def marks(self, folded: str, plain: str, meant: Meanings, may_have_markers: bool) -> Marks:
        """Return the marks in a folded text and its plain form, by kind and first to last."""
        found = {
            kind: _spans(kind, phrases.regex, plain)
            for kind, phrases in self._kinds.items()
            if kind in meant
        }
        named = sorted(each for each in meant if isinstance(each, int))
        found["app"] = list(islice(self._apps_in(plain, named[:apps_max]), marks_max))
        found["unknown_app"] = _spans("unknown_app", _unknown_app, plain)
        found["marker_like"] = _spans("marker_like", _marker_like, folded)
        if may_have_markers:
            found["marker"] = _spans("marker", self._markers, folded)
        return {kind: marks for kind, marks in found.items() if marks}

    def _apps_in(self, plain: str, named: list[int]) -> Iterator[Mark]:
        """Yield what one regex of all these families' app names would find, the first one first."""
        firsts = ((self._apps[number].regex.search(plain), number) for number in named)
        queue = [(match.start(), number, match) for match, number in firsts if match]
        heapify(queue)
        past = 0
        while queue:
            start, number, match = heappop(queue)
            if start >= past:
                yield Mark("app", *match.span(), self._issuers[number])
                past = match.end()
            further = self._apps[number].regex.search(plain, past)
            if further:
                heappush(queue, (further.start(), number, further))

    def _any_of(self, kind: str, phrases: Iterable[str]) -> re.Pattern[str]:
        may_be_disguised = kind in disguised_kinds
        spelled = {self._spelled(phrase, may_be_disguised) for phrase in phrases}
        ordered = sorted(spelled, key=len, reverse=True)
        return _led_by_first(ordered, "|".join(ordered))

    def _spelled(self, phrase: str, may_be_disguised: bool = True) -> str:
        plain = self._plain_phrase(phrase)
        # A short word in Latin letters would be the beginning of many.
        end = "(?![a-z])" if plain.isascii() and len(plain) <= short_word_max else ""
        between = filler if may_be_disguised and _han.search(plain) else ""
        return between.join(map(re.escape, plain)) + end

    def _app_regex(self, family: Family) -> re.Pattern[str]:
        spelled = [self._spelled(name) for name in family.apps]
        # A name in Latin letters begins a word: any letter of a link could begin one.
        led = [rf"(?<![a-z]){each}" if each[0].isascii() else each for each in spelled]
        return re.compile("|".join(led))

    def _meanings_of(self, pack: Pack) -> dict[str, list[str | int]]:
        """Return what each plain word may mean."""
        meanings: dict[str, list[str | int]] = {}
        words = [(kind, pack.wording[kind]) for kind in self._kinds]
        words += [("phrase", pack.wording.get(kind, ())) for kind in phrase_kinds]
        words += [("phrase", seeking)]
        words += [("inducement", pack.inducement.get(kind, ())) for kind in ("ask", "urge")]
        for meaning, phrases in words:
            for phrase in phrases:
                meanings.setdefault(self._core(phrase), []).append(meaning)
        for number, family in enumerate(family for family in pack.families if family.apps):
            for name in family.apps:
                meanings.setdefault(self._core(name), []).append(number)
        return meanings

    def _core(self, phrase: str) -> str:
        plain = self._plain_phrase(phrase)
        return _fillers.sub("", plain) or plain

    def _plain_phrase(self, phrase: str) -> str:
        return self.plain(fold(phrase).folded.text)


class _Awaited:
    """A regex that is made when a text first seems to need it: each takes up to 50 ms."""

    def __init__(self, make: Callable[[], re.Pattern[str]]) -> None:
        self._make = make

    @cached_property
    def regex(self) -> re.Pattern[str]:
        """The regex."""
        return self._make()


def _spans(kind: str, regex: re.Pattern[str], text: str) -> list[Mark]:
    return [Mark(kind, *match.span()) for match in islice(regex.finditer(text), marks_max)]


def plain_table(pack: Pack) -> npt.NDArray[np.uint32]:
    """Return, for every code point, the one that lowers A to Z and undoes a pack's homophones."""
    table = np.arange(sys.maxunicode + 1, dtype=np.uint32)
    table[ord("A") : ord("Z") + 1] += 32
    for plain, others in pack.spellings.items():
        table[[ord(other) for other in others]] = ord(plain)
    return table


def _led_by_first(spelled: list[str], body: str) -> re.Pattern[str]:
    """Return a regex that is only tried where a first character of some phrase stands."""
    if not spelled:
        return re.compile(r"(?!)")
    firsts = {phrase[:2] if phrase[0] == "\\" else phrase[0] for phrase in spelled}
    han = "".join(sorted(first for first in firsts if not first.isascii()))
    latin = "".join(sorted(first for first in firsts if first.isascii()))
    leads = [f"[{han}]"] if han else []
    leads += [rf"(?<![a-z])[{latin}]"] if latin else []
    return re.compile(f"(?={'|'.join(leads)})(?:{body})")
