"""How fast the gate decides, beside what else could do the work, and on hostile input.

Claim: time is linear in length, and 5,000 patterns are about as fast as 50. A whole text decision
(fold, 50+ patterns, detectors, 20 policy rules) at a batch of 100 at 250,000 messages/s a core, one
decision alone p99 <= 0.15 ms, no hostile input at more than 3 times the median per byte.

Rivals, in the same run on the same messages: a Python `re` loop over the same patterns and over
the 64 regexes of public projects, a google-re2 Set, raw Hyperscan on the same folded bytes (the
limit: it neither folds nor verifies nor decides), and rspamd over loopback HTTP with the same
patterns, where it is installed (apt-get install rspamd).

Messages: 100,000 lines of ordinary text cut to 140 characters, in a fixed shuffled order, one in
a hundred with a made-up share code in one of the tricks of `gate_accuracy.py`.

How: rounds are interleaved, and every figure is the median of its rounds. Rates are by CPU time,
which neighbours disturb least; wall time is beside them. Every process of two runs the same.

Machine: stated in the results. Six minutes; with --quick two, of which little can be learnt.

Run: python benchmarks/gate_speed.py --data ../shared/data
     python benchmarks/gate_speed.py --data ../shared/data --seconds 5 --json FILE
"""

import argparse

from shared.data import load_data
from shared.options import add_quick, checked, parser_of
from shared.results import begin, save
from speed.costs import by_hostility, by_length
from speed.entrants import our_entrants, policy_entrants, re_loop, rival_entrants, usual_batch
from speed.gate import Gate
from speed.latency import latency
from speed.messages import ordinary_messages, without_codes
from speed.packs import race_packs
from speed.race import Effort, Entrant, race
from speed.rspamd import beside_rspamd
from tables.speed import tables

from kouling.gate import Detectors


def main() -> None:
    """Measure, print, and write the raw results."""
    options = _options()
    effort = Effort(0.2, 3) if options.quick else Effort(options.seconds, 5)
    data, gate = load_data(options.data), Gate(Detectors.load())
    messages = ordinary_messages([line.text for line in data.corpus["all"]])
    report = begin(data=data.facts, quick=options.quick, effort=effort._asdict())
    report |= {"pack": gate.detectors.pack.version, "patterns": len(gate.triggers)}
    public = re_loop(data.public.patterns)
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
    for table in tables(report).values():
        print(table)
    save("gate_speed", report, options.json)


def _options() -> argparse.Namespace:
    parser = parser_of(__doc__)
    parser.add_argument("--seconds", type=float, default=1.5, help="time for each row of the race")
    add_quick(parser)
    return checked(parser.parse_args())


if __name__ == "__main__":
    main()
