"""What the fuzzing found stays found: the whole corpus runs through its targets again."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from fuzz.targets import detectors, targets

CORPUS = Path(__file__).parent.parent / "fuzz" / "corpus"
files_max = 300
file_bytes_max = 4_096
seconds_max = 5.0


def inputs() -> list[str]:
    """Return the names of all inputs of the corpus."""
    return sorted(file.relative_to(CORPUS).as_posix() for file in CORPUS.glob("*/*"))


@pytest.fixture(scope="module", autouse=True)
def warm() -> None:
    """Load both engines before anything is timed."""
    detectors()
    detectors("re2")


@pytest.mark.parametrize("name", inputs())
def test_an_input_breaks_nothing_and_is_quick(name: str) -> None:
    data = (CORPUS / name).read_bytes()
    target = targets[name.partition("/")[0]]

    start = time.perf_counter()
    target(data)

    assert time.perf_counter() - start < seconds_max


@pytest.mark.parametrize("target", targets)
def test_each_target_has_inputs(target: str) -> None:
    assert any((CORPUS / target).iterdir())


def test_the_corpus_is_small() -> None:
    sizes = [file.stat().st_size for file in CORPUS.glob("*/*")]

    assert len(sizes) <= files_max
    assert max(sizes) <= file_bytes_max
