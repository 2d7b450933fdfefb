"""Claims about speed, accuracy and size, a folder each; `python -m benchmarks` lists them.

A claim's folder holds `claim.py` (what is claimed, against whom, and the run), `table.py` (its
figures as tables) and `results.json` (the raw figures of the last run that counts).
"""
