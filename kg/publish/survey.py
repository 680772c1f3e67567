"""One pass over the sorted lines of a graph: what it holds, and that each triple has one home."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from operator import itemgetter

from rdflib.namespace import RDF

from kg.errors import ReleaseRefused

_TYPE = f"<{RDF.type}>"


@dataclass(slots=True)
class Survey:
    """Counts by named graph, class and property; IRIs without angle brackets."""

    triples: int = 0
    subjects: int = 0
    graphs: Counter[str] = field(default_factory=Counter)
    classes: Counter[str] = field(default_factory=Counter)
    properties: Counter[str] = field(default_factory=Counter)

    def watch(self, lines: Iterable[str]) -> Iterator[str]:
        """Hand the lines on and count them.

        Raises:
            ReleaseRefused: a triple stands in two graphs. Oxigraph's union default graph and its
                lists of FROM would count it twice, against the RDF merge of SPARQL 1.1 §13.1.
        """
        last_subject = last_triple = ""
        for line in lines:
            triple, graph = _split(line)
            subject, predicate, value = triple.split(" ", 2)
            if triple == last_triple:
                raise ReleaseRefused(f"a triple has two homes, {graph} is the second: {triple}")
            last_triple = triple
            self.triples += 1
            self.graphs[graph] += 1
            self.properties[predicate[1:-1]] += 1
            if predicate == _TYPE:
                self.classes[value[1:-1]] += 1
            if subject != last_subject:
                self.subjects += 1
                last_subject = subject
            yield line


def _split(line: str) -> tuple[str, str]:
    triple, _, graph = line.removesuffix(" .").rpartition(" ")
    return triple, graph[1:-1]


def ranked(counts: Counter[str]) -> list[tuple[str, int]]:
    """Counts by name, so that they come in the same order from run to run."""
    return sorted(counts.items(), key=itemgetter(0))
