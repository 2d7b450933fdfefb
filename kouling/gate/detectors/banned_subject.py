"""Somebody or something under a ban: a user, domain, ip, page, issuer or picture.

What it finds:
    An author who is banned, and links and codes that lead to a banned domain, page, internet
    address, network or issuer, by an exact look-up of what the other detectors found, in normal
    form; and a banned picture, by the digest of its bytes. A changed copy of one is found by
    `near_duplicate`.

Why it matters:
    A ban on a domain must hold for every new item that links to it, in any disguise.

Example:
    `http://user@m.tb.cn@evil.example/x` while the domain evil.example is banned.

Known misses:
    A banned page behind another site's redirect; a banned page whose address is written with Han
    letters in its path, which in a text may as well be the words that follow.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from unicodedata import normalize

from msgspec.structs import replace

from kouling.gate.evidence import Evidence, EvidenceKind
from kouling.gate.picture import digest_of
from kouling.gate.records import Item, Signal, Subject, SubjectKind
from kouling.gate.subject import subject_of_issuer, subjects_of_page

_banned = {
    SubjectKind.user: EvidenceKind.banned_user,
    SubjectKind.domain: EvidenceKind.banned_domain,
    SubjectKind.ip: EvidenceKind.banned_ip,
    SubjectKind.page: EvidenceKind.banned_page,
    SubjectKind.picture: EvidenceKind.banned_picture,
    SubjectKind.issuer: EvidenceKind.banned_issuer,
}


def subjects_of(item: Item, signals: Sequence[Signal]) -> list[Subject]:
    """Return whom and what an item is about: author, pictures, pages, issuers, each once."""
    found = dict.fromkeys([Subject(SubjectKind.user, item.author), *_pictures(item)])
    for signal in signals:
        found.update(dict.fromkeys(_subjects_in(signal)))
    return list(found)


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
        yield subject_of_issuer(signal.issuer)
    if signal.kind in ("link", "share_link") and "://" in signal.code:
        yield from subjects_of_page(signal.code)
        if not signal.text.isascii():
            yield from subjects_of_page(_as_written(signal.text))


def _as_written(text: str) -> str:
    """Return an address with the accents and letters of other scripts that a reading takes off.

    A browser goes by those: `bücher.example` is not `bucher.example`.
    """
    written = normalize("NFKC", text)
    return written if "://" in written else f"https://{written.lstrip('/')}"


def _signal(subject: Subject, signal: Signal | None) -> Signal:
    return Signal(
        detector="banned_subject",
        kind="banned_subject",
        party=signal.party if signal else None,
        issuer=signal.issuer if signal else None,
        start=signal.start if signal else 0,
        end=signal.end if signal else 0,
        text=signal.text if signal else "",
        evidence=(Evidence(_banned[subject.kind], about=subject.value),),
        code=signal.code if signal else "",
        picture=signal.picture if signal else 0,
        box=signal.box if signal else None,
    )
