"""Share codes without a token: phrases and numbers that only wording gives away.

What it finds:
    A phrase in quotes or a number that an app shall search for, a passphrase after the word for
    it, an invitation code that brings a reward, the number of a room that one shall join, codes
    written in Han by the patterns of the pack; and as the last resort the bare request to copy
    this message and open an app, named or not, in any of twelve languages.

Why it matters:
    Red packets and coupons travel by phrases that look like any other words.

Example:
    打开支付宝首页搜“恭喜发财大家好”领红包

Known misses:
    A phrase that stands alone, without a word on what to do with it.
"""

from __future__ import annotations

import re
import string
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice

import re2

from kouling.gate.evidence import Evidence, EvidenceKind
from kouling.gate.records import Signal
from kouling.gate.text.packs import Family, Pack
from kouling.gate.text.passage import Passage
from kouling.gate.text.reading import Reading
from kouling.gate.text.triggers import codes_of
from kouling.gate.text.weigh import Finding, confidence_min, confidence_of, in_favour
from kouling.gate.text.wording import Mark, wording_evidence

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

_after = r"[^A-Za-z0-9一-鿿가-힣\n]{0,4}(?:是|为|is|est|ist|es|:)?[^A-Za-z0-9一-鿿\n]{0,4}"
_token = r"([A-Za-z0-9][A-Za-z0-9_-]{3,15})(?![A-Za-z0-9_-])"
_invited = re.compile(_after + _token)
_invites = re.compile(
    _token + r"[^A-Za-z0-9一-鿿\n]{0,4}(?:是|为|is|est|ist|es|は|이|가)[^A-Za-z0-9\n]{0,6}$"
)
_amount = re.compile(
    r"\d[ ]?(?:元|块|円|원|บาท|dong|dollars?|euros?|usd|eur|rp|%|[$€£¥₫฿₩])"
    r"|[$€£¥₫฿₩][ ]?\d|rp[ ]?\d"
)
_room = re.compile(
    r"(?:房间号码?|房号|房间密?码?|组队码|队伍码|车队码|房间ID|room(?:[ ](?:id|no|code|number))?)"
    r"[^A-Za-z0-9一-鿿\n]{0,4}([A-Za-z0-9]{3,12})(?![A-Za-z0-9])",
    re.IGNORECASE,
)
_name = re.compile(
    r"[^A-Za-z0-9一-鿿ぁ-ヺ가-힣\n。!?;,]{0,3}"
    r"(?:the[ ]app\b|([A-Za-z0-9一-鿿ぁ-ヺ가-힣·]{2,10}?)"
    r"(?=$|[^A-Za-z0-9一-鿿ぁ-ヺ가-힣·。?]|一起|快来|马上|立即|直接|即可|就能|就可"
    r"|领|查看|观看|参与|加入|参加|体验|围观|抢|玩|看))"
)
_no_name = re.compile(r"[我你他她它这那就后并去看可会能了的吧吗呢着过时很]|^[a-z]{1,3}$")
_clause = re.compile(r"[^\s,。!?;:、…~\]】)」』》]*[ ]?$")
_latin_clause = re.compile(r"[^\n,.!?;:]*$")
_directly = re.compile(
    r"[^一-鿿A-Za-z0-9]*(?:[后并再就可去到]|然后|之后|即可|可以|and|then)*[^一-鿿]*"
)
_small = string.ascii_lowercase
_turned = re.compile("[ぁ-ヺ가-힣]")
_named_before = re.compile(
    r"(?:[A-Z][A-Za-z0-9]+|[一-鿿ァ-ヺー가-힣]{2,12}?)(?=[ ]?(?:を|で|앱|를|을))"
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

    def invitations(self, passage: Passage) -> Iterator[Signal]:
        """Yield a signal for each code that brings a reward to who uses it and who gave it."""
        for mark in passage.marks.get("invite", ())[:phrases_max]:
            match = _invited.match(passage.folded, mark.end)
            before = max(0, mark.start - 32)
            match = match or _invites.search(passage.folded[before : mark.start])
            if match is None or match.group(1).islower():
                continue
            shift = 0 if match.pos == mark.end else before
            span = (match.start(1) + shift, match.end(1) + shift)
            yield from _weighed_invitation(passage, mark, span)

    def rooms(self, passage: Passage) -> Iterator[Signal]:
        """Yield a signal for the number of a room in a message that shall be copied."""
        if "this" in passage.marks and "open" in passage.marks:
            for match in islice(_room.finditer(passage.plain), phrases_max):
                yield from _weighed(passage, match.span(1), 0.9)

    def request(self, passage: Passage) -> Iterator[Signal]:
        """Yield a signal for the bare request to copy this message and open an app."""
        if "this" not in passage.meant:
            return
        for this in passage.marks.get("this", ()):
            opened = passage.marks.get("open", ())
            mark = next((mark for mark in opened if 0 <= mark.end - this.start <= 60), None)
            if mark:
                span = (this.start, max(this.end, mark.end))
                yield from _weighed(passage, span, 0.4, tuple(_asked(passage, this, mark)))
                return


def _asked(passage: Passage, this: Mark, opened: Mark) -> Iterator[Evidence]:
    """Weigh whether a message asks to be copied, and to open what may be any app's name."""
    if _is_told_of(passage, this, opened):
        yield Evidence(EvidenceKind.told_of, -1.2)
    elif _names_something(passage, this, opened):
        near = passage.near(this.start, opened.end, within=60)
        if not near.keys() & {"app", "unknown_app"}:
            yield Evidence(EvidenceKind.some_app, 0.5)


def _is_told_of(passage: Passage, this: Mark, opened: Mark) -> bool:
    """Say whether somebody tells of copying and opening rather than asks for it."""
    text, marks = passage.folded, passage.marks
    clause = _latin_clause if text[this.start : this.end].isascii() else _clause
    before = clause.search(text, max(0, this.start - 24), this.start)
    start = before.start() if before else this.start
    if any(start <= mark.start < this.start for mark in marks.get("told_before", ())):
        return True
    between = text[this.end : opened.start]
    if "了" in between or "过" in between or text[opened.end : opened.end + 1] in ("了", "过"):
        return True
    past = opened.end + 24
    return any(opened.end <= mark.start < past for mark in marks.get("told_behind", ()))


def _names_something(passage: Passage, this: Mark, opened: Mark) -> bool:
    """Say whether a message, and nothing else, is copied, and something is opened by name."""
    text, marks = passage.folded, passage.marks
    copied = [
        mark
        for mark in marks.get("message", ())
        if this.start <= mark.start <= this.end + 2 and mark.end <= this.end + 6
    ]
    if not copied:
        return False
    end = max(this.end, max(mark.end for mark in copied))
    between = text[end : opened.start]
    if between.strip() and not _directly.fullmatch(between):
        return False
    if _turned.search(text, opened.start, opened.end + 1):
        # Where the verb comes last, the name stands before it.
        found = _named_before.search(text, end, opened.end)
        return bool(found) and not _is_tool(passage, found.start() if found else 0)
    match = _name.match(text, opened.end + len(_rest_of_word(text, opened.end)))
    if not match:
        return False
    start, name = match.start(1) if match.group(1) else match.start(), match.group(1) or ""
    return not _is_tool(passage, start) and not _no_name.search(name)


def _rest_of_word(text: str, at: int) -> str:
    """Return the letters of a Latin word that wording was only the beginning of."""
    if not text[at - 1 : at].isascii():
        return ""
    return text[at : at + 12][: len(text[at : at + 12]) - len(text[at : at + 12].lstrip(_small))]


def _is_tool(passage: Passage, start: int) -> bool:
    tools = passage.marks.get("tool", ())
    return any(start <= mark.start <= start + 1 for mark in tools)


def _weighed_invitation(passage: Passage, mark: Mark, span: tuple[int, int]) -> Iterator[Signal]:
    near = passage.near(*span, within=40)
    around = passage.plain[max(0, span[0] - 60) : span[1] + 60]
    evidence = [Evidence(EvidenceKind.invite_wording, 1.6, passage.quoted(mark))]
    if "gain" in near or "reward" in near or _amount.search(around):
        evidence.append(Evidence(EvidenceKind.gain_wording, 1.45))
    if "use" in near:
        evidence.append(Evidence(EvidenceKind.use_wording, 0.7, passage.quoted(near["use"])))
    confidence = confidence_of(prior, evidence)
    if confidence > confidence_min:
        finding = Finding(detector, "share_code", confidence, in_favour(evidence), None)
        yield passage.signal(finding, span, passage.folded[slice(*span)])


def _needs_met(passage: Passage, needs: tuple[str, ...]) -> bool:
    """Say whether the text has all the kinds of wording that a pattern needs."""
    return all(need in passage.marks for need in needs)


def _of_pattern(family: Family | None) -> Finding:
    if family is None:
        return Finding(detector, "share_code", 0.9, (Evidence(EvidenceKind.app_path),))
    pattern = Evidence(EvidenceKind.issuer_pattern, about=family.issuer)
    return Finding(detector, "share_code", 0.95, (pattern,), family.issuer)


def _is_said_twice(said: str, near: Mapping[str, Mark]) -> bool:
    """Say whether wording is counted as something else: an app by name, a passphrase copied."""
    if said == "unknown_app":
        return "app" in near
    this = near.get("this")
    return said == "passphrase" and this is not None and near[said].start < this.end


def _weighed(
    passage: Passage, span: tuple[int, int], weight: float, more: tuple[Evidence, ...] = ()
) -> Iterator[Signal]:
    near = passage.near(*span, within=60)
    evidence = [Evidence(EvidenceKind.phrase, weight), *more]
    for said, added in weights.items():
        if said in near and not _is_said_twice(said, near):
            evidence.append(Evidence(wording_evidence[said], added, passage.quoted(near[said])))
    confidence = confidence_of(prior, evidence)
    if confidence <= confidence_min:
        return
    issuer = near["app"].issuer if "app" in near else None
    finding = Finding(detector, "share_code", confidence, in_favour(evidence), issuer)
    yield passage.signal(finding, span, passage.folded[slice(*span)])
