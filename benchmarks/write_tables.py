"""Write the tables of `docs/benchmarks.md` anew from the raw results in `results/`.

The scripts on the gate do so themselves; after `verbs.py`, and after a merge, run this one:

    python benchmarks/write_tables.py
"""

from tables.page import write_page

if __name__ == "__main__":
    write_page()
