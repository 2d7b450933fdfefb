"""How well the gate finds foreign share codes in real messages, beside public regexes.

Claim: on messages that nobody looked at while tuning, precision >= .99, recall >= .97, exact
span >= .97, at most 5 false alarms in 100,000 ordinary lines; under the ten tricks of the
research recall >= .97, under all disguises of the laboratory >= .90; a family that the pack does
not know is still recalled at >= .85.

Rival: the best union, by F1, of 64 regexes that public projects use. It is chosen greedily on
the tuned part, from every start, and scored on the held-out part in the same run; all 64
together stand beside it.

Split: of each family of messages and each kind of negative, in file order, the first 60 %
(rounded up) may be looked at while tuning, the rest is held out; of each corpus the first 60 %
of its lines. Corpus lines that really carry a share code are no false alarms: each hit was
looked at, and `reviewed.json` keeps the verdict under a digest of the line.

Machine: any; the figures don't depend on it. About three minutes, most of them the rival's.

Run: python benchmarks/gate_accuracy.py --data ../shared/data
     python benchmarks/gate_accuracy.py --data ../shared/data --part tuned --show   # what is wrong
"""

import argparse

from accuracy.disguised import disguised
from accuracy.faults import faults
from accuracy.finders import our_finder, regex_finder
from accuracy.left_out import leave_one_out
from accuracy.measure import measure, reviewed_lines
from accuracy.union import best_union
from shared.data import load_data
from shared.options import checked, parser_of
from shared.results import begin, save
from tables.accuracy import tables

from kouling.gate import Detectors


def main() -> None:
    """Measure, print, and write the raw results."""
    options = _options()
    data, part, reviewed = load_data(options.data), options.part, reviewed_lines()
    regexes, detectors = data.public.patterns, Detectors.load()
    chosen = best_union(regexes, data.messages["tuned"], data.negatives["tuned"])
    ours = our_finder(detectors)
    union = regex_finder(f"best {len(chosen)} regexes", [regexes[i] for i in chosen])
    finders = (ours, union, regex_finder(f"all {len(regexes)} regexes", regexes))
    report = begin(data=data.facts, pack=detectors.pack.version, part=part, union=chosen)
    report["parts"] = {
        one: {finder.name: measure(finder, data, one, reviewed) for finder in finders}
        for one in dict.fromkeys((part, "tuned"))
    }
    report["left_out"] = leave_one_out(data.messages["all"])
    report["disguised"] = disguised(finders[:2], data.messages[part], data.negatives[part])
    for table in tables(report).values():
        print(table)
    for fault in faults(data, part, reviewed) if options.show else ():
        print(fault)
    if part == "held_out" or options.json:
        save("gate_accuracy", report, options.json)


def _options() -> argparse.Namespace:
    parser = parser_of(__doc__)
    parser.add_argument("--part", choices=("held_out", "tuned", "all"), default="held_out")
    parser.add_argument("--show", action="store_true", help="print each miss and alarm of the part")
    options = parser.parse_args()
    if options.show and options.part == "held_out":
        parser.error("--show prints texts, and held-out ones are not for looking at: --part tuned")
    return checked(options)


if __name__ == "__main__":
    main()
