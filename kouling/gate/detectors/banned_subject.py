"""Somebody or something under a ban: a user, a domain, a page, an issuer, a picture.

What it finds:
    An author who is banned, and links and codes that lead to a banned domain, page or issuer,
    by an exact look-up of what the other detectors found; and a banned picture, by the digest
    of its bytes. A changed copy of one is found by `near_duplicate`.

Why it matters:
    A ban on a domain must hold for every new item that links to it, in any disguise.

Example:
    `http://user@m.tb.cn@evil.example/x` while the domain evil.example is banned.

Known misses:
    A banned page behind another site's redirect.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from urllib.parse import urlsplit

from msgspec.structs import replace
from publicsuffixlist import PublicSuffixList

from kouling.gate.picture import digest_of
from kouling.gate.records import Item, Signal, Subject, SubjectKind

subjects_max = 200
"""Subjects of one item that are looked up."""

_suffixes = PublicSuffixList()


def subjects_of(item: Item, signals: Sequence[Signal]) -> list[Subject]:
    """Return whom and what an item is about: author, pictures, pages, issuers, each once."""
    found = dict.fromkeys([Subject(SubjectKind.user, item.author), *_pictures(item)])
    for signal in signals:
        found.update(dict.fromkeys(_subjects_in(signal)))
    return list(found)[:subjects_max]


def banned_subjects(
    item: Item, signals: Sequence[Signal], banned: set[Subject]
) -> Iterator[Signal]:
    """Give a signal for each banned subject, where the item names it."""
    author = Subject(SubjectKind.user, item.author)
    if author in banned:
        yield _signal(author, None)
    for place, picture in enumerate(_pictures(item), 1):
        if picture in banned:
            yield replace(_signal(picture, None), picture=place)
    for signal in signals:
        for subject in _subjects_in(signal):
            if subject in banned:
                yield _signal(subject, signal)


def _pictures(item: Item) -> list[Subject]:
    return [Subject(SubjectKind.picture, digest_of(one)) for one in item.pictures]


def _subjects_in(signal: Signal) -> Iterator[Subject]:
    if signal.issuer:
        yield Subject(SubjectKind.issuer, signal.issuer)
    if signal.kind not in ("link", "share_link") or "://" not in signal.code:
        return
    yield Subject(SubjectKind.page, signal.code)
    try:
        host = (urlsplit(signal.code).hostname or "").lower()
    except ValueError:
        return
    yield from (Subject(SubjectKind.domain, domain) for domain in _domains(host))


def _domains(host: str) -> Iterator[str]:
    """A host and the domains it lies in, up to the one that somebody registered."""
    registered = _suffixes.privatesuffix(host) or host
    while host:
        yield host
        if host == registered:
            return
        host = host.partition(".")[2]


def _signal(subject: Subject, signal: Signal | None) -> Signal:
    return Signal(
        detector="banned_subject",
        kind="banned_subject",
        party=signal.party if signal else None,
        issuer=signal.issuer if signal else None,
        start=signal.start if signal else 0,
        end=signal.end if signal else 0,
        text=signal.text if signal else "",
        evidence=(f"{subject.kind} {subject.value} is banned",),
        code=signal.code if signal else "",
        picture=signal.picture if signal else 0,
        box=signal.box if signal else None,
    )
