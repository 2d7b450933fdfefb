"""What a detector pack holds once it has been read and found right."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

disguised_kinds = ("copy", "this", "open", "find", "passphrase", "reward", "access", "share")
"""Wording that is looked for under homophones and split characters, too."""

wording_kinds = (
    *disguised_kinds,
    *("message", "tool", "told_before", "told_behind", "invite", "gain", "use", "game"),
    *("remove", "join", "swap", "stands_for", "first_part", "last_part"),
)
"""What a phrase around a code does: `copy` names the act, `this` points at the message.

The second row says what is copied and opened, that it is told of and not asked for, what an
invitation brings, and what a game calls its own codes; the third tells a reader how to mend a code
before it can be used.
"""

inducement_kinds = ("ask", "reward", "urge")
"""What a phrase that makes people share does: asks for it, promises something, presses."""

alphabets = ("letters_and_digits", "letters", "digits")
"""What a share code may consist of."""


class CodeShape(msgspec.Struct, frozen=True, kw_only=True):
    """How long a brand's share codes are, of what, and between which characters."""

    length: int
    alphabet: str = "letters_and_digits"
    delimiters: frozenset[str] = frozenset()


class HostRule(msgspec.Struct, frozen=True):
    """A host, with all hosts below it, and a regex that the path has to begin with.

    `needs` are the kinds of wording that a link to it requires.
    """

    host: str
    path: str = ""
    needs: tuple[str, ...] = ()


class CodePattern(msgspec.Struct, frozen=True):
    """A regex whose first group is a code; `needs` are the kinds of wording it requires."""

    regex: str
    needs: tuple[str, ...] = ()


class Family(msgspec.Struct, frozen=True, kw_only=True):
    """The share codes and links of one brand."""

    issuer: str
    apps: tuple[str, ...] = ()
    codes: tuple[CodeShape, ...] = ()
    hosts: tuple[HostRule, ...] = ()
    patterns: tuple[CodePattern, ...] = ()


class Pack(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that the detectors know about brands and wording."""

    version: str
    spellings: Mapping[str, str] = {}
    wording: Mapping[str, tuple[str, ...]] = {}
    inducement: Mapping[str, tuple[str, ...]] = {}
    markers: tuple[str, ...] = ()
    plain_hosts: tuple[str, ...] = ()
    families: tuple[Family, ...] = ()
