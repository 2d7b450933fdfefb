"""What is raced: the steps of the gate, and what else could look for the same patterns."""

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any

import re2

from benchmarks.bench.gate import Gate, items_of
from benchmarks.gate_speed.race import Entrant
from kouling.fold import fold_many
from kouling.gate import Detectors

try:
    import hyperscan
except ImportError:  # no wheel for this machine
    has_hyperscan = False
else:
    has_hyperscan = True

batches = (1, 10, 100, 1_000)
usual_batch = 100


def our_entrants(gate: Gate, messages: Sequence[str]) -> Iterator[Entrant]:
    """The steps of the gate, each with all that comes before it except where it says alone."""
    for batch in batches:
        enter = partial(Entrant, batch=batch, messages=messages)
        yield enter("fold", prepare=list, run=_folded)
        yield enter("scan alone", prepare=_folded, run=gate.scanner.lines)
        yield enter("fold, scan, detect", prepare=list, run=gate.detectors.inspect)
        yield enter("whole decision", prepare=items_of, run=gate.decide)


def policy_entrants(detectors: Detectors, messages: Sequence[str]) -> Iterator[Entrant]:
    """The whole decision under a policy of 20 rules, none or some of which read the text."""
    for count in (0, 1, 4):
        gate = Gate(detectors, readers_count=count)
        name = f"20 rules, {count or 'none'} of which read the text"
        yield Entrant(name, usual_batch, messages, items_of, gate.decide)


def rival_entrants(
    triggers: Sequence[str], messages: Sequence[str], note: str = ""
) -> Iterator[Entrant]:
    """What else could look for the same patterns; none of them folds, verifies or decides."""
    enter = partial(Entrant, batch=usual_batch, messages=messages)
    yield enter(f"re loop{note}", prepare=list, run=re_loop([for_re(one) for one in triggers]))
    yield enter(f"google-re2 Set{note}", prepare=list, run=partial(_match, _re2_set(triggers)))
    if has_hyperscan:
        scan = partial(_scan, _database(triggers))
        yield enter(f"raw Hyperscan (limit){note}", prepare=_folded, run=scan)


def re_loop(regexes: Sequence[str | re.Pattern[str]]) -> Callable[[Sequence[str]], list[bool]]:
    """Return a loop over texts and regexes that stops at the first that matches."""
    compiled = [re.compile(one) for one in regexes]

    def search(texts: Sequence[str]) -> list[bool]:
        return [any(regex.search(text) for regex in compiled) for text in texts]

    return search


def for_re(pattern: str) -> str:
    """Write out what `re` does not know: Unicode categories in classes, and long escapes."""
    pattern = re.sub(r"\\x\{(\w+)\}", lambda found: re.escape(chr(int(found[1], 16))), pattern)
    return re.sub(r"\\p\{(\w+)\}", lambda found: _class_of(found[1]), pattern)


def _class_of(category: str) -> str:
    points = [c for c in range(0x20000) if unicodedata.category(chr(c)).startswith(category)]
    starts = [c for c, before in zip(points, [-2, *points], strict=False) if c != before + 1]
    ends = [c for c, after in zip(points, [*points[1:], -2], strict=True) if after != c + 1]
    return "".join(
        f"{re.escape(chr(a))}-{re.escape(chr(b))}" for a, b in zip(starts, ends, strict=True)
    )


def _re2_set(triggers: Sequence[str]) -> Any:
    options = re2.Options()
    options.never_capture, options.max_mem = True, 256 << 20
    found = re2.Set.SearchSet(options)
    for trigger in triggers:
        found.Add(trigger)
    found.Compile()
    return found


def _database(triggers: Sequence[str]) -> Any:
    database = hyperscan.Database(mode=hyperscan.HS_MODE_BLOCK)
    database.compile(
        expressions=[trigger.encode() for trigger in triggers],
        ids=list(range(len(triggers))),
        elements=len(triggers),
        flags=hyperscan.HS_FLAG_UTF8,
    )
    return database


def _folded(texts: Sequence[str]) -> bytes:
    return fold_many(texts).folded.bytes


def _match(patterns: Any, texts: Sequence[str]) -> list[list[int]]:
    return [patterns.Match(text.encode()) for text in texts]


def _scan(database: Any, data: bytes) -> None:
    database.scan(data, _ignore)


def _ignore(*_match: object) -> None:
    pass
