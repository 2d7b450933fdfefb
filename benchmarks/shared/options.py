"""The options that all scripts on the data have, and a clear end where the data are missing."""

import argparse
import sys
from pathlib import Path

from shared.data import data_files


def parser_of(description: str | None) -> argparse.ArgumentParser:
    """Return a parser of the options that all scripts on these data have."""
    shape = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(description=description, formatter_class=shape)
    parser.add_argument("--data", type=Path, help="folder of the data")
    parser.add_argument("--json", type=Path, help="write all figures to this file instead")
    return parser


def add_quick(parser: argparse.ArgumentParser) -> None:
    """Add the option of a run that shows that all works, and little more."""
    parser.add_argument("--quick", action="store_true", help="a run too short for good figures")


def checked(options: argparse.Namespace) -> argparse.Namespace:
    """Return the options, or end with a clear message if the data are missing."""
    if options.data is None:
        sys.exit("error: the folder of the data is not given; use --data ../shared/data")
    for name in data_files:
        if not (options.data / name).exists():
            sys.exit(f"error: no {name} in {options.data}; give the folder of the data with --data")
    return options
