"""What several benchmarks need: the data, the options, the machine, where results go."""
