"""The inner door of policies: what the gate decides by, and from when on."""

from __future__ import annotations

from datetime import datetime

from kouling import gate
from kouling.engine.runtime import Runtime
from kouling.engine.verb import verb
from kouling.eventlog import Request, natural_key
from kouling.gate import Policy


class PoliciesDoor:
    """The policies of this installation."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime

    @verb
    def activate(self, policy: Policy) -> None:
        """Put a policy in force from its date on."""
        request = Request("activate", natural_key(policy.version, policy.sha256), policy.source)
        self._runtime.once(request, None, lambda c, at: gate.policies.store_policy(c, policy, at))

    @verb
    def in_force(self, at: datetime | None = None) -> Policy:
        """Return the policy that is in force at a time, now unless given; `open` if none is."""
        with self._runtime.read() as connection:
            return gate.policies.policy_in_force(connection, at or self._runtime.clock())

    @verb
    def list(self, size: int = 50) -> tuple[Policy, ...]:
        """List the policies that were activated, by the date from which they are in force."""
        with self._runtime.read() as connection:
            return gate.policies.list_policies(connection, size)
