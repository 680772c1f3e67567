"""Chancery: documents about diplomacy, published as a knowledge graph that can be cited.

`kg.open` opens a project, a release or an endpoint (docs/python.md).
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kg.api import Claim, Error, Evidence, Graph, Iri, Rows, Text, Thing, Value, open  # noqa: A004 - it is said kg.open

__version__ = "0.3.0.dev0"
__all__ = [
    "Claim", "Error", "Evidence", "Graph", "Iri", "Rows", "Text", "Thing", "Value", "open",
]  # fmt: skip


def __getattr__(name: str) -> object:
    """What is public, once it is asked for (PEP 562): every command imports this module."""
    if name in __all__:
        from kg import api  # noqa: PLC0415 - only then

        return getattr(api, name)
    raise AttributeError(f"module 'kg' has no attribute {name!r}")
