"""How well the gate finds foreign share codes in real messages, beside public regexes.

Claim: on messages that nobody looked at while tuning, precision >= .99, recall >= .97, exact
span >= .97, at most 5 false alarms in 100,000 ordinary lines; under the ten tricks of the
research recall >= .97, under all disguises of the laboratory >= .90; a family that the pack does
not know is still recalled at >= .85.

Rival: the best union, by F1, of 64 regexes that public projects use. It is chosen greedily on
the tuned part, from every start, and scored on the held-out part in the same run; all 64
together stand beside it. The second rival is the judgement that admins of chat groups run today, a
list of words of our own, normalised and fuzzy.

Beside messages: small inputs on which the gate was once wrong, by kind; prose of 20,000 characters
with and without a code behind it; ordinary lines that hold an address (at most 15 alarms in
100,000).

Split: of each family of messages and each kind of negative, in file order, the first 60 %
(rounded up) may be looked at while tuning, the rest is held out; of each corpus the first 60 %
of its lines. Corpus lines that really carry a share code are no false alarms: each hit was
looked at, and `reviewed.json` keeps the verdict under a digest of the line.

Machine: any; the figures don't depend on it. About three minutes, most of them the rival's.

Run: python -m benchmarks gate_accuracy --data ../shared/data
     python -m benchmarks gate_accuracy --data ../shared/data --part tuned --show   # what is wrong
"""

import sys
from argparse import ArgumentParser, Namespace

from benchmarks.bench.claims import Report
from benchmarks.bench.data import load_data, parts, whole_folder
from benchmarks.bench.options import add_data
from benchmarks.bench.results import begin
from benchmarks.gate_accuracy.admins import admins_finder
from benchmarks.gate_accuracy.disguised import disguised
from benchmarks.gate_accuracy.faults import faults
from benchmarks.gate_accuracy.field import field_figures
from benchmarks.gate_accuracy.figures import figures_of, reviewed_lines
from benchmarks.gate_accuracy.finders import our_finder, regex_finder
from benchmarks.gate_accuracy.left_out import leave_one_out
from benchmarks.gate_accuracy.union import best_union
from kouling.gate import Detectors


def add_options(parser: ArgumentParser) -> None:
    """Add the options of this claim."""
    add_data(parser)
    parser.add_argument("--part", choices=parts, default="held_out")
    parser.add_argument("--show", action="store_true", help="print each miss and alarm of the part")


def measure(options: Namespace) -> Report:
    """Count what each finder finds, plain, in disguise, and of families that it does not know."""
    if options.show and options.part == "held_out":
        sys.exit("error: --show prints texts, and held-out ones are not looked at: --part tuned")
    data, part, reviewed = load_data(options.data), options.part, reviewed_lines()
    regexes, detectors = data.public, Detectors.load()
    chosen = best_union(regexes, data.messages["tuned"], data.negatives["tuned"])
    ours = our_finder(detectors)
    union = regex_finder(f"best {len(chosen)} regexes", [regexes[i] for i in chosen])
    all_of_them = regex_finder(f"all {len(regexes)} regexes", regexes)
    finders = (ours, union, all_of_them, admins_finder())
    report = begin(data=data.facts, pack=detectors.pack.version, part=part, union=chosen)
    report["parts"] = {
        one: {finder.name: figures_of(finder, data, one, reviewed) for finder in finders}
        for one in dict.fromkeys((part, "tuned"))
    }
    report["left_out"] = leave_one_out(data.messages["all"])
    report["disguised"] = disguised(finders[:2], data.messages[part], data.negatives[part])
    report["field"] = {
        finder.name: field_figures(finder, whole_folder(options.data), data.corpus[part])
        for finder in (ours, union, finders[3])
    }
    for fault in faults(data, part, reviewed) if options.show else ():
        print(fault)
    return report


def is_kept(options: Namespace) -> bool:
    """Only what was found in the held-out part is a claim."""
    return bool(options.part == "held_out")
