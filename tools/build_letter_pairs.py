"""Count how letters follow each other in words, for `kouling/gate/text/letter_pairs.txt`.

Folders of source code and documentation come in, the table goes out; the same files give the
same bytes. The committed table was counted on 2026-11-22 with CPython 3.11.7 over 6,000 files
of its standard library and of the packages in this project's environment of that day (1,395,080
runs of letters and digits, 239,248 different ones). Those packages differ from machine to
machine, so no test rebuilds the table. Run this to see how far another source leads away:

    python tools/build_letter_pairs.py /usr/lib/python3.11

`--write` replaces the table; the detectors' accuracy has to be measured again after that.
"""

from __future__ import annotations

import argparse
import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

table_path = Path(__file__).parent.parent / "kouling" / "gate" / "text" / "letter_pairs.txt"

suffixes = frozenset({".py", ".pyi", ".txt", ".md", ".rst", ".js"})
file_bytes_max = 300_000
"""Bytes of a file that is read: larger ones are data."""

count_max = 300
"""Files after which a run counts no more; common words would drown the rest."""

marks = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdef"
head = """\
# How much likelier a letter follows another in words and names than if all letters were alike:
# natural logarithm times 4, plus 20, written A to Z, a to f. Rows: the letter before, a to z,
# then the start of a word; columns: the letter, a to z. Counted over the words and identifiers
# in the Python standard library and the packages that this project depends on
# (tools/build_letter_pairs.py says exactly which, and counts again over other folders).
"""

_run = re.compile(r"(?<![A-Za-z0-9])[A-Za-z0-9]{2,24}(?![A-Za-z0-9])")
_start = 26


def main() -> None:
    """Print how the table of some folders differs from the committed one, or write it."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--write", action="store_true", help="replace the committed table")
    given = parser.parse_args()
    counts = counted(_texts(given.folders))
    table = head + "".join(f"{row}\n" for row in rows_of(counts))
    steps = [abs(marks.index(a) - marks.index(b)) for a, b in _cells(table)]
    print(f"{sum(counts.values()):,} runs, {len(counts):,} different ones")
    print(f"{sum(map(bool, steps))} of {len(steps)} cells differ, by at most {max(steps)} steps")
    if given.write:
        table_path.write_text(table, "ascii")


def counted(texts: Iterable[str]) -> Counter[str]:
    """Return in how many texts each run of letters and digits stands."""
    return Counter(run for text in texts for run in set(_run.findall(text)))


def rows_of(counts: Mapping[str, int]) -> Iterator[str]:
    """Yield the rows of the table: a letter's chance after another against one in 26."""
    pairs = [[1.0] * 26 for _ in range(27)]
    for run in sorted(counts):
        weight = math.sqrt(min(counts[run], count_max))
        for before, letter in _pairs_in(run):
            pairs[before][letter] += weight
    for row in pairs:
        chances = (math.log(count / sum(row) * 26) for count in row)
        yield "".join(marks[min(31, max(0, round(chance * 4) + 20))] for chance in chances)


def _pairs_in(run: str) -> Iterator[tuple[int, int]]:
    """Yield the pairs of letters in a run; a word starts behind a digit and in camelCase."""
    before, was_lower = _start, False
    for character in run:
        if character.isdigit():
            before, was_lower = _start, False
            continue
        letter = ord(character.lower()) - ord("a")
        yield _start if was_lower and character.isupper() else before, letter
        before, was_lower = letter, character.islower()


def _texts(folders: Iterable[Path]) -> Iterator[str]:
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            if path.suffix in suffixes and path.is_file() and path.stat().st_size < file_bytes_max:
                text = path.read_text("utf-8", "ignore")
                # Embedded binary data says nothing about words.
                if "base64" not in text[:200]:
                    yield text


def _cells(table: str) -> Iterator[tuple[str, str]]:
    """Yield each cell of a table with the committed one."""
    ours = table_path.read_text("ascii")
    for row, committed in zip(_rows(table), _rows(ours), strict=True):
        yield from zip(row, committed, strict=True)


def _rows(table: str) -> list[str]:
    return [line for line in table.splitlines() if not line.startswith("#")]


if __name__ == "__main__":
    main()
