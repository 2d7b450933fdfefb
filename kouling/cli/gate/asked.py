"""By what a command of the gate decides: policy, database, packs; and what is said of it first."""

from __future__ import annotations

from pathlib import Path

import msgspec

from kouling.cli import deciding, screen
from kouling.cli.database import named_database, opened_engine
from kouling.config import read_settings
from kouling.gate import Gallery, Policy, bundled_policy, read_policy
from kouling.inspector import AloneInspector, DatabaseInspector, Inspector


class DecidedBy(msgspec.Struct, frozen=True, kw_only=True):
    """The options that say by what is decided."""

    policy: deciding.Policy = ""
    database: deciding.DecidingDatabase = ""
    pack: deciding.Packs = None

    @property
    def files(self) -> tuple[str, ...]:
        """The files that are read because of them."""
        policy = (self.policy,) if is_file(self.policy) else ()
        database = named_database(self.database)
        named = (database,) if database and "://" not in database else ()
        return (*policy, *packs_of(self), *named)


def is_file(policy: str) -> bool:
    """Whether a policy is named by its file."""
    return policy.endswith((".yaml", ".yml"))


def packs_of(by: DecidedBy) -> tuple[str, ...]:
    """Return the detector packs: those that are given, else those of the settings."""
    return tuple(by.pack or ()) or read_settings().packs


def policy_named(name: str) -> Policy:
    """Return the policy of a YAML file, or the bundled one of that name."""
    return read_policy(Path(name)) if is_file(name) else bundled_policy(name)


def opened_inspector(by: DecidedBy, waiting_max: int | None = None) -> Inspector:
    """Return what decides: a policy alone, or a database as it stands."""
    settings, packs = read_settings(), packs_of(by)
    policy = policy_named(by.policy) if by.policy else None
    database = named_database(by.database)
    if database:
        return DatabaseInspector(opened_engine(database, packs), policy, packs)
    gallery = Gallery(settings.picture_workers, waiting_max=waiting_max)
    return AloneInspector(policy or policy_named(deciding.default_policy), settings, packs, gallery)


def say_what_is_not_known(inspector: Inspector) -> None:
    """Say what can't be told here, in one line."""
    if inspector.not_known:
        told = ", ".join(inspector.not_known)
        screen.say(f"without --database not known: {told}; what could be ours is unknown")
    for doubt in inspector.doubts():
        screen.say(f"warning: {doubt}")
