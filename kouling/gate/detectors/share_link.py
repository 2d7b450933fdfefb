"""Links that an app makes for sharing.

What it finds:
    Links to the share hosts of known brands, and links of unknown ones that work alike: an
    identifier that nobody chose right behind a host whose name is made for links, a parameter
    that names the sharer, wording that tells to copy the message and open an app. One sign alone
    is not enough: hashes, versions, model numbers and titles in a path are those of a page.

Why it matters:
    A share link carries the reader into another platform as a share code does.

Example:
    【好店】https://m.shop.example/s/1YxEkHL299o?tk=4OaXgGvWPKX 点击链接直接打开

Known misses:
    Links of unknown brands whose paths are words, plain numbers or hashes, or whose hosts are
    named like those of pages, without any wording; links behind a general shortener, which are
    `link`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

import re2

from kouling.address import domain_of
from kouling.gate.detectors.link import link_signal
from kouling.gate.evidence import Evidence, EvidenceKind
from kouling.gate.records import Party, Signal
from kouling.gate.text.breaks import breaks_at_sign, run_on
from kouling.gate.text.identifier import weight_of
from kouling.gate.text.packs import Family, HostRule, Pack
from kouling.gate.text.passage import Occurrence, Passage
from kouling.gate.text.site import Lean, lean_of
from kouling.gate.text.weigh import Finding, confidence_min, confidence_of, in_favour
from kouling.gate.text.wording import wording_evidence

detector = kind = "share_link"

prior = -2.0
"""Log-odds that a link to an unknown host was made for sharing."""

weights: Mapping[str, float] = {
    "copy": 0.8,
    "this": 0.9,
    "open": 0.4,
    "app": 0.7,
    "unknown_app": 0.8,
    "share": 0.5,
    "access": 1.0,
    "reward": 0.3,
    "passphrase": 0.8,
}
"""What wording near a link adds to the log-odds that it was made for sharing."""

_sharer = re.compile(
    r"[?&](?:tk|jkl|pwd|share\w*|sharer?_?(?:id|uid|from)|shareid|invite\w*|inviter|invitation\w*"
    r"|pid|unionid|union_id|relationid|fromuid|from_uid|refer(?:rer|ral)?(?:_?id|_?code)?|sid|spm"
    r"|xsec_token|share_token|sc|sm)=[^&]",
    re.IGNORECASE,
)
_goods = re.compile(r"[?&](?:goods_?id|item_?id|product_?id|sku_?id|id)=\w", re.IGNORECASE)
_page = re.compile(
    r"\.(?:html?|php|aspx?|jsp|txt|md|rst|pdf|epub|docx?|xlsx?|pptx?|csv|json|xml|ya?ml|log"
    r"|zip|rar|7z|t?gz|tar|bz2|xz|iso|exe|dmg|apk|deb|rpm|git|jpe?g|png|gif|webp|svg|ico"
    r"|js|css|py|c|h|mp[34]|wav|webm|mov)$"
)
_short_words = (
    "share item items goods product video detail invite link short url download app song redirect"
)
_share_words = frozenset(_short_words.split())
_leans = {
    Lean.links: (EvidenceKind.host_of_links, 0.8),
    Lean.neither: None,
    Lean.pages: (EvidenceKind.host_of_pages, -0.6),
}


class ShareLinks:
    """The share links of a pack's families, and what looks like one."""

    def __init__(self, pack: Pack, own_hosts: frozenset[str]) -> None:
        self._own_hosts = own_hosts
        self._plain_hosts = frozenset(pack.plain_hosts)
        self._hosts: dict[str, list[tuple[HostRule, re2._Regexp | None, Family]]] = {}
        for family in pack.families:
            for rule in family.hosts:
                path = re2.compile(rule.path) if rule.path else None
                self._hosts.setdefault(rule.host, []).append((rule, path, family))
        self._any_host = re2.compile("|".join(map(re2.escape, self._hosts)))

    def signals(self, passage: Passage, addresses: Iterable[Occurrence]) -> Iterator[Signal]:
        """Yield a signal for every address: a share link, or else a plain link."""
        for found in addresses:
            yield self._signal(passage, found)

    def over_breaks(self, passage: Passage) -> Iterator[Signal]:
        """Yield the share links that run on over a line break.

        One to a known host may be broken anywhere; of others only what surely holds together.
        """
        for reading in run_on(passage.views):
            if "//" not in reading.text and not self._any_host.search(reading.text.lower()):
                continue
            for found in passage.addresses([reading]):
                finding = self._finding(passage, found)
                inside = (found.address.start, found.address.end)
                is_whole = bool(self._families_of(passage, found)) or breaks_at_sign(
                    reading, *inside
                )
                if finding is not None and is_whole and finding.party is Party.foreign:
                    yield passage.signal(finding, (found.start, found.end), found.address.url)

    def _signal(self, passage: Passage, found: Occurrence) -> Signal:
        finding = self._finding(passage, found)
        if finding is None:
            return link_signal(passage, found)
        return passage.signal(finding, (found.start, found.end), found.address.url)

    def _finding(self, passage: Passage, found: Occurrence) -> Finding | None:
        if self._is_own(found.address.host):
            ours = (Evidence(EvidenceKind.own_host),)
            return Finding(detector, kind, 1.0, ours, None, Party.own)
        families = self._families_of(passage, found)
        if families:
            return _branded(passage, found, families)
        evidence = list(self._evidence(passage, found))
        confidence = confidence_of(prior, evidence)
        if confidence <= confidence_min:
            return None
        return Finding(detector, kind, confidence, in_favour(evidence))

    def _is_own(self, host: str) -> bool:
        return any(name in self._own_hosts for name in _and_above(host))

    def _families_of(self, passage: Passage, found: Occurrence) -> list[Family]:
        address = found.address
        for name in _and_above(address.host):
            if name in self._hosts:
                path = address.path + address.query
                return [
                    family
                    for rule, regex, family in self._hosts[name]
                    if (regex.match(path) if regex else len(path) > 1)
                    and all(need in passage.near(found.start, found.end) for need in rule.needs)
                ]
        return []

    def _evidence(self, passage: Passage, found: Occurrence) -> Iterator[Evidence]:
        address = found.address
        path = address.path.rstrip("/")
        if address.host in self._plain_hosts or domain_of(address.host) in self._plain_hosts:
            yield Evidence(EvidenceKind.plain_host, -2.4)
        elif _page.search(path.lower()):
            yield Evidence(EvidenceKind.file_page, -1.5)
        yield from _looks(address.host, path, address.query)
        near = passage.near(found.start, found.end)
        for kind, weight in weights.items():
            if kind in near and (kind != "app" or "unknown_app" not in near):
                yield Evidence(wording_evidence[kind], weight, passage.quoted(near[kind]))
        if "marker" in near:
            yield Evidence(EvidenceKind.marker, 2.2, passage.quoted(near["marker"]))
        elif "marker_like" in near:
            like = passage.quoted(near["marker_like"])
            yield Evidence(EvidenceKind.marker_like, 1.0, like)
        if found.reading.disguise:
            yield found.reading.disguise


def _branded(passage: Passage, found: Occurrence, families: list[Family]) -> Finding:
    """Several brands may share a host; then the app that the text names decides."""
    chosen = families[0]
    if len(families) > 1:
        named = passage.named_issuers()
        chosen = next((family for family in families if family.issuer in named), chosen)
    host = Evidence(EvidenceKind.share_host, about=found.address.host, beside=chosen.issuer)
    return Finding(detector, kind, 0.98, (host, *found.reading.undone()), chosen.issuer)


def _looks(host: str, path: str, query: str) -> Iterator[Evidence]:
    """Weigh the address itself."""
    if len(path) + len(query) < 3:
        yield Evidence(EvidenceKind.bare_address, -1.5)
        return
    *before, last = path.split("/")[1:] or [""]
    short = all(len(part) <= 3 or part.lower() in _share_words for part in before)
    weight = weight_of(last) if short and len(before) <= 3 else 0.0
    if weight:
        yield Evidence(EvidenceKind.opaque_identifier, weight, last, host)
        if lean := _leans[lean_of(host)]:
            yield Evidence(*lean, host)
    if _sharer.search(query):
        yield Evidence(EvidenceKind.names_sharer, 1.6)
    if _goods.search(query):
        yield Evidence(EvidenceKind.names_goods, 0.8)


def _and_above(host: str) -> Iterator[str]:
    """Yield a host and the hosts above it, the longest first."""
    while "." in host:
        yield host
        host = host.partition(".")[2]
