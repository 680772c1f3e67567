"""The formats in which rows and graphs are written: the one table of them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Holds(Enum):
    """What is written in a format."""

    ROWS = "the solutions of a query, or a boolean"
    TRIPLES = "triples"
    QUADS = "triples by named graph"


@dataclass(frozen=True, slots=True)
class Format:
    """One format. `aliases` are other media types that clients send for it."""

    extension: str
    media_type: str
    label: str
    holds: Holds
    aliases: tuple[str, ...] = ()

    @property
    def content_type(self) -> str:
        return content_type(self.media_type)


_JSON, _XML = ("application/json",), ("application/xml", "text/xml")

# Of rows and of graphs in order of preference, where a client leaves the choice to us. JSON-LD is
# among the triples: few of its readers look inside named graphs.
FORMATS = (
    Format("json", "application/sparql-results+json", "SPARQL JSON", Holds.ROWS, _JSON),
    Format("xml", "application/sparql-results+xml", "SPARQL XML", Holds.ROWS, _XML),
    Format("csv", "text/csv", "CSV", Holds.ROWS),
    Format("tsv", "text/tab-separated-values", "TSV", Holds.ROWS),
    Format("ttl", "text/turtle", "Turtle", Holds.TRIPLES),
    Format("nt", "application/n-triples", "N-Triples", Holds.TRIPLES, ("text/plain",)),
    Format("rdf", "application/rdf+xml", "RDF/XML", Holds.TRIPLES, _XML),
    Format("jsonld", "application/ld+json", "JSON-LD", Holds.TRIPLES, _JSON),
    Format("nq", "application/n-quads", "N-Quads", Holds.QUADS),
    Format("trig", "application/trig", "TriG", Holds.QUADS),
)
ROWS = tuple(each for each in FORMATS if each.holds is Holds.ROWS)
GRAPHS = tuple(each for each in FORMATS if each.holds is not Holds.ROWS)
RESULT_TYPES = tuple(each.media_type for each in ROWS)
GRAPH_TYPES = tuple(each.media_type for each in GRAPHS)
BY_EXTENSION = {each.extension: each for each in FORMATS}


def content_type(media_type: str) -> str:
    """With the charset where it is text, which else is ASCII (RFC 2046 §4.1.2, Turtle §5.1)."""
    return f"{media_type}; charset=utf-8" if media_type.startswith("text/") else media_type
