"""The first page: what this graph is, with a case that shows it at work."""
