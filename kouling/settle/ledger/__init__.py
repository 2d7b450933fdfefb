"""The ledger: entries of balanced postings, and the rules that they keep."""
