"""Chancery: pages and endpoints over a published graph, and the processes that serve them."""
