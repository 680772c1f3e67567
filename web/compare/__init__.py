"""Two documents beside one another: what both say, where they differ, what only one says."""
