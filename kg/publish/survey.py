"""What a graph holds, counted line by line, and that each of its triples has one home."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import groupby
from operator import eq, itemgetter

from rdflib.namespace import RDF

from kg.errors import ReleaseRefused
from kg.rdf import Parts

_TYPE = f"<{RDF.type}>"
_SUBJECT, _PREDICATE = itemgetter(0), itemgetter(1)


@dataclass(slots=True)
class Survey:
    """Counts by named graph, class and property; IRIs without angle brackets.

    `reserved` are beginnings of subjects that nothing but the release itself may describe.
    """

    reserved: tuple[str, ...] = ()
    subjects: int = 0
    _graphs: Counter[str] = field(default_factory=Counter)
    _classes: Counter[str] = field(default_factory=Counter)
    _properties: Counter[str] = field(default_factory=Counter)

    def take(self, lines: Sequence[Parts]) -> None:
        """Count the lines of some subjects.

        Raises:
            ReleaseRefused: a triple stands in two graphs. Oxigraph's union default graph and its
                lists of FROM would count it twice, against the RDF merge of SPARQL 1.1 §13.1.
                Or a source describes what is `reserved`.
        """
        # Counted as they are written: brackets fall once a name, not once a line.
        values = [rest[: rest.rindex(" <")] for _, _, rest in lines]
        self._graphs.update(rest[rest.rindex(" <") :] for _, _, rest in lines)
        self._properties.update(map(_PREDICATE, lines))
        self._classes.update(
            value
            for (_, predicate, _), value in zip(lines, values, strict=True)
            if predicate == _TYPE
        )
        for subject, _ in groupby(lines, _SUBJECT):
            self.subjects += 1
            if subject.startswith(self.reserved):
                raise ReleaseRefused(
                    f"{subject} is the release's own; no sheet and no source may describe it"
                )
        for at, same in enumerate(map(eq, values, values[1:])):
            if same and lines[at][:2] == lines[at + 1][:2]:
                *triple, rest = lines[at + 1]
                raise ReleaseRefused(
                    f"a triple has two homes, {rest[len(values[at]) + 2 : -4]} is the second: "
                    f"{' '.join(triple)} {values[at]}"
                )

    @property
    def triples(self) -> int:
        return self._graphs.total()

    @property
    def graphs(self) -> dict[str, int]:
        """Triples by named graph, in the order of their names."""
        return _ranked(self._graphs, 2, -4)

    @property
    def classes(self) -> dict[str, int]:
        """Instances by class, in the order of their names."""
        return _ranked(self._classes, 1, -1)

    @property
    def properties(self) -> dict[str, int]:
        """Triples by property, in the order of their names."""
        return _ranked(self._properties, 1, -1)


def _ranked(counts: Counter[str], start: int, end: int) -> dict[str, int]:
    """Counts by name, in the same order from run to run."""
    return {name[start:end]: counts[name] for name in sorted(counts)}
