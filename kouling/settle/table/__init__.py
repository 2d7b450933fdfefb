"""Settle's tables: conversions, the ledger, and which posting pays for which charge."""
