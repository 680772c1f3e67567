"""The lines of a graph: sorted, and looked at once by everybody who counts."""
