"""What one decision costs against the length of a text, and on texts made to cost much."""

import statistics
import time
from collections.abc import Mapping
from typing import Any

from benchmarks.bench.gate import Gate, items_of
from kouling.gate.records import text_length_max

lengths = (100, 200, 500, 1_000, 2_000, 5_000, 10_000, text_length_max)

hostile: dict[str, str] = {
    "separators": "-",
    "separators, mixed": "-_./ ·|~*",
    "opening brackets": "(",
    "nested wrappers": "【《（「￥",
    "wrappers closed at once": "()[]{}《》",
    "base58 run": "aB3dE5fG7hJ9kM2n",
    "digit run": "1234567890",
    "letter and separator": "a-B.3 ",
    "zero width": "a\u200b",
    "zero width alone": "\u200b\u200d\u2060",
    "http:// repeated": "http://",
    "half addresses": "http://a.b/",
    "user info": "http://user@",
    "share links": "https://m.tb.cn/h.5aBcDeF ",
    "currency signs": "￥",
    "codes between signs": "￥aB3dE5fG7hJ￥",
    "copy wording": "复制",
    "copy and open wording": "复制这段打开淘宝",
    "split copy wording": "复-制-这-",
    "search wording": "首页搜索",
    "passphrase wording": "口令",
    "combining marks": "a\u0301\u0302\u0303",
    "one letter, many marks": "\u0301",
    "full width": "ａＢ３ｄＥ５",
    "emoji digits": "1\ufe0f\u20e3",
    "percent escapes": "%68%74%74%70",
    "defanged dots": "a[.]b",
    "dots": "a.",
    "ideographic full stops": "a。",
    "ligatures that expand": "ﷺ",
    "astral letters": "𝐚𝐁𝟑",
    "mini-program": "#小程序://",
}
"""Pieces that are repeated up to the longest text."""


def by_length(gate: Gate, ordinary: str, rounds: int) -> dict[str, Any]:
    """Return the time of one decision against the length of ordinary text."""
    return _costs(gate, {f"{length:,}": ordinary[:length] for length in lengths}, rounds)


def by_hostility(gate: Gate, ordinary: str, rounds: int) -> dict[str, Any]:
    """Return the time of one decision on hostile texts, whole and at half their length.

    `to_median` compares the time per byte with the median of all of them.
    """
    whole = {name: _repeated(piece, text_length_max) for name, piece in hostile.items()}
    whole["ordinary text"] = ordinary[:text_length_max]
    whole["100,000 separators"] = "-" * 100_000
    half = {f"half {name}": text[: len(text) // 2] for name, text in whole.items()}
    costs = _costs(gate, {**whole, **half}, rounds)
    usual = statistics.median(costs[name]["ns_per_byte"] for name in whole)
    return {
        name: {
            **costs[name],
            "to_median": round(costs[name]["ns_per_byte"] / usual, 2),
            "growth_when_doubled": round(costs[name]["us"] / costs[f"half {name}"]["us"], 2),
        }
        for name in whole
    }


def _costs(gate: Gate, texts: Mapping[str, str], rounds: int) -> dict[str, Any]:
    times: dict[str, list[float]] = {name: [] for name in texts}
    for _ in range(rounds):
        for name, text in texts.items():
            times[name].append(_decision_seconds(gate, text))
    return {
        name: {
            "characters": len(text),
            "us": round(1e6 * statistics.median(times[name]), 1),
            "ns_per_byte": round(1e9 * statistics.median(times[name]) / len(text.encode()), 2),
        }
        for name, text in texts.items()
    }


def _decision_seconds(gate: Gate, text: str) -> float:
    """Return the CPU time of one decision, over enough of them for the clock."""
    items, count, start = items_of([text]), 0, time.process_time()
    while count == 0 or time.process_time() - start < 2e-3:
        gate.decide(items)
        count += 1
    return (time.process_time() - start) / count


def _repeated(piece: str, length: int) -> str:
    return (piece * (length // len(piece) + 1))[:length]
