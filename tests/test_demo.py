"""The running example, "moments, 29 May", as claims."""

import io

import pytest
from rich.console import Console

from kouling import Redemption, Refusal, RefusalReason, Visibility
from kouling.demo import Story, friend, play, seller
from kouling.settle import EntryKind


@pytest.fixture
def story(target: str) -> Story:
    return play(Console(file=io.StringIO(), width=120), target)


def test_moments_29_may(story: Story) -> None:
    """The day before everything passes; on the day moments are the author's alone; the
    seller's own code passes everywhere, leads to the dress and earns."""
    assert {told.decision.visibility for told in story.day_before} == {Visibility.allow}
    assert all(set(told.seen_by) == {seller, friend} for told in story.day_before)

    assert [(told.how, told.seen_by) for told in story.day_itself] == [
        ("in a group", (seller, friend)),
        ("to a friend", (seller, friend)),
        ("in moments", (seller,)),
        ("as a picture", (seller,)),
        ("as a comment", (seller, friend)),
    ]
    assert {told.decision.visibility for told in story.own_code} == {Visibility.allow}

    foreign, typo, spaced, pasted = (outcome for _, outcome in story.pasted)
    assert isinstance(foreign, Refusal)
    assert foreign.reason is RefusalReason.foreign
    assert isinstance(typo, Refusal)
    assert typo.reason is RefusalReason.forged
    assert isinstance(pasted, Redemption)
    assert pasted == spaced
    assert pasted.sharer == seller

    assert [entry.kind for entry in story.entries] == [
        EntryKind.pending,
        EntryKind.posted,
        EntryKind.reversal,
    ]


def test_the_printed_story_shows_spans_and_ends_with_what_to_try(target: str) -> None:
    page = io.StringIO()
    play(Console(file=page, width=120), target)

    assert "foreign-share-code: ￥t7Xk2bQm9Ra￥ (40–53)" in page.getvalue()
    assert "Try next" in page.getvalue().strip().splitlines()[-1]
