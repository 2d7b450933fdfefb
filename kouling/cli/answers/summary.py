"""What a run came to, for people: how many passed, which rules, whose codes, some examples."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from kouling.cli import screen
from kouling.cli.answers.journal import ToldAnswer
from kouling.gate import Decision, Party

examples_max = 10
"""Items that are shown."""

listed_max = 12
"""Rules and issuers that are listed, the commonest first."""

example_length_max = 60
"""Characters of what was found that are shown of an item."""


class Summary:
    """Counts answers as they come."""

    def __init__(self) -> None:
        self.good = self.bad = self.hidden = self.unknown = 0
        self.rules: Counter[str] = Counter()
        self.issuers: Counter[str] = Counter()
        self.examples: list[str] = []

    @property
    def count(self) -> int:
        """How many rows were answered, with or without a decision."""
        return self.good + self.bad

    def add_bad(self) -> None:
        """Count a row that could not be judged."""
        self.bad += 1

    def add(self, told: ToldAnswer) -> None:
        """Count an answer as it was written."""
        if told.error:
            self.add_bad()
            return
        issuers = {one.issuer for one in told.signals if one.issuer}
        texts = [one.text or one.kind for one in told.signals]
        unknown = any(one.party == Party.unknown for one in told.signals)
        self._add(told.id, told.visibility != "allow", told.rules, (issuers, texts, unknown))

    def add_decision(self, id: str | int, decision: Decision) -> None:
        """Count a decision as it is made."""
        signals = decision.signals
        if not signals and not decision.rules:
            self.good += 1
            return
        issuers = {one.issuer for one in signals if one.issuer}
        unknown = any(one.party is Party.unknown for one in signals)
        texts = [one.text or one.kind for one in signals]
        hidden = decision.visibility != "allow"
        self._add(id, hidden, decision.rules, (issuers, texts, unknown))

    def lines(self, version: str) -> Iterator[str]:
        """Yield what is to be told, the most important first."""
        decided = screen.plural(self.good, "item")
        passing = screen.plural(self.good - self.hidden, "passes", "pass")
        others = screen.plural(self.hidden, "doesn't", "don't")
        yield f"{decided} decided by {version}: {passing}, {others}"
        for what, counter in (("rules", self.rules), ("issuers", self.issuers)):
            if counter:
                yield f"{what}: {_listed(counter)}"
        if self.unknown:
            could = screen.plural(self.unknown, "item has a code", "items have codes")
            yield f"{could} that could be our own or a partner's"
        if self.examples:
            yield "such as"
            yield from (f"  {one}" for one in self.examples)

    def _add(
        self,
        id: str | int,
        hidden: bool,
        rules: tuple[str, ...],
        seen: tuple[set[str], list[str], bool],
    ) -> None:
        issuers, texts, unknown = seen
        self.good += 1
        self.hidden += hidden
        self.unknown += unknown
        self.rules.update(rules)
        self.issuers.update(issuers)
        if hidden and len(self.examples) < examples_max:
            found = " ".join(" ".join(texts).split())
            if len(found) > example_length_max:
                found = f"{found[: example_length_max - 1]}…"
            self.examples.append(f"{id}: {found} ({', '.join(rules)})")


def _listed(counter: Counter[str]) -> str:
    told = ", ".join(f"{name} {count:,}" for name, count in counter.most_common(listed_max))
    more = len(counter) - listed_max
    return f"{told} and {more} more" if more > 0 else told
