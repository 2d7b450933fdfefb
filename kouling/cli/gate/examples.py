"""Examples of a policy: texts with what it makes of them, held against what it does.

A file of examples is a YAML list. Each has a surface, a text and an outcome, and may name the rule
that it is an example of, and a time. In a text `{own}` is a share code of the installation,
`{partner}` one of a partner, and `{link}` the installation's own link.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from functools import cache
from importlib import resources
from pathlib import Path
from typing import NamedTuple

import msgspec

from kouling.document import Node, read_document, read_file
from kouling.errors import InvalidInput
from kouling.gate import (
    Court,
    Decision,
    Detectors,
    Item,
    Policy,
    Surface,
    Visibility,
    detectors_for,
    judge_items,
)
from kouling.ids import ItemId, UserId
from kouling.mint import Key, KeyRing, code_link, encode

examples_max = 1_000
"""Examples in a file."""

_host = "shop.example"
_suffix = ".examples.yaml"
_bundled = resources.files("kouling.gate.policy").joinpath("bundled")


class Example(msgspec.Struct, frozen=True, kw_only=True):
    """A text, what a policy is to make of it on a surface, and by which rule.

    Without `at` it is decided as of the policy's last date; `where` is its place in the file.
    """

    surface: Surface
    text: str
    outcome: Visibility
    rule: str = ""
    at: datetime | None = None
    where: str = ""


class TriedExample(NamedTuple):
    """An example, the text that it stands for, and what was decided on it."""

    example: Example
    text: str
    decision: Decision

    @property
    def is_as_said(self) -> bool:
        """Whether the policy does what the example says."""
        example, decision = self.example, self.decision
        applies = not example.rule or example.rule in decision.rules
        return applies and decision.visibility == example.outcome


def read_examples(text: str | Path, file: str = "examples") -> tuple[Example, ...]:
    """Read examples, a text or a file; raise `PolicyError` with line and column of a mistake."""
    if isinstance(text, Path):
        text, file = read_file(text), str(text)
    root = read_document(text, file)
    nodes = root.items()
    if len(nodes) > examples_max:
        raise root.error(f"{len(nodes)} examples", f"give up to {examples_max:,}")
    return tuple(map(_example, nodes))


def bundled_policies() -> tuple[str, ...]:
    """Return the names of the policies that come with Kouling; each has examples."""
    files = (file.name for file in _bundled.iterdir() if file.name.endswith(_suffix))
    return tuple(sorted(file.removesuffix(_suffix) for file in files))


def examples_of(policy: str) -> tuple[Example, ...]:
    """Return the examples of a bundled policy, or those beside a policy's file.

    Beside `house.yaml` they stand in `house.examples.yaml`. Raises `PolicyError` if that can't be
    read.
    """
    if policy not in bundled_policies():
        return read_examples(Path(policy).with_suffix(_suffix))
    file = f"{policy}{_suffix}"
    return read_examples(_bundled.joinpath(file).read_text("utf-8"), file)


def try_examples(policy: Policy, examples: Sequence[Example]) -> list[TriedExample]:
    """Decide on examples by a policy, each as of its time, and return what came of each."""
    texts = [filled(example.text) for example in examples]
    return [
        TriedExample(example, text, _decided(policy, example, text))
        for example, text in zip(examples, texts, strict=True)
    ]


def filled(text: str) -> str:
    """Return an example's text with codes and a link in the places that are held for them."""
    ring = _ring()
    own, partner = (encode(number, key) for number, key in enumerate(ring.keys, 1))
    for name, value in (
        ("own", own),
        ("partner", partner),
        ("link", code_link(own, page_host=_host)),
    ):
        text = text.replace(f"{{{name}}}", value)
    return text


def _example(node: Node) -> Example:
    fields = node.fields(required=("surface", "text", "outcome"), optional=("rule", "at"))
    return Example(
        surface=Surface(fields["surface"].choice(Surface)),
        text=fields["text"].text(),
        outcome=Visibility(fields["outcome"].choice(Visibility)),
        rule=fields["rule"].text() if "rule" in fields else "",
        at=fields["at"].time() if "at" in fields else None,
        where=node.where,
    )


def _decided(policy: Policy, example: Example, text: str) -> Decision:
    at = example.at or max((policy.effective_at, *policy.steps))
    item = Item(id=ItemId("1"), author=UserId("author"), surface=example.surface, text=text)
    court = Court(_detectors(), _ring(), policy, at).as_of(at)
    [judgement] = judge_items([item], court)
    if isinstance(judgement, InvalidInput):
        raise InvalidInput(judgement.message, hint=judgement.hint, where=example.where)
    return judgement.decision


@cache
def _detectors() -> Detectors:
    return detectors_for(_host)


@cache
def _ring() -> KeyRing:
    """Return a ring with a key of the installation and one of a partner, for examples alone."""
    since = datetime(1970, 1, 1, tzinfo=UTC)
    own, partner = (
        Key(issuer=name, secret=name.encode() * 8, mints_from=since) for name in ("own!", "them")
    )
    return KeyRing(own.issuer, (own, partner))
