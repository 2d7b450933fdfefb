"""The gate over HTTP: servers, the load on them, and what goes over the wire."""
