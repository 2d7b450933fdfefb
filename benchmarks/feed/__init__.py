"""What the benchmarks of the feed share: likes, rivals, and how both are measured."""
