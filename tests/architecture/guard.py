"""All rules over one package: what each looked at, and what it found wrong."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from tests.architecture import (
    doors,
    effects,
    imports,
    instruments,
    migrations,
    names,
    sentences,
    shape,
)
from tests.architecture.source import Rule, read_package

RULES: tuple[Rule, ...] = (
    imports.layers,
    imports.circles,
    imports.folders,
    imports.front_doors,
    imports.ledger,
    instruments.heavy_libraries,
    doors.door_sizes,
    doors.door_names,
    doors.door_uses,
    doors.class_names,
    doors.one_judge,
    effects.sql,
    effects.drivers,
    effects.outside_world,
    effects.import_time,
    shape.modules,
    shape.functions,
    shape.verbs,
    shape.parameters,
    shape.docstrings,
    migrations.migration_line,
    migrations.migration_rooms,
    names.banned_names,
    names.words,
    names.spoken,
    names.ignores,
    names.leftovers,
    names.prints,
    names.records,
    sentences.sentences_read,
    sentences.sentences_built,
)


class Report(NamedTuple):
    """What one rule looked at, and its violations as `path:line: what is wrong; what to do`."""

    examined: int
    violations: list[str]


class Survey(NamedTuple):
    """The files that were read, relative to the package's parent, and a report per rule."""

    seen: set[Path]
    reports: dict[str, Report]


def survey(root: Path) -> Survey:
    """Run every rule over the package in the folder `root`."""
    package = read_package(root)
    reports = {}
    for rule in RULES:
        findings = list(rule(package))
        wrong = dict.fromkeys(finding for finding in findings if finding is not None)
        reports[rule.__name__] = Report(len(findings), list(wrong))
    return Survey({module.path for module in package}, reports)
