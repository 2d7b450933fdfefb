"""Words of a command line come in; a claim is run, its tables are printed, its figures kept.

python -m benchmarks                    what there is, a line each
python -m benchmarks NAME [options]     run one claim; NAME --help tells of it
python -m benchmarks all [options]      run all; each gets those of the options that it knows
python -m benchmarks page               write docs/benchmarks.md and its pages anew
"""

import argparse
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from benchmarks.bench.claims import Claim, home, load, names, sentence, tables_of
from benchmarks.bench.options import add_data, add_quick, parser_of
from benchmarks.bench.page import write_pages
from benchmarks.bench.results import save
from benchmarks.bench.tree import kouling_of, root


def main(words: Sequence[str]) -> int:
    """Do what the words say and return the exit status."""
    name, *rest = words or [""]
    if name in ("", "-h", "--help"):
        print(listing())
    elif name == "page":
        write_pages()
    elif name == "all":
        return run_all(rest)
    elif name in names():
        run(name, rest)
    else:
        sys.exit(f"error: there is no claim {name}; there are {', '.join(names())}")
    return 0


def listing() -> str:
    """Return how to call, and each claim with its line."""
    usage = (__doc__ or "").partition("\n\n")[2]
    width = max(map(len, names()))
    return usage + "\n" + "\n".join(f"{name:{width}}  {sentence(name)}" for name in names())


def run(name: str, words: Sequence[str]) -> None:
    """Run one claim: measure, print, and keep the raw figures."""
    with kouling_of(_tree(words)):
        claim = load(name)
        options = _parser(claim).parse_args(words)
        report = claim.measure(options)
    for table in tables_of(name, report).values():
        print(table)
    if options.json is None and (getattr(options, "quick", False) or not claim.is_kept(options)):
        print("not kept: such a run does not take the place of the last one; keep it with --json")
        return
    save(name, report, options.json)
    if options.json is None:
        write_pages()


def run_all(words: Sequence[str]) -> int:
    """Run each claim in a process of its own; return 1 if any could not be run to its end."""
    parser = argparse.ArgumentParser("benchmarks all", description="Run all claims in turn.")
    add_data(parser)
    add_quick(parser)
    options = parser.parse_args(words)
    groups = [["--data", str(options.data)]] if options.data else []
    groups += [["--quick"]] if options.quick else []
    failed = []
    for name in names():
        parser = _parser(load(name))
        known = [word for group in groups if _knows(parser, group) for word in group]
        print(f"\n{name}: {sentence(name)}", flush=True)
        command = [sys.executable, "-m", "benchmarks", name, *known]
        if subprocess.run(command, cwd=home.parent, check=False).returncode:
            failed.append(name)
    if failed:
        print(f"error: not run to their end: {', '.join(failed)}", file=sys.stderr)
    return bool(failed)


def _knows(parser: argparse.ArgumentParser, words: list[str]) -> bool:
    return not parser.parse_known_args(words)[1]


def _parser(claim: Claim) -> argparse.ArgumentParser:
    parser = parser_of(claim.name, claim.text)
    claim.add_options(parser)
    return parser


def _tree(words: Sequence[str]) -> Path:
    """Return the checkout that the words name: asked for before a claim imports Kouling."""
    parser = argparse.ArgumentParser(add_help=False, allow_abbrev=False)
    parser.add_argument("--tree", type=Path, default=root)
    tree: Path = parser.parse_known_args(words)[0].tree
    return tree
