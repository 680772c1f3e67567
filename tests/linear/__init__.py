"""Finds what takes more than linear time over hostile input: patterns, functions, routes."""
