"""What claims stand on: how they are found and run, what they measure on, where figures go."""
