"""Share codes without a token: phrases and numbers that only wording gives away.

What it finds:
    A phrase in quotes or a number that an app shall search for, a passphrase after the word for
    it, codes written in Han by the patterns of the pack; and as the last resort the bare
    request to copy this message and open an app.

Why it matters:
    Red packets and coupons travel by phrases that look like any other words.

Example:
    打开支付宝首页搜“恭喜发财大家好”领红包

Known misses:
    A phrase that stands alone, without a word on what to do with it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

import re2

from kouling.gate.evidence import Evidence, EvidenceKind
from kouling.gate.records import Signal
from kouling.gate.text.packs import Family, Pack
from kouling.gate.text.passage import Passage
from kouling.gate.text.reading import Reading
from kouling.gate.text.triggers import codes_of
from kouling.gate.text.weigh import Finding, confidence_min, confidence_of, in_favour
from kouling.gate.text.wording import wording_evidence

detector = "passphrase"

prior = -3.0
"""Log-odds that a phrase is a passphrase."""

weights: Mapping[str, float] = {
    "copy": 0.7,
    "this": 0.9,
    "open": 0.8,
    "passphrase": 0.7,
    "reward": 0.9,
    "app": 0.9,
    "unknown_app": 0.5,
    "share": 0.4,
    "marker": 1.5,
}
"""What wording near a phrase adds to the log-odds."""

_opening, _closing = '"“「『【《\\[<', '"”」』】》\\]>'
_search = "(?:搜索?+(?:一[搜下])?+|输入|查找)"
_quoted = re.compile(
    rf"{_search}[^一-鿿A-Za-z0-9,。!?;\n{_opening}]{{0,3}}(?:红包)?(?:口令)?[:是为 ]{{0,2}}"
    rf"[{_opening}]([^{_opening}{_closing}\n]{{2,24}})[{_closing}]"
)
_plain = re.compile(
    rf"{_search}[^一-鿿A-Za-z0-9,。!?;\n]{{0,3}}(?!即可|就|口令|框|可以)"
    r"([0-9a-z一-鿿]{2,12}?)[^一-鿿A-Za-z0-9\n]{0,3}"
    "(?:就?可?能?领|抢|即可|就能|瓜分|得)"
)
_named = re.compile(
    r"(?:口令|暗号|密令)(?:红包)?[^一-鿿A-Za-z0-9\n]{0,2}"
    rf"(?:[是为:]|[{_opening}])[ ]?[{_opening}]?([^\s,。!?;{_opening}{_closing}]{{2,24}})"
)
_app_path = re.compile(
    r"#[A-Za-z ]{0,8}[一-鿿][一-鿿A-Za-z ]{0,15}:[ ]?/[ ]?/?[^#/\n]{1,40}/[ ]?[A-Za-z0-9_-]{6,24}"
)

phrases_max = 8
"""Phrases of one form weighed in a text."""


class Passphrases:
    """Phrases, by general wording and by the patterns of a pack's families."""

    def __init__(self, pack: Pack) -> None:
        self._patterns = [
            (re2.compile(regex), needs, family) for regex, needs, family in codes_of(pack)
        ]

    def patterns(self, passage: Passage, readings: Iterable[Reading]) -> Iterator[Signal]:
        """Yield a signal for each code that has the form of an app path or a family's pattern."""
        for reading in readings:
            signs = passage.signs_in(reading)
            for number in sorted(sign for sign in signs if isinstance(sign, int)):
                regex, needs, family = self._patterns[number]
                match = regex.search(reading.text)
                if match and _needs_met(passage, needs):
                    span = reading.span(*match.span(1))
                    yield passage.signal(_of_pattern(family), span, match.group(1))
            paths = _app_path.finditer(reading.text) if "app path" in signs else ()
            for count, path in enumerate(paths):
                if count == phrases_max:
                    start = reading.span(*path.span())[0]
                    passage.leave(start, EvidenceKind.paths_left_out, phrases_max)
                    break
                yield passage.signal(_of_pattern(None), reading.span(*path.span()), path.group())

    def phrases(self, passage: Passage) -> Iterator[Signal]:
        """Yield a signal for each phrase that the wording gives away."""
        for regex, weight in ((_quoted, 1.0), (_plain, 0.6), (_named, 0.8)):
            for count, found in enumerate(regex.finditer(passage.plain)):
                if count == phrases_max:
                    start = found.start(1)
                    passage.leave(start, EvidenceKind.phrases_left_out, phrases_max)
                    break
                number = found.group(1).isdigit() and len(found.group(1)) >= 6
                yield from _weighed(passage, found.span(1), weight + (0.7 if number else 0))

    def request(self, passage: Passage) -> Iterator[Signal]:
        """Yield a signal for the bare request to copy this message and open an app."""
        if "this" not in passage.meant:
            return
        for this in passage.marks.get("this", ()):
            opened = passage.marks.get("open", ())
            end = next((mark.end for mark in opened if 0 <= mark.end - this.start <= 60), 0)
            if end:
                yield from _weighed(passage, (this.start, max(this.end, end)), 0.4)
                return


def _needs_met(passage: Passage, needs: tuple[str, ...]) -> bool:
    """Say whether the text has all the kinds of wording that a pattern needs."""
    return all(need in passage.marks for need in needs)


def _of_pattern(family: Family | None) -> Finding:
    if family is None:
        return Finding(detector, "share_code", 0.9, (Evidence(EvidenceKind.app_path),))
    pattern = Evidence(EvidenceKind.issuer_pattern, about=family.issuer)
    return Finding(detector, "share_code", 0.95, (pattern,), family.issuer)


def _weighed(passage: Passage, span: tuple[int, int], weight: float) -> Iterator[Signal]:
    near = passage.near(*span, within=60)
    evidence = [Evidence(EvidenceKind.phrase, weight)]
    for said, more in weights.items():
        if said in near and (said != "unknown_app" or "app" not in near):
            evidence.append(Evidence(wording_evidence[said], more, passage.quoted(near[said])))
    confidence = confidence_of(prior, evidence)
    if confidence <= confidence_min:
        return
    issuer = near["app"].issuer if "app" in near else None
    finding = Finding(detector, "share_code", confidence, in_favour(evidence), issuer)
    yield passage.signal(finding, span, passage.folded[slice(*span)])
