"""Public regexes come in, the union of them that does best on tuned messages goes out."""

import re
from collections.abc import Sequence

from benchmarks.bench.data import Message


def best_union(
    regexes: Sequence[re.Pattern[str]], messages: Sequence[Message], negatives: Sequence[Message]
) -> list[int]:
    """Return the places of the regexes whose union has the best F1 on the messages."""
    found, alarms = (_bits_of(regexes, texts) for texts in (messages, negatives))
    return greedy_union(found, alarms, len(messages))


def greedy_union(found: Sequence[int], alarms: Sequence[int], positives: int) -> list[int]:
    """Choose regexes whose union has the best F1, greedily from every start.

    `found[i]` and `alarms[i]` are bit sets of the positives and negatives that regex i flags.
    """

    def grown(start: int) -> tuple[float, list[int]]:
        chosen, hit, false = [start], found[start], alarms[start]
        best = f1(hit.bit_count(), false.bit_count(), positives)
        while True:
            value, one = max(
                (f1((hit | h).bit_count(), (false | a).bit_count(), positives), -i)
                for i, (h, a) in enumerate(zip(found, alarms, strict=True))
            )
            if value <= best:
                return best, chosen
            chosen.append(-one)
            best, hit, false = value, hit | found[-one], false | alarms[-one]

    best = max((grown(start) for start in range(len(found))), key=lambda g: (g[0], -len(g[1])))
    return sorted(best[1])


def f1(found: int, alarms: int, positives: int) -> float:
    """Return the harmonic mean of precision and recall."""
    return 2 * found / (found + alarms + positives) if found else 0.0


def _bits_of(regexes: Sequence[re.Pattern[str]], texts: Sequence[Message]) -> list[int]:
    return [
        sum(1 << place for place, one in enumerate(texts) if regex.search(one.text))
        for regex in regexes
    ]
