"""How fast the gate decides, beside what else could do the work, and on hostile input.

Claim: time is linear in length, and 5,000 patterns are about as fast as 50. A whole text decision
(fold, 50+ patterns, detectors, 20 policy rules) at a batch of 100 at 250,000 messages/s a core, one
decision alone p99 <= 0.15 ms, no hostile input at more than 3 times the median per byte.

Rivals, in the same run on the same messages: a Python `re` loop over the same patterns and over
the 64 regexes of public projects, a google-re2 Set, raw Hyperscan on the same folded bytes (the
limit: it neither folds nor verifies nor decides), and rspamd over loopback HTTP with the same
patterns, where it is installed (apt-get install rspamd).

Messages: 100,000 lines of ordinary text cut to 140 characters, in a fixed shuffled order, one in
a hundred with a made-up share code in one of the tricks of `gate_accuracy`.

How: rounds are interleaved, and every figure is the median of its rounds. Rates are by CPU time,
which neighbours disturb least; wall time is beside them. Every process of two runs the same.

Machine: stated in the results. Six minutes; with --quick two, of which little can be learnt.

Run: python -m benchmarks gate_speed --data ../shared/data
     python -m benchmarks gate_speed --data ../shared/data --seconds 5 --json FILE
"""

from argparse import ArgumentParser, Namespace

from benchmarks.bench.claims import Report
from benchmarks.bench.data import load_data
from benchmarks.bench.gate import Gate
from benchmarks.bench.messages import ordinary_messages, without_codes
from benchmarks.bench.options import add_data, add_quick
from benchmarks.bench.results import begin
from benchmarks.bench.rspamd import beside_rspamd
from benchmarks.gate_speed.costs import by_hostility, by_length
from benchmarks.gate_speed.entrants import (
    our_entrants,
    policy_entrants,
    re_loop,
    rival_entrants,
    usual_batch,
)
from benchmarks.gate_speed.latency import latency
from benchmarks.gate_speed.packs import race_packs
from benchmarks.gate_speed.race import Effort, Entrant, race
from kouling.gate import Detectors


def add_options(parser: ArgumentParser) -> None:
    """Add the options of this claim."""
    add_data(parser)
    add_quick(parser)
    parser.add_argument("--seconds", type=float, default=1.5, help="time for each row of the race")


def measure(options: Namespace) -> Report:
    """Race the gate and its rivals, then time single, long and hostile texts."""
    effort = Effort(0.2, 3) if options.quick else Effort(options.seconds, 5)
    data, gate = load_data(options.data), Gate(Detectors.load())
    messages = ordinary_messages([line.text for line in data.corpus["all"]])
    report = begin(data=data.facts, quick=options.quick, effort=effort._asdict())
    report |= {"pack": gate.detectors.pack.version, "patterns": len(gate.triggers)}
    public = re_loop(data.public)
    entrants = [
        *our_entrants(gate, messages),
        *rival_entrants(gate.triggers, messages),
        Entrant("re loop, the public regexes", usual_batch, messages, list, public),
    ]
    report["race"] = {str(count): race(entrants, effort, count) for count in (1, 2)}
    report["policies"] = race(list(policy_entrants(gate.detectors, messages)), effort)
    report["packs"] = race_packs(gate, messages, effort)
    kinds = {
        "ordinary, 1 % with codes": messages,
        "share messages": [one.text for one in data.messages["all"]],
    }
    report["single"] = latency(gate, kinds, effort.rounds)
    ordinary = without_codes(messages)
    report["lengths"] = by_length(gate, ordinary, effort.rounds)
    report["hostile"] = by_hostility(gate, ordinary, effort.rounds)
    report["rspamd"] = beside_rspamd(gate, messages, effort.rounds)
    return report
