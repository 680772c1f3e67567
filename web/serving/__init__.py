"""The server: processes, connections, cache."""
