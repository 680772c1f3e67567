"""Releases: each at an address of its own, with its files and how to cite it; feeds of them."""
