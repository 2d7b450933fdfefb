"""How fast the gate decides: what is raced, against whom, on what, and how it is timed."""
