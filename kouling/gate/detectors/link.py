"""Links to anywhere.

What it finds:
    Web addresses, with or without scheme, also written with 。 for dots, in pieces, defanged
    (hxxp, [.], (dot)), percent-encoded or backwards. The WHATWG parser decides the host.

Why it matters:
    A policy may treat any link on a surface, and a ban on a domain needs to know where a link
    truly leads: http://user@m.tb.cn@evil.com/ leads to evil.com.

Example:
    看这里 http://news.example.com/2026/1.html

Known misses:
    Hosts spelt out in Chinese, names under rare top-level domains without a scheme.
"""

from __future__ import annotations

from kouling.gate.evidence import Evidence, EvidenceKind
from kouling.gate.records import Signal
from kouling.gate.text.passage import Occurrence, Passage
from kouling.gate.text.weigh import Finding

detector = "link"


def link_signal(passage: Passage, found: Occurrence) -> Signal:
    """Return the signal for an address that is no share link."""
    host = Evidence(EvidenceKind.leads_to, about=found.address.host)
    finding = Finding(detector, "link", 1.0, (host, *found.reading.undone()))
    return passage.signal(finding, (found.start, found.end), found.address.url)
