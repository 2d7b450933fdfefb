"""How well share codes are found: who looks for them, what is counted, what is shown."""
