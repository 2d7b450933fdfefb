"""Policies that were activated; the one in force is the one whose date came last."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from kouling.errors import Conflict
from kouling.gate.item import check_size
from kouling.gate.policy.policy import Policy, open_policy, policy_of_source
from kouling.gate.table.schema import policy_table

_source_in_force = (
    sa.select(policy_table.c.source)
    .where(policy_table.c.effective_at <= sa.bindparam("at"))
    .order_by(policy_table.c.effective_at.desc(), policy_table.c.activated_at.desc())
    .limit(1)
)


def store_policy(connection: sa.Connection, policy: Policy, at: datetime) -> None:
    """Keep a policy from which `policy_in_force` chooses.

    Raises `Conflict` if its version is known with other rules.
    """
    known = connection.execute(
        sa.select(policy_table.c.sha256).where(policy_table.c.version == policy.version)
    ).scalar()
    if known is None:
        connection.execute(
            policy_table.insert(),
            {
                "version": policy.version,
                "effective_at": policy.effective_at,
                "activated_at": at,
                "sha256": policy.sha256,
                "source": policy.source,
            },
        )
    elif known != policy.sha256:
        raise Conflict(
            f"policy {policy.version} is active with other rules",
            hint="a policy never changes: give the new rules a new version",
        )


def policy_in_force(connection: sa.Connection, at: datetime) -> Policy:
    """Return the stored policy whose date came last, or the open one before any date."""
    source = connection.execute(_source_in_force, {"at": at}).scalar()
    return policy_of_source(source) if source else open_policy()


def policy_of_version(connection: sa.Connection, version: str, at: datetime) -> Policy:
    """Return the policy of a version that decided at a time, with the rules that it had then."""
    query = sa.select(policy_table.c.source).where(policy_table.c.version == version)
    source = connection.execute(query).scalar()
    return policy_of_source(source).as_of(at) if source is not None else open_policy()


def list_policies(connection: sa.Connection, size: int) -> tuple[Policy, ...]:
    """Return the policies that were activated, by the date from which they are in force."""
    check_size(size)
    policy = policy_table.c
    query = sa.select(policy.source).order_by(policy.effective_at, policy.activated_at)
    return tuple(map(policy_of_source, connection.scalars(query.limit(size))))
