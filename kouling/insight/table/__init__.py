"""What insight reads, a file a report. It writes nothing."""
