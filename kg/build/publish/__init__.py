"""The files of a release, and the switch to it."""
