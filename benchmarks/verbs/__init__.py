"""Verbs of the engine on both stores, called by one and by many."""
