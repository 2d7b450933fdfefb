"""The options that several claims have; Kouling is not imported here, as `--tree` says which."""

import argparse
from pathlib import Path


def parser_of(name: str, text: str) -> argparse.ArgumentParser:
    """Return a parser of the options that all claims have."""
    shape = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(f"benchmarks {name}", None, text, formatter_class=shape)
    parser.add_argument("--json", type=Path, help="write all figures to this file instead")
    tree_help = "measure the kouling of this checkout, not the one beside these benchmarks"
    parser.add_argument("--tree", type=Path, metavar="DIR", help=tree_help)
    return parser


def add_data(parser: argparse.ArgumentParser) -> None:
    """Add the option that names the folder of the data."""
    parser.add_argument("--data", type=Path, help="folder of the data")


def add_quick(parser: argparse.ArgumentParser) -> None:
    """Add the option of a run that shows that all works, and little more."""
    quick_help = "a run too short for good figures; it is kept only with --json"
    parser.add_argument("--quick", action="store_true", help=quick_help)
