"""Chancery: documents about diplomacy, published as a knowledge graph that can be cited."""

__version__ = "0.3.0.dev0"
