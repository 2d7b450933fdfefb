"""The command that works through a file."""
