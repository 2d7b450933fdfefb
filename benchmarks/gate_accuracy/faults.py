"""Each miss, wrong span and alarm of our detectors on one part of the data, for tuning."""

from collections.abc import Iterator, Mapping

from benchmarks.bench.data import CorpusLine, Data, Message, digest
from benchmarks.bench.labels import Signals, is_found, score_of
from benchmarks.gate_accuracy.finders import our_finder
from kouling.gate import Detectors


def faults(data: Data, part: str, reviewed: Mapping[str, str]) -> Iterator[str]:
    """Yield a paragraph for each text about which something is, or may be, wrong."""
    rows: list[Message | CorpusLine] = [*data.messages[part], *data.negatives[part]]
    rows += data.corpus[part]
    found = our_finder(Detectors.load()).inspect([row.text for row in rows])
    for row, signals in zip(rows, found, strict=True):
        if label := _fault(row, signals, reviewed):
            seen = (f"    {o.kind} {o.issuer} {o.start}:{o.end} {o.evidence}" for o in signals)
            yield "\n".join((label, row.text, *seen, ""))


def _fault(row: Message | CorpusLine, signals: Signals, reviewed: Mapping[str, str]) -> str:
    """Say what is wrong with the signals of a text; empty if nothing is."""
    found = is_found(signals)
    if isinstance(row, CorpusLine):
        verdict = reviewed.get(digest(row.text), "no verdict")
        return f"corpus, {row.corpus} {row.line}, {digest(row.text)}: {verdict}" if found else ""
    if not row.codes:
        return f"false alarm, line {row.line}, {row.group}" if found else ""
    singles = {code: row._replace(codes=(code,)) for code in row.codes}
    wrong = [code for code, one in singles.items() if not score_of([one], [signals]).exact]
    if not wrong:
        return ""
    return f"{'wrong span' if found else 'miss'}, line {row.line}, {row.group}: {wrong}"
