"""How well the interest model finds likes it has not seen, beside popularity, EASE, ALS.

Claim: with parameters that the fit chooses by itself on likes held out of the training likes,
gowalla reaches Recall@20 / NDCG@20 of at least .192 / .1605 without the order of likes and .202 /
.171 with it; on every set it is above popularity and EASE and ALS tuned on the same held-out likes.

Rivals, in the same run on the same split: popularity; EASE (catalogues up to 8,000 items, its
ridge chosen likewise); ALS of the library implicit, where it is installed, the best of twelve
settings by the same measure on the same held-out likes. Published on gowalla's split: LightGCN
.1830/.1554, BSPM-EM .1920/.1597, NESCL .1917/.1617; none of these uses the order.

How: all items are ranked, the user's training likes left out; means over all users with test likes.
The test likes are looked at once, after the choice. gowalla's are the tail of each user's list.

Machine: stated in the results. Some eight minutes; ALS takes half of it.

Run: python -m benchmarks deliver_quality --data ../shared/data
     python -m benchmarks deliver_quality --data ../shared/data --sets lastfm --json FILE
"""

import time
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator
from typing import Any

import msgspec

from benchmarks.bench.claims import Report
from benchmarks.bench.likes import real_likes, sets
from benchmarks.bench.options import add_data
from benchmarks.bench.results import begin
from benchmarks.bench.serving import serving_us
from benchmarks.deliver_quality.rivals import implicit_version, tuned_als
from kouling.interest import LikeMatrix, ModelKind, Options, choose_parameters, fit_with
from kouling.interest import measure as quality_of
from kouling.interest.ease import ease_items_max


def add_options(parser: ArgumentParser) -> None:
    """Add the options of this claim."""
    add_data(parser)
    parser.add_argument("--sets", nargs="+", choices=sets, default=sets, help="what to measure on")


def measure(options: Namespace) -> Report:
    """Choose, fit and look at each set of likes with every model."""
    splits = {name: real_likes(options.data, name) for name in options.sets}
    report = begin(sets=list(splits), rivals={"implicit": implicit_version()})
    print(f"implicit: {report['rivals']['implicit']}", flush=True)
    report["rows"] = []
    for name, (known, answers) in splits.items():
        for row in _rows(name, known, answers):
            report["rows"].append(row)
            print(row, flush=True)
    return report


def is_kept(options: Namespace) -> bool:
    """Only a run on all sets is kept."""
    return set(options.sets) == set(sets)


def _rows(name: str, known: LikeMatrix, answers: LikeMatrix) -> Iterator[dict[str, Any]]:
    wanted: list[tuple[str, Options]] = [
        ("popularity", Options(kind=ModelKind.popularity)),
        ("ours, no order", Options(order=False)),
    ]
    if known.items <= ease_items_max:
        wanted.insert(1, ("EASE", Options(kind=ModelKind.ease, order=False)))
    if known.ordered:
        wanted.append(("ours, with order", Options()))
    for model, options in wanted:
        yield {"set": name, "model": model, **_row(known, answers, options)}
    rival = tuned_als(known, answers)
    if rival:
        yield {"set": name, "model": "implicit ALS, tuned", **rival}


def _row(known: LikeMatrix, answers: LikeMatrix, options: Options) -> dict[str, Any]:
    begun = time.process_time()
    chosen = choose_parameters(known, options)
    middle = time.process_time()
    model = fit_with(known, chosen, seed=options.seed)
    ended = time.process_time()
    quality = quality_of(model, known, answers)
    return {
        "kind": str(model.kind),
        "recall_at_20": round(quality.recall, 5),
        "ndcg_at_20": round(quality.ndcg, 5),
        "coverage": round(quality.coverage, 4),
        "held_out": [round(chosen.held_out.recall, 5), round(chosen.held_out.ndcg, 5)],
        "evaluations": chosen.evaluations,
        "choose_cpu_s": round(middle - begun, 1),
        "fit_cpu_s": round(ended - middle, 1),
        "serving_us": serving_us(model, known, answers),
        "parameters": msgspec.to_builtins(chosen.parameters),
    }
