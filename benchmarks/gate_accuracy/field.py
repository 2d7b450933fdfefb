"""What small inputs from the field, long prose, and ordinary lines with an address come to.

Prose is the corpora's own lines, joined; a code is put behind it or not. Addresses are of pages:
every one is drawn from a seed, and put into a line of the corpora that has none.
"""

import json
import random
import string
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from benchmarks.bench.data import CorpusLine
from benchmarks.bench.labels import Signals, is_found
from benchmarks.gate_accuracy.finders import Finder

field_file = "messages/field_cases.jsonl"
prose_length = 20_000
prose_count = 40
address_lines_max = 20_000

_letters = string.ascii_letters + string.digits
_words = (
    *("guide", "notes", "release", "winter", "market"),
    *("travel", "python", "coffee", "garden", "history", "review"),
)
_han = (
    *("天气", "新闻", "二维码", "口令", "红包", "机器学习"),
    *("咖啡", "旅行", "教程", "显卡", "系统", "历史"),
)
_hosts = (
    *("www.example.com", "blog.example.net", "docs.example.org", "news.example.cn"),
    *("wiki.example.org", "forum.example.com", "code.example.dev", "shop.example.co.uk"),
)


def field_figures(finder: Finder, folder: Path, lines: Sequence[CorpusLine]) -> dict[str, Any]:
    """Return what is right of each kind of field case, of prose, and of lines with addresses."""
    return {
        "cases": _cases(finder, folder / field_file),
        "prose": _prose(finder, lines),
        "addresses": _with_addresses(finder, lines),
    }


def _cases(finder: Finder, file: Path) -> dict[str, list[int]]:
    rows = [json.loads(line) for line in file.read_text("utf-8").splitlines()]
    found: dict[str, list[int]] = {}
    for row, signals in zip(rows, finder.inspect([row["text"] for row in rows]), strict=True):
        right = _is_clean(signals) if row["want"] == "no limit" else is_found(signals)
        counts = found.setdefault(row["kind"], [0, 0])
        counts[0] += right
        counts[1] += 1
    return found


def _prose(finder: Finder, lines: Sequence[CorpusLine]) -> dict[str, list[int]]:
    """Return how many long texts are read to their end: clean ones, and those with a code last."""
    draw = random.Random(20181)
    texts = list(_long_texts(lines))[:prose_count]
    code = [f"{text}￥{''.join(draw.choices(_letters, k=11))}￥" for text in texts]
    clean = sum(_is_clean(signals) for signals in finder.inspect(texts))
    seen = sum(is_found(signals) for signals in finder.inspect(code))
    return {"clean": [clean, len(texts)], "code behind": [seen, len(code)]}


def _is_clean(signals: Signals) -> bool:
    """Say whether a text was read to its end and nothing of anybody's was found in it."""
    return not is_found(signals) and all(one.kind != "not_inspected" for one in signals)


def _long_texts(lines: Sequence[CorpusLine]) -> Iterator[str]:
    text = ""
    for line in lines:
        text += line.text + "。"
        if len(text) >= prose_length - 20:
            yield text[: prose_length - 20]
            text = ""


def _with_addresses(finder: Finder, lines: Sequence[CorpusLine]) -> dict[str, Any]:
    draw = random.Random(20182)
    plain = [line.text for line in lines[:address_lines_max] if "/" not in line.text]
    texts = [f"{text} {_address(draw)}" for text in plain]
    alarms = sum(finder.hits(texts))
    return {"lines": len(texts), "alarms": alarms, "per_100k": round(1e5 * alarms / len(texts), 1)}


def _address(draw: random.Random) -> str:
    """Return the address of a page as pages have it."""
    word, other, han = draw.choice(_words), draw.choice(_words), draw.choice(_han)
    number, hexadecimal = draw.randrange(10**6), f"{draw.getrandbits(96):024x}"
    date = f"{draw.randrange(2005, 2027)}/{draw.randrange(1, 13):02d}/{draw.randrange(1, 29):02d}"
    encoded = "".join(f"%{byte:02X}" for byte in han.encode())
    path = draw.choice(
        (
            *(f"{date}/{word}-{other}-{number}.html", f"{word}/{other}", f"post/{hexadecimal}"),
            *(f"wiki/{encoded}", f"tag/{word}{encoded}", f"{word}-{other}-101/", f"item/{number}"),
            *(f"u/{word}{number % 100}", f"abs/{number % 10_000:04d}.{number:05d}", f"?p={number}"),
            *(f"css-{number % 1000}-{word}", f"{word}/v{number % 9}.{number % 7}/{other}.html"),
        )
    )
    return f"https://{draw.choice(_hosts)}/{path}"
