"""`kouling deliver`: pages, the interest feed and its models."""
