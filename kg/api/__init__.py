"""`import kg`: a graph from Python, as rows, as claims with their evidence, or in RDF."""

from kg.api.claims import Claim, Evidence, Thing
from kg.api.graph import Graph
from kg.api.opening import open_at as open  # noqa: A004 - it is said kg.open
from kg.api.rows import Rows
from kg.api.values import Iri, Text, Value
from kg.model.errors import ChanceryError as Error

__all__ = [
    "Claim",
    "Error",
    "Evidence",
    "Graph",
    "Iri",
    "Rows",
    "Text",
    "Thing",
    "Value",
    "open",
]
