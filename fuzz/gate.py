"""Fuzz the gate with atheris: one target by name, then options of libFuzzer.

atheris stays out of the locked libraries; give it an environment of its own:

    python3.11 -m venv /tmp/fuzz
    /tmp/fuzz/bin/pip install atheris==3.0.0 -r requirements.lock
    /tmp/fuzz/bin/pip install --no-deps --no-build-isolation -e .
    /tmp/fuzz/bin/python fuzz/gate.py inspect fuzz/corpus/inspect -max_total_time=300

libFuzzer stops at the first fault. With `--keep-going=FOLDER` as the second argument it goes on,
and the shortest input for each place in the code that failed is written to `found-*` there.
"""

from __future__ import annotations

import random
import shlex
import sys
import traceback
from functools import cache, partial
from pathlib import Path

import atheris

folder = Path(__file__).parent
sys.path.insert(0, str(folder.parent))

with atheris.instrument_imports(include=["kouling", "yaml"]):
    from fuzz.targets import Target, targets, text_of

input_bytes_max = 4_096
"""Bytes in an input; longer ones come from the target `long`, which repeats them."""

repeats_max = 64
"""How often a mutation says the same."""

patience = 2.0
"""How many times the stated cost a text may take: instrumented code is slower."""


@cache
def pieces() -> list[str]:
    """Return the pieces of the dictionary."""
    lines = (folder / "dictionary.txt").read_text("utf-8").splitlines()
    return [_unescaped(line) for line in lines if line and not line.startswith("# ")]


def mutate(data: bytes, size_max: int, seed: int) -> bytes:
    """Return bytes that libFuzzer changed, or a text in which pieces came and went."""
    chance = random.Random(seed)
    if chance.random() < 0.3:
        return bytes(atheris.Mutate(data, size_max))
    text = text_of(data)
    for _ in range(chance.randint(1, 4)):
        text = chance.choice(mutations)(text, chance)
    return text.encode("utf-8", "surrogateescape")[:size_max]


def insert(text: str, chance: random.Random) -> str:
    """Put one piece, or many of it, anywhere."""
    at = chance.randint(0, len(text))
    count = chance.choice((1, 1, 1, 2, chance.randint(1, repeats_max)))
    return text[:at] + chance.choice(pieces()) * count + text[at:]


def spread(text: str, chance: random.Random) -> str:
    """Put a piece behind every few characters of a stretch."""
    start, end = _stretch(text, chance)
    step = chance.randint(1, 4)
    cut = [text[at : min(at + step, end)] for at in range(start, end, step)]
    return text[:start] + chance.choice(pieces()).join(cut) + text[end:]


def wrap(text: str, chance: random.Random) -> str:
    """Put a piece around a stretch."""
    start, end = _stretch(text, chance)
    left, right = chance.choice(pieces()), chance.choice(pieces())
    return text[:start] + left + text[start:end] + right + text[end:]


def repeat(text: str, chance: random.Random) -> str:
    """Say a stretch again and again."""
    start, end = _stretch(text, chance)
    return text[:end] + text[start:end] * chance.randint(1, repeats_max) + text[end:]


def leave_out(text: str, chance: random.Random) -> str:
    """Take a stretch out."""
    start, end = _stretch(text, chance)
    return text[:start] + text[end:]


def turn(text: str, chance: random.Random) -> str:
    """Write a stretch backwards."""
    start, end = _stretch(text, chance)
    return text[:start] + text[start:end][::-1] + text[end:]


mutations = (insert, insert, insert, spread, wrap, repeat, leave_out, turn)


def _stretch(text: str, chance: random.Random) -> tuple[int, int]:
    start = chance.randint(0, len(text))
    return start, chance.randint(start, min(len(text), start + chance.choice((4, 16, 64))))


def _unescaped(line: str) -> str:
    return line.encode("latin-1", "backslashreplace").decode("unicode_escape")


def keep_going(target: Target, found: Path) -> Target:
    """Return a target that never fails; it writes the shortest input for each failing place."""
    shortest: dict[str, int] = {}

    def once(data: bytes, **options: float) -> None:
        try:
            target(data, **options)
        except Exception as error:
            last = traceback.extract_tb(error.__traceback__)[-1]
            place = f"{Path(last.filename).stem}-{last.lineno}-{type(error).__name__}"
            if len(data) < shortest.get(place, input_bytes_max + 1):
                shortest[place] = len(data)
                (found / f"found-{place}").write_bytes(data)

    return once


def main() -> None:
    """Run the target that the first argument names."""
    name, *options = sys.argv[1:] or [""]
    if name not in targets:
        sys.exit(f"usage: gate.py {{{','.join(targets)}}} [corpus] [-max_total_time=300 …]")
    target = targets[name]
    if options and options[0].startswith("--keep-going="):
        target = keep_going(target, Path(options.pop(0).partition("=")[2]))
    if name in ("inspect", "long"):
        target = partial(target, patience=patience)
    # Merging starts this script again, by the first argument as a shell reads it.
    command = shlex.join([sys.executable, __file__, name])
    limit = f"-max_len={input_bytes_max}"
    atheris.Setup([command, limit, *options], target, custom_mutator=mutate)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
