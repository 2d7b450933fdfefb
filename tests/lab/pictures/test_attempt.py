"""One picture is read, and what came of it is counted."""

from kouling.lab.pictures.attempt import attempts, outcome
from kouling.lab.pictures.scene import Sample
from kouling.lab.pictures.tally import (
    Aim,
    Transcript,
)
from tests.lab.pictures.test_cards import said_by


def test_a_reader_that_reads_well_counts_so_and_a_blind_one_not(poster: Sample) -> None:
    attempt = next(attempt for attempt in attempts([], 1, 1) if attempt.aim is Aim.payload)
    right = Transcript(tuple(said_by(attempt.sample)), True)
    good = outcome(attempt, lambda *_: right).tally
    blind = outcome(attempt, lambda *_: Transcript()).tally
    assert (good.exact, good.false) == (1, 0)
    assert (blind.exact, blind.false) == (0, 0)
