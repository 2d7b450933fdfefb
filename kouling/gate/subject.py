"""Subjects in their normal form, and all bans that a page would meet: the one place for both.

Who bans and who looks bans up come here, so that one spelling meets another. A look-up is by a
short list of keys: a page, the domains above its host, the networks around its address.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from ipaddress import IPv6Address, ip_network

from kouling.address import (
    IpAddress,
    host_name,
    ip_in,
    is_registry,
    read_address,
    url_length_max,
)
from kouling.errors import InvalidInput
from kouling.gate.records import Subject, SubjectKind
from kouling.ids import check_id

labels_max = 10
"""Parts of a domain that can be banned; of a longer host so many are looked up."""

network_lengths = {4: range(8, 32), 6: range(12, 65)}
"""Lengths of the networks that can be banned; a single address has none."""

_digest = re.compile(r"[0-9a-f]{64}")


def read_subject(kind: SubjectKind | str, text: str) -> Subject:
    """Return the subject in normal form: two spellings of one subject are equal.

    Raises `InvalidInput` for what nobody and nothing can be.
    """
    try:
        known = SubjectKind(kind)
    except ValueError:
        kinds = ", ".join(SubjectKind)
        raise InvalidInput(f"{kind!r:.60} is no kind of subject", hint=f"one of: {kinds}") from None
    if not isinstance(text, str):
        raise InvalidInput(f"{known} {text!r:.60} is no text", hint="give it as text")
    return Subject(known, _normal_forms[known](text))


@lru_cache(maxsize=1024)  # an item's links are asked about twice, and links go round
def subjects_of_page(url: str) -> tuple[Subject, ...]:
    """Return what a ban on an address can be about: its page, its domains or its networks.

    None at all if a browser would not open it.
    """
    address = read_address(url)
    if address is None:
        return ()
    return (Subject(SubjectKind.page, address.page), *_subjects_of_host(address.host))


def subject_of_issuer(issuer: str) -> Subject:
    """Return the issuer of a code that was found, as a subject."""
    return Subject(SubjectKind.issuer, issuer.casefold())


def _subjects_of_host(host: str) -> tuple[Subject, ...]:
    ip = ip_in(host)
    if ip is not None:
        return tuple(Subject(SubjectKind.ip, value) for value in (str(ip), *_networks(ip)))
    labels = host.split(".")
    first = max(0, len(labels) - labels_max)
    last = max(1, len(labels) - 1)  # a name of one part is looked up only where it is the host
    return tuple(
        Subject(SubjectKind.domain, ".".join(labels[place:])) for place in range(first, last)
    )


def _networks(ip: IpAddress) -> Iterator[str]:
    for length in network_lengths[ip.version]:
        yield str(ip_network((ip, length), strict=False))


def _user(text: str) -> str:
    check_id(text, "user")
    return text


def _domain(text: str) -> str:
    host = host_name(text)
    if ip_in(host) is not None:
        raise InvalidInput(f"{text!r:.80} is no domain but an address", hint="use the kind ip")
    if "." not in host or is_registry(host):
        raise InvalidInput(
            f"under {text!r:.80} others register domains", hint="ban the domains under it instead"
        )
    if host.count(".") >= labels_max:
        raise InvalidInput(
            f"domain {text!r:.80} has more than {labels_max} parts", hint="ban a domain above it"
        )
    return host


def _ip(text: str) -> str:
    if "%" in text:
        raise InvalidInput(
            f"{text!r:.80} names a zone, which means something on one computer only",
            hint="leave out % and what follows",
        )
    try:
        network = ip_network(text)
    except ValueError:
        raise InvalidInput(
            f"{text!r:.80} is not an internet address",
            hint="give one such as 10.1.2.3 or 2001:db8::1, or a network such as 10.0.0.0/8",
        ) from None
    first, length = network.network_address, network.prefixlen
    if isinstance(first, IPv6Address) and first.ipv4_mapped and length >= 96:
        first, length = first.ipv4_mapped, length - 96
    if length == first.max_prefixlen:
        return str(first)
    known = network_lengths[first.version]
    if length not in known:
        raise InvalidInput(
            f"a network of length /{length} can't be banned",
            hint=f"give one of /{known[0]} to /{known[-1]}, or a single address",
        )
    return f"{first}/{length}"


def _page(text: str) -> str:
    address = read_address(text)
    if address is None:
        raise InvalidInput(
            f"{text!r:.80} is not the address of a page", hint="write https://shop.example/path"
        )
    if len(address.page) > url_length_max:
        raise InvalidInput(
            f"the address has {len(address.page)} characters",
            hint=f"{url_length_max} are taken; ban its domain instead",
        )
    return address.page


def _picture(text: str) -> str:
    digest = text.lower()
    if not _digest.fullmatch(digest):
        raise InvalidInput(
            f"picture {text!r:.80} is not a digest",
            hint="give the SHA-256 of its bytes: 64 hexadecimal digits",
        )
    return digest


def _issuer(text: str) -> str:
    check_id(text, "issuer")
    return text.casefold()


_normal_forms = {
    SubjectKind.user: _user,
    SubjectKind.domain: _domain,
    SubjectKind.ip: _ip,
    SubjectKind.page: _page,
    SubjectKind.picture: _picture,
    SubjectKind.issuer: _issuer,
}
