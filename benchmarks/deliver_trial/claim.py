"""How many of all possible likes new items get, by the policy that hands out their first places.

Claim: the trial (a guaranteed first audience, then Thompson sampling with a pooled prior and
stages with a bar that moves) gets at least 0.75 of the likes of an oracle that knows every like
rate, and every item reaches its first audience.

Rivals: uniform places; fixed bars of 3, 5 and 10 % between pools of 300, 3,000 and 12,000, as
growth blogs tell; Thompson sampling with the usual Beta(1, 1) prior, without a guarantee.

The simulation is synthetic: 1,000 items that arrive over the first 60 % of the traffic, like rates
from Beta(1.5, 28.5), at most 20,000 places an item, one million places in batches of 5,000, so
that likes are known late. It ranks policies; its absolute figures say nothing of any real feed.
The trial's decisions are those of `kouling.deliver`: its functions are called, not written again.
Each policy plays the same seeds; intervals are 95 %, from Student's t over the seeds.

Machine: stated in the results. About three minutes; with --quick half a minute.

Run: python -m benchmarks deliver_trial
     python -m benchmarks deliver_trial --quick --json FILE
"""

import statistics
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Sequence
from typing import Any

from benchmarks.bench.claims import Report
from benchmarks.bench.options import add_quick
from benchmarks.bench.results import begin
from benchmarks.deliver_trial.play import play
from benchmarks.deliver_trial.policies import Policy, guaranteed, policies

seeds, quick_seeds = 5, 2

t95 = {1: 12.71, 4: 2.78}
"""Student's t for 95 %, by degrees of freedom."""

add_options: Callable[[ArgumentParser], None] = add_quick


def measure(options: Namespace) -> Report:
    """Simulate all policies on the same seeds."""
    report = begin(quick=options.quick, guaranteed=guaranteed)
    count = quick_seeds if options.quick else seeds
    report["policies"] = [measured(name, policy, count) for name, policy in policies.items()]
    return report


def measured(name: str, policy: Policy, count: int) -> dict[str, Any]:
    """Play a policy on all seeds."""
    runs = [play(policy, seed) for seed in range(count)]
    return {"policy": name, **{key: spread([run[key] for run in runs]) for key in runs[0]}}


def spread(values: Sequence[float]) -> dict[str, Any]:
    """Return the mean, its 95 % interval and the values themselves."""
    mean, half = statistics.fmean(values), 0.0
    if len(values) > 1:
        half = t95[len(values) - 1] * statistics.stdev(values) / len(values) ** 0.5
    return {"mean": round(mean, 4), "half": round(half, 4), "runs": [round(v, 4) for v in values]}
