"""A claim about real messages and corpora; where that data is not, about made-up messages."""

import gzip
import json
from pathlib import Path

from kouling.gate import Detectors
from kouling.lab import sample_material

data = Path(__file__).parents[3] / "shared" / "data"


def texts_at_hand() -> list[str]:
    if not data.is_dir():
        return [message.text for message in sample_material(1).messages]
    texts = []
    for name in ("share_messages", "hard_negatives"):
        lines = (data / "messages" / f"{name}.jsonl").read_text("utf-8").splitlines()
        texts += [json.loads(line)["text"] for line in lines]
    for path in sorted((data / "corpora").glob("*.txt.gz")):
        texts += gzip.decompress(path.read_bytes()).decode().split("\n")
    return texts


def test_the_fallback_engine_sees_the_same_in_all_texts() -> None:
    texts = texts_at_hand()
    fast = Detectors.load(engine="hyperscan")
    portable = Detectors.load(engine="re2")

    assert len(texts) > 20
    for start in range(0, len(texts), 1_000):
        batch = texts[start : start + 1_000]
        assert fast.inspect(batch) == portable.inspect(batch)
