"""`kouling lab`: what the gate still finds of disguised codes."""
