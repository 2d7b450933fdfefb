"""What detectors of text read with: readings, addresses, wording, shapes, the scan, packs."""
