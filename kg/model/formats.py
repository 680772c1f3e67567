"""The formats in which rows and graphs are written: the one table of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from functools import cache


class Holds(Enum):
    """What is written in a format."""

    ROWS = "the solutions of a query, or a boolean"
    TRIPLES = "triples"
    QUADS = "triples by named graph"


@dataclass(frozen=True, slots=True)
class Format:
    """One format. `aliases` are other media types that clients send for it, `names` the values of
    `format=` and its like, besides the extension and the media types.
    """

    extension: str
    media_type: str
    label: str
    holds: Holds
    aliases: tuple[str, ...] = ()
    names: tuple[str, ...] = ()

    @property
    def content_type(self) -> str:
        return content_type(self.media_type)


_JSON, _XML = ("application/json",), ("application/xml", "text/xml")
_N3 = (
    "application/turtle", "application/x-turtle", "text/n3", "text/rdf+n3", "application/n3",
    "application/rdf+n3",
)  # fmt: skip

# Of rows and of graphs in order of preference, where a client leaves the choice to us. JSON-LD is
# among the triples: few of its readers look inside named graphs. Turtle is N3 as well.
FORMATS = (
    Format("json", "application/sparql-results+json", "SPARQL JSON", Holds.ROWS, _JSON,
           ("srj", "sparql-json", "sparql-results+json", "results+json")),
    Format("xml", "application/sparql-results+xml", "SPARQL XML", Holds.ROWS, _XML,
           ("srx", "sparql-xml", "sparql-results+xml", "results+xml", "sparql")),
    Format("csv", "text/csv", "CSV", Holds.ROWS),
    Format("tsv", "text/tab-separated-values", "TSV", Holds.ROWS),
    Format("ttl", "text/turtle", "Turtle", Holds.TRIPLES, _N3, ("turtle", "n3", "longturtle")),
    Format("nt", "application/n-triples", "N-Triples", Holds.TRIPLES, ("text/plain",),
           ("ntriples", "n-triples", "nt11", "ntriple")),
    Format("rdf", "application/rdf+xml", "RDF/XML", Holds.TRIPLES, _XML,
           ("xml", "rdf+xml", "rdfxml", "rdf/xml", "rdf-xml", "pretty-xml", "owl")),
    Format("jsonld", "application/ld+json", "JSON-LD", Holds.TRIPLES,
           (*_JSON, "application/x-json+ld"), ("json", "json-ld", "ld+json", "ldjson")),
    Format("nq", "application/n-quads", "N-Quads", Holds.QUADS, ("text/x-nquads",),
           ("nquads", "n-quads")),
    Format("trig", "application/trig", "TriG", Holds.QUADS, ("application/x-trig",), ("x-trig",)),
)  # fmt: skip
ROWS = tuple(each for each in FORMATS if each.holds is Holds.ROWS)
GRAPHS = tuple(each for each in FORMATS if each.holds is not Holds.ROWS)
RESULT_TYPES = tuple(each.media_type for each in ROWS)
GRAPH_TYPES = tuple(each.media_type for each in GRAPHS)
BY_EXTENSION = {each.extension: each for each in FORMATS}


def content_type(media_type: str) -> str:
    """With the charset where it is text, which else is ASCII (RFC 2046 §4.1.2, Turtle §5.1)."""
    return f"{media_type}; charset=utf-8" if media_type.startswith("text/") else media_type


def known_as(name: str) -> tuple[Format, ...]:
    """The formats that a client means by `name`, a value of `format=`: those of rows first."""
    called = "+".join(name.partition(";")[0].split()).lower()  # a form has a space for each `+`
    return _named().get(called, ())


@cache
def _named() -> Mapping[str, tuple[Format, ...]]:
    named: dict[str, list[Format]] = {}
    for each in FORMATS:
        for name in (each.extension, each.media_type, *each.aliases, *each.names):
            named.setdefault(name, []).append(each)
    return {name: tuple(found) for name, found in named.items()}


def kind_of(name: str) -> tuple[str, str]:
    """What the file of that name is, in words and as a media type."""
    if name.endswith("csv-metadata.json"):
        return "CSVW", "application/csvm+json"  # Metadata Vocabulary for Tabular Data §8
    extension = name.rpartition(".")[2]
    if extension in BY_EXTENSION and extension != "json":
        return BY_EXTENSION[extension].label, BY_EXTENSION[extension].media_type
    return _FILES.get(extension, ("binary", "application/octet-stream"))


_FILES = {
    "cff": ("CFF", "application/yaml"),
    "gz": ("gzip", "application/gzip"),
    "json": ("JSON", "application/json"),
    "jsonl": ("JSON lines", "application/jsonl"),
    "parquet": ("Parquet", "application/vnd.apache.parquet"),
    "sha256": ("checksum", "text/plain"),
}
