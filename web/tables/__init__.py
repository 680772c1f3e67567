"""Tables of a release, to take along."""
