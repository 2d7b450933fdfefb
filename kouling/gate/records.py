"""What the gate takes in and gives out: items, signals, decisions.

All records are frozen. Spans are code-point offsets into the original text of the item.
"""

from __future__ import annotations

import enum
from datetime import datetime
from functools import cached_property

import msgspec

from kouling.errors import InvalidInput
from kouling.gate.evidence import Evidence
from kouling.ids import GroupId, ItemId, UserId
from kouling.language import Texts
from kouling.picture import Look

text_length_max = 20_000
"""Code points in the text of an item."""

pictures_max = 9
"""Pictures an item may carry."""

picture_bytes_max = 10_000_000
"""Bytes of one picture."""

audience_max = 5_000
"""Users an audience may be narrowed to."""

queue_max = 500
"""Cases in one listing of the queue, and rows in any other."""

reason_max = 2_000
"""Characters of the reason of a review or a ban."""


class Surface(enum.StrEnum):
    """Where an item is posted, or a link is followed."""

    direct = "direct"
    group = "group"
    moments = "moments"
    comment = "comment"
    interest = "interest"
    market = "market"
    outbound_link = "outbound_link"
    inbound_visit = "inbound_visit"

    @classmethod
    def named(cls, name: str) -> Surface:
        """Return the surface of a name; raise `InvalidInput` if there is none."""
        try:
            return cls(name)
        except ValueError:
            message = f"surface {name!r:.60} is unknown"
            raise InvalidInput(message, hint=f"known: {', '.join(cls)}") from None


signal_kinds = (
    *("share_code", "share_link", "link", "game_code", "inducement", "split_code"),
    "text_duplicate",
    *("near_duplicate", "banned_subject", "not_inspected", "unsure"),
)
"""What a signal's `kind` may be."""

signal_detectors = (
    *("share_code", "share_link", "link", "passphrase", "inducement", "split_code"),
    *("text_duplicate", "near_duplicate", "banned_subject", "picture_text", "picture", "reading"),
)
"""What a signal's `detector` may be."""


class Visibility(enum.StrEnum):
    """Who may see an item: everyone it is addressed to, its author alone, nobody."""

    allow = "allow"
    limit = "limit"
    drop = "drop"

    @classmethod
    def named(cls, name: str) -> Visibility:
        """Return the visibility of a name; raise `InvalidInput` if there is none."""
        try:
            return cls(name)
        except ValueError:
            message = f"{name!r:.60} is no outcome"
            raise InvalidInput(message, hint=f"one of: {', '.join(cls)}") from None


class Party(enum.StrEnum):
    """Whose code or link it is: ours, a registered issuer's, anybody else's.

    A code is of an unknown party where no keys are at hand to tell, and it could be ours by its
    shape.
    """

    own = "own"
    partner = "partner"
    foreign = "foreign"
    unknown = "unknown"


class Item(msgspec.Struct, frozen=True, kw_only=True):
    """Something a user posts on a surface.

    `to` is the receiver of a direct message, `group` the group of a group message,
    `under` the item that a comment stands under. `audience` narrows moments to some
    friends; None means all of them. `id` is the platform's own and serves as the
    idempotency key of the gate.
    """

    id: ItemId
    author: UserId
    surface: Surface
    text: str = ""
    pictures: tuple[bytes, ...] = ()
    audience: tuple[UserId, ...] | None = None
    to: UserId | None = None
    group: GroupId | None = None
    under: ItemId | None = None


class Signal(msgspec.Struct, frozen=True, kw_only=True):
    """What one detector saw in an item.

    `kind` is the word that policies use: `share_code`, `share_link`, `link`, `inducement` and
    others; `not_inspected` is a picture or a part of a text that was not looked into, `unsure` what
    a person may want to look at. `start`
    and `end` are code-point offsets in the original text and `text` what stands there;
    `confidence` is between 0 and 1; `evidence` lists what spoke for it, the strongest first, or
    why it was not looked into; `issuer` is None when
    the brand is unknown.
    """

    detector: str
    kind: str
    party: Party | None = None
    issuer: str | None = None
    start: int = 0
    end: int = 0
    text: str = ""
    confidence: float = 1.0
    evidence: tuple[Evidence, ...] = ()
    code: str = ""
    """The share code or canonical link itself, without disguise and delimiters."""
    picture: int = 0
    """Which of the item's pictures it was seen in, counted from 1; 0 is the text."""
    box: tuple[int, int, int, int] | None = None
    """Where in the picture: left, top, right, bottom in pixels of the upright picture."""


class SubjectKind(enum.StrEnum):
    """Who or what a signal or a ban is about."""

    user = "user"
    domain = "domain"
    ip = "ip"
    page = "page"
    picture = "picture"
    issuer = "issuer"


class Subject(msgspec.Struct, frozen=True, order=True):
    """One user, domain, address, page, picture or issuer."""

    kind: SubjectKind
    value: str


class StatementOfReasons(msgspec.Struct, frozen=True, kw_only=True):
    """The explanation owed to the author: which rule, what it says, where in text and pictures.

    `text` is None where the rule could not be evaluated. `about` quotes what the rule is about
    in the item, shortened. `kouling.words` joins them to a sentence.
    """

    rule: str
    title: Texts
    text: Texts | None
    outcome: Visibility
    about: tuple[str, ...] = ()
    spans: tuple[tuple[int, int], ...] = ()
    pictures: tuple[int, ...] = ()
    """Places of the pictures that it is about, counted from 1."""


class Decision(msgspec.Struct, frozen=True, kw_only=True):
    """The outcome of the gate for one item, with what it rests on.

    `rules` are the ids of the rules that applied, in the order of the policy; the strictest
    of their outcomes is the `visibility`. `subjects` are those it is about; none if it allows.
    `review` are the rules that applied and ask for a reviewer, whatever their outcome.
    """

    item: ItemId
    visibility: Visibility
    policy_version: str
    decided_at: datetime
    signals: tuple[Signal, ...] = ()
    rules: tuple[str, ...] = ()
    reasons: tuple[StatementOfReasons, ...] = ()
    subjects: tuple[Subject, ...] = ()
    review: tuple[StatementOfReasons, ...] = ()


class Judgement(msgspec.Struct, frozen=True, dict=True):
    """A decision, with what is to be kept of the way to it.

    `looks` are what was seen in pictures, by their digests; None if a person decided, who has
    seen them all. `bands` are by what copies of the text are known again.
    """

    decision: Decision
    looks: tuple[tuple[str, Look], ...] | None = ()
    bands: tuple[int, ...] = ()

    @cached_property
    def body(self) -> str:
        """The decision in JSON, encoded once."""
        return msgspec.json.encode(self.decision).decode()


class Case(msgspec.Struct, frozen=True, kw_only=True):
    """An item that waits for a reviewer, with the decision that holds until then.

    `number` counts up, so cases are listed by it; `pictures` is how many the item has.
    """

    number: int
    item: ItemId
    author: UserId
    surface: Surface
    text: str
    pictures: int
    queued_at: datetime
    decision: Decision


class Queue(msgspec.Struct, frozen=True, kw_only=True):
    """Cases that wait for a reviewer, oldest first, and how many wait in all."""

    cases: tuple[Case, ...]
    waiting: int


class Ban(msgspec.Struct, frozen=True):
    """A subject kept out until a time, or, without one, until the ban is lifted."""

    subject: Subject
    reason: str
    until: datetime | None = None


class GatedItem(msgspec.Struct, frozen=True, kw_only=True):
    """An item that was gated, in short: whose it is, where it was posted, what was decided."""

    id: ItemId
    author: UserId
    surface: Surface
    text: str
    posted_at: datetime
    visibility: Visibility
    policy_version: str
