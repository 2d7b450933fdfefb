"""Web addresses in their normal form: what a host is, and when two addresses are one page.

The WHATWG parser reads an address as a browser does; nothing else in Kouling decides where one
leads. Two spellings of a host have one normal form here, and two spellings of a page likewise.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Any, NamedTuple

import can_ada

from kouling.errors import InvalidInput

host_length_max = 253
"""Characters of a host's name, as in the domain name system."""

url_length_max = 2_048
"""Characters of an address that Kouling keeps."""

_name = re.compile(r"[a-z0-9_-]{1,63}(?:\.[a-z0-9_-]{1,63})*")
_not_in_hosts = re.compile(r"[\s/\\?#@]")
_web = re.compile(r"https?://", re.IGNORECASE)
_odd = re.compile(r"%[0-9A-Fa-f]{2}|[^A-Za-z0-9._~:/?@!$&'()*+,;=%-]")
_unreserved = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~")

IpAddress = IPv4Address | IPv6Address


class WebAddress(NamedTuple):
    """Where an http or https address leads; the fragment is left to the browser.

    `host` is in normal form, `port` empty where it is the scheme's own, `has_user` whether the
    address names a user before the host.
    """

    scheme: str
    host: str
    port: str
    path: str
    query: str
    has_user: bool

    @property
    def page(self) -> str:
        """The page in normal form: by https, without user, fragment and needless escapes.

        Escapes are undone where RFC 3986 (6.2.2) says that they change nothing.
        """
        port = f":{self.port}" if self.port else ""
        query = f"?{_plain(self.query)}" if self.query else ""
        return f"https://{self.host}{port}{_plain(self.path)}{query}"


def read_address(text: str) -> WebAddress | None:
    """Return where an http or https address leads, or None if a browser would not open it."""
    if not _web.match(text) or not text.isprintable():
        return None
    try:
        url = can_ada.parse(text)
    except ValueError:
        return None
    host = host_in(url)
    if not all(host.split(".")):
        return None
    return WebAddress(
        url.protocol[:-1],
        host,
        url.port,
        url.pathname,
        url.search[1:],
        bool(url.username or url.password),
    )


def host_in(url: Any) -> str:
    """Return the host of a parsed address in normal form."""
    host: str = url.hostname
    if host[:1] == "[":
        inner = IPv6Address(host[1:-1])
        return str(inner.ipv4_mapped) if inner.ipv4_mapped else f"[{inner}]"
    return host.removesuffix(".")


def host_of(url: str) -> str:
    """Return the host that an address leads to, in normal form; empty if it leads nowhere."""
    address = read_address(url)
    return address.host if address else ""


def host_name(text: str) -> str:
    """Return a host in normal form: `shop.example`, `xn--55qx5d.cn`, `10.1.2.3`, `[::1]`.

    Raises `InvalidInput` for anything else, an address or a port included.
    """
    url = None if _not_in_hosts.search(text) else read_address(f"https://{text}/")
    bare_port = text.rpartition("]")[2].rpartition(":")
    if url is None or bare_port[1] or not _is_host(url.host):
        raise InvalidInput(
            f"{text!r:.80} is not a host",
            hint="give its name alone, such as shop.example, without scheme, port and path",
        )
    return url.host


def ip_in(host: str) -> IpAddress | None:
    """Return the internet address that a host in normal form is, None for a name."""
    if host[:1] == "[":
        return IPv6Address(host[1:-1])
    # In normal form a name's last part is never a number: the parser takes that for IPv4.
    return ip_address(host) if host[-1:].isdigit() and _is_number(host) else None


def domain_of(host: str) -> str:
    """Return the domain of a host that somebody registered, or the host where there is none."""
    return _domain(host)


def is_registry(host: str) -> bool:
    """Whether others register domains directly under this name, such as `cn` and `co.uk`."""
    return bool(_registries().is_public(host))


@lru_cache(maxsize=4096)
def _domain(host: str) -> str:
    return _suffixes().privatesuffix(host) or host


@cache
def _suffixes() -> Any:
    from publicsuffixlist import PublicSuffixList  # reads a large file

    return PublicSuffixList(accept_unknown=False)


@cache
def _registries() -> Any:
    from publicsuffixlist import PublicSuffixList

    return PublicSuffixList(only_icann=True)


def _is_host(host: str) -> bool:
    return host[:1] == "[" or (len(host) <= host_length_max and bool(_name.fullmatch(host)))


def _is_number(host: str) -> bool:
    return not host.strip(".0123456789")


def _plain(part: str) -> str:
    return _odd.sub(_escaped, part)


def _escaped(match: re.Match[str]) -> str:
    text = match.group()
    character = chr(int(text[1:], 16)) if len(text) == 3 else text
    return character if character in _unreserved else f"%{ord(character):02X}"
