"""Data: descriptions of things and whole named graphs, in six formats of RDF."""
