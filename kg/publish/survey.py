"""One pass over the sorted lines of a graph: what it holds, and that each triple has one home."""

from __future__ import annotations

from collections import Counter, defaultdict
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
        # Counted as they are written: brackets fall once a name, not once a line.
        graphs, classes, properties = (defaultdict[str, int](int) for _ in range(3))
        for line in lines:
            end = line.rindex(" <")
            triple, graph = line[:end], line[end:]
            subject, predicate, value = triple.split(" ", 2)
            if triple == last_triple:
                raise ReleaseRefused(
                    f"a triple has two homes, {graph[2:-3]} is the second: {triple}"
                )
            last_triple = triple
            graphs[graph] += 1
            properties[predicate] += 1
            if predicate == _TYPE:
                classes[value] += 1
            if subject != last_subject:
                self.subjects += 1
                last_subject = subject
            yield line
        self.triples = sum(graphs.values())
        self.graphs.update({name[2:-3]: number for name, number in graphs.items()})
        self.classes.update({name[1:-1]: number for name, number in classes.items()})
        self.properties.update({name[1:-1]: number for name, number in properties.items()})


def ranked(counts: Counter[str]) -> list[tuple[str, int]]:
    """Counts by name, so that they come in the same order from run to run."""
    return sorted(counts.items(), key=itemgetter(0))
