"""How well the feed finds likes it has not seen, beside popularity, EASE and implicit ALS.

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

Run: python benchmarks/deliver_quality.py --data ../shared/data
     python benchmarks/deliver_quality.py --data ../shared/data --sets lastfm --json FILE
"""

import argparse
import time
from collections.abc import Iterator
from typing import Any

import msgspec
from feed.likes import real_likes, sets
from feed.rivals import tuned_als
from feed.timing import serving_us
from shared.options import parser_of
from shared.results import begin, save
from tables.feed import quality_tables

from kouling.interest import LikeMatrix, ModelKind, Options, choose_parameters, fit_with, measure
from kouling.interest.ease import ease_items_max


def main() -> None:
    """Measure, print, and write the raw results."""
    options = _options()
    splits = {name: real_likes(options.data, name) for name in options.sets}
    report = begin(sets=list(splits))
    report["rows"] = []
    for name, (known, answers) in splits.items():
        for row in _rows(name, known, answers):
            report["rows"].append(row)
            print(row, flush=True)
    print("\n".join(quality_tables(report).values()))
    save("deliver_quality", report, options.json)


def _options() -> argparse.Namespace:
    parser = parser_of(__doc__)
    parser.add_argument("--sets", nargs="+", choices=sets, default=sets, help="what to measure on")
    return parser.parse_args()


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
    quality = measure(model, known, answers)
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


if __name__ == "__main__":
    main()
