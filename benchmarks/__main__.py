"""Run a claim, all of them, or write the pages: see `python -m benchmarks --help`."""

import sys

from benchmarks.bench.run import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
