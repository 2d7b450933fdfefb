"""Lines of ordinary text come in, messages in a fixed order with a few disguised codes go out."""

import random
import string
from collections.abc import Iterable
from itertools import cycle, islice
from typing import TYPE_CHECKING

from benchmarks.bench.tree import from_first
from benchmarks.bench.tricks import tricks

if TYPE_CHECKING:
    from kouling.lab import find_disguise
else:
    find_disguise = from_first("kouling.lab:find_disguise", "kouling.gate:find_disguise")

message_count = 100_000
message_length = 140
code_every = 100
"""One message in so many carries a made-up share code in a disguise."""


def ordinary_messages(lines: Iterable[str]) -> list[str]:
    """Return messages in a fixed order, one in a hundred with a disguised code."""
    draw = random.Random(20180529)
    short = [line[:message_length] for line in lines if line.strip()]
    draw.shuffle(short)
    messages = list(islice(cycle(short), message_count))
    for place in range(0, message_count, code_every):
        messages[place] = with_code(messages[place], draw)
    return messages


def with_code(text: str, draw: random.Random) -> str:
    """Put a made-up share code between signs somewhere into a text, disguised."""
    code = f"￥{''.join(draw.choices(string.ascii_letters + string.digits, k=11))}￥"
    place = draw.randrange(len(text) + 1)
    whole = f"{text[:place]}{code}{text[place:]}"
    trick = tricks[draw.choice(list(tricks))]
    return find_disguise(trick)(draw.randbytes, whole, [code])[0] if trick else whole


def without_codes(messages: list[str]) -> str:
    """Return a long text of the messages that got no code."""
    return "，".join(text for place, text in enumerate(messages[:2_000]) if place % code_every)
