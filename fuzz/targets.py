"""What the fuzzing asks of the gate: bytes come in, an `AssertionError` comes out of a fault.

Each target is a function of bytes, so that what atheris found replays without it. The bytes are
UTF-8 that may be broken: a byte that fits nowhere becomes a lone surrogate.
"""

from __future__ import annotations

import io
import re
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import cache
from itertools import pairwise

import msgspec
from msgspec.structs import astuple

from kouling.cli.rows import Format, Manner, Row, read_rows
from kouling.errors import InvalidInput, PolicyError
from kouling.fold import fold, fold_many
from kouling.gate.decide import decide
from kouling.gate.detectors import Detectors, long_signals_max, notes_max
from kouling.gate.detectors.banned_subject import subjects_of
from kouling.gate.detectors.split_code import part_length_max, split_code
from kouling.gate.detectors.text_duplicate import bands_of, pieces_of, text_duplicate
from kouling.gate.item import check_text
from kouling.gate.policy.condition import Author
from kouling.gate.policy.policy import Policy, bundled_policy, read_policy
from kouling.gate.records import (
    Decision,
    Item,
    Party,
    Signal,
    Surface,
    Visibility,
    text_length_max,
)
from kouling.gate.text.scan import has_hyperscan
from kouling.ids import ItemId, UserId
from kouling.language import Language
from kouling.mint import Key, KeyRing, encode, parse_text
from kouling.words import evidence_of

Target = Callable[..., None]

base_ms = 20.0
"""What any text may cost in processor time, whatever its length."""

ms_per_character = 0.02
"""What each code point may add: 0.4 s for the longest text."""

noon = datetime(2018, 5, 29, 4, 0, tzinfo=UTC)
key = Key(issuer="kouling", secret=bytes(range(32)), mints_from=noon)
ring = KeyRing("kouling", (key,))
planted = encode(42, key)
neighbour = "复制￥a1B2c3D4e5F￥打开看看 https://share.example/s/Ab12Cd34Ef"

_cut = re.compile(r"(\d{1,6}):(\d{1,6})\n")


def inspect_text(data: bytes, patience: float = 5) -> None:
    """A text's signals lie in it, in order, few, the same in a batch and by either engine."""
    text = storable(text_of(data))
    signals = timed(text, patience, detectors().inspect)
    check_signals(text, signals)
    batch = detectors().inspect([neighbour, text, "", text], ring)
    assert batch[1] == batch[3] == signals, "a text in a batch is read otherwise"
    if has_hyperscan:
        assert detectors("re2").inspect([text], ring) == [signals], "the engines differ"
    check_past(text, signals)


def inspect_long(data: bytes, patience: float = 5) -> None:
    """A text repeated up to the length limit costs time in proportion to its length."""
    text = storable(text_of(data)) or "x"
    text = (text * (text_length_max // len(text) + 1))[:text_length_max]
    check_signals(text, timed(text, patience, detectors().inspect))


def fold_text(data: bytes) -> None:
    """Every span of every view leads into the text; a batch folds as its texts do."""
    text = text_of(data)
    single, batch = fold(text), fold_many([neighbour, text, ""])
    for name in ("folded", "compact", "digits"):
        view, joined = getattr(single, name), getattr(batch, name)
        places = [view.span(at, at + 1) for at in range(len(view.text))]
        assert all(0 <= start < end <= len(text) for start, end in places)
        assert all(start <= later for (start, _), (later, _) in pairwise(places))
        assert joined.view(1).text == view.text, f"{name} differs in a batch"
        start = len(joined.view(0).text) + 1
        for at, place in enumerate(places):
            assert joined.span(start + at, start + at + 1) == (1, *place)


def pasted_text(data: bytes) -> None:
    """A code between delimiters is found in any noise; what a link names can be looked up."""
    noise = text_of(data)
    middle = len(noise) // 2
    text = f"{noise[:middle]}￥{planted}￥{noise[middle:]}"
    parsed = parse_text(text, ring)
    assert planted in [found.code for found in parsed.codes], "the planted code is lost"
    for found in parsed.codes:
        assert 0 <= found.start < found.end <= len(text)
        assert ring.origin(found.code) is not None
        assert found.item is None or storable(found.item) == found.item, "no item has this id"
    assert all(ring.origin(lookalike) is None for lookalike in parsed.lookalikes)
    check_ours(storable(text))


def check_ours(text: str) -> None:
    """What a paste resolves to is nobody else's to the gate."""
    [signals] = detectors().inspect([text], ring)
    foreign = [one for one in signals if one.kind == "share_code" and one.party is Party.foreign]
    for found in parse_text(text, ring).codes:
        beside = [one for one in foreign if one.start < found.end and found.start < one.end]
        assert not beside, f"our code {found.code} is held for somebody else's"


def policy_text(data: bytes) -> None:
    """A mutated policy is a policy that decides, or an error that says where.

    `120:140`, a newline and a text puts that text in the place of these characters of a
    bundled policy; anything else is the whole file.
    """
    text = text_of(data)
    cut = _cut.match(text)
    if cut:
        source = bundled_policy("moments-2018").source
        text = source[: int(cut[1])] + text[cut.end() :] + source[int(cut[2]) :]
    answer = policy_or_error(text)
    if isinstance(answer, Policy):
        check_policy(answer)
    else:
        assert answer.where.startswith("policy"), "the error names no place"


def rows_file(data: bytes) -> None:
    """A file in any format is rows that can be written out again, or says what is wrong."""
    for name, form in (("-", Format.auto), *((f"in.{form}", form) for form in Format)):
        line = 0
        for row in rows_or_error(data, name, form):
            problem = row.problem if isinstance(row, Row) else row
            if problem is not None:
                assert problem.where.startswith(f"{name}:"), "the error names no place"
            if isinstance(row, Row):
                assert row.line > line, "the lines are out of order"
                line = row.line
                assert problem or isinstance(row.fields["text"], str)
                msgspec.json.encode(row.fields)


targets: dict[str, Target] = {
    "inspect": inspect_text,
    "long": inspect_long,
    "fold": fold_text,
    "parse": pasted_text,
    "policy": policy_text,
    "rows": rows_file,
}
"""The targets by name; each has a folder in the corpus."""


def text_of(data: bytes) -> str:
    """Return the text that bytes stand for; what is no UTF-8 becomes lone surrogates."""
    return data.decode("utf-8", "surrogateescape")[:text_length_max]


def policy_or_error(text: str) -> Policy | PolicyError:
    """Return the policy of a text, or what is wrong with it."""
    try:
        return read_policy(text)
    except PolicyError as error:
        return error


def rows_or_error(data: bytes, name: str, form: Format) -> Iterator[Row | InvalidInput]:
    """Yield the rows of a file and, where reading ends early, what is wrong with it."""
    try:
        yield from read_rows(io.BytesIO(data), name, Manner(form=form))
    except InvalidInput as error:
        yield error


def storable(text: str) -> str:
    """Return a text that passes the gate's door; one that doesn't is refused there politely."""
    try:
        check_text(text)
    except InvalidInput:
        text = "".join("?" if c == "\0" or "\ud800" <= c <= "\udfff" else c for c in text)
        check_text(text)
    return text


def timed(
    text: str, patience: float, inspect: Callable[..., list[tuple[Signal, ...]]]
) -> tuple[Signal, ...]:
    """Return a text's signals; the best of three runs must keep within the linear bound."""
    allowed = patience * (base_ms + ms_per_character * len(text))
    taken = []
    for _ in range(3):
        start = time.thread_time()
        [signals] = inspect([text], ring)
        taken.append(1_000 * (time.thread_time() - start))
        if taken[-1] <= allowed:
            return signals
    raise AssertionError(f"{min(taken):.0f} ms for {len(text)} characters, {allowed:.0f} allowed")


def check_signals(text: str, signals: tuple[Signal, ...]) -> None:
    """Assert that signals lie in the text, quote it, follow each other and are few."""
    assert len(signals) <= long_signals_max + 2 * notes_max
    for signal in signals:
        assert 0 <= signal.start < signal.end <= len(text), f"{signal} is not in the text"
        # What nobody read is named by its span alone.
        quoted = signal.text or signal.kind != "not_inspected"
        assert not quoted or text[signal.start : signal.end] == signal.text, f"{signal} misquotes"
        assert 0 < signal.confidence <= 1
        assert signal.evidence
        for language in Language:
            assert all(evidence_of(signal, language))
        msgspec.json.encode(signal)
    assert [*signals] == sorted(signals, key=lambda signal: signal.start), "out of order"


def check_past(text: str, signals: tuple[Signal, ...]) -> None:
    """Assert that what looks at the past can work on a text and its signals."""
    subjects = subjects_of(item_of(text), signals)
    assert len(subjects) == len(set(subjects))
    pieces = pieces_of(fold(text))
    assert all(-(2**63) <= band < 2**63 for band in bands_of(pieces))
    copy = text_duplicate(text, pieces, [("other", text)])
    assert (copy is not None) == bool(pieces), "a text is no copy of itself"
    if 2 <= len(text) <= 2 * part_length_max:
        split_code([text[: len(text) // 2]], text[len(text) // 2 :], detectors())


def check_policy(policy: Policy) -> None:
    """Assert that a policy can be stored and decides on every surface."""
    policy.source.encode()
    for rule in policy.rules:
        for words in (*astuple(rule.title), *astuple(rule.reason)):
            assert storable(words) == words, "no database stores this"
    [signals] = detectors().inspect([neighbour])
    for surface in Surface:
        for seen in (signals, ()):
            item = item_of(neighbour, surface)
            decision = decide(item, seen, Author("author", False), policy, noon)
            assert decision.visibility in Visibility
            assert len(decision.rules) == len(decision.reasons) <= len(policy.rules)
            stored = msgspec.json.encode(decision)
            assert msgspec.json.decode(stored, type=Decision) == decision


def item_of(text: str, surface: Surface = Surface.moments) -> Item:
    """Return an item with a text."""
    return Item(id=ItemId("item"), author=UserId("author"), surface=surface, text=text)


@cache
def detectors(engine: str | None = None) -> Detectors:
    """Return the bundled detectors, made once."""
    return Detectors.load(own_hosts=frozenset({"kouling.example"}), engine=engine)
