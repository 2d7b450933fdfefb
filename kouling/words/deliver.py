"""What deliver decided becomes words: why a place is on a page, who pays, where a trial stands."""

from __future__ import annotations

from kouling.deliver import Disclosure, PlaceReason, StepKind, TrialReport, TrialStep
from kouling.language import Language
from kouling.words.gate import vocabularies


def place_reason_of(reason: PlaceReason, language: Language = Language.en) -> str:
    """Return why a viewer sees an item."""
    words = vocabularies[language].place_reason[reason.kind]
    return words.format(about=reason.about, of=reason.of)


def disclosure_of(disclosure: Disclosure, language: Language = Language.en) -> str:
    """Return the mark of a paid place: who pays for it."""
    return vocabularies[language].disclosure.format(advertiser=disclosure.advertiser)


def trial_of(report: TrialReport, language: Language = Language.en) -> str:
    """Return where a trial stands and why."""
    trial, words = report.trial, vocabularies[language].trial
    if trial.started_at is None:
        return words["waiting"]
    seen = words["seen"].format(impressions=trial.impressions, likes=trial.likes)
    if trial.impressions < trial.guaranteed:
        return words["promised"].format(guaranteed=trial.guaranteed, seen=seen)
    state = words["ended"] if trial.ended_at else words["stage"].format(number=trial.stage + 1)
    last = next((step for step in reversed(report.steps) if step.bar), None)
    outcome = "" if last is None else _outcome(last, language)
    return words["state"].format(state=state, seen=seen) + outcome


def _outcome(step: TrialStep, language: Language) -> str:
    """Say whether a stage that was filled was passed, after what was said before."""
    passed = "passed" if step.kind == StepKind.passed else "not_passed"
    return (
        vocabularies[language]
        .trial[passed]
        .format(number=step.stage + 1, bar=step.bar, probability=step.probability)
    )
