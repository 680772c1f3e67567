"""Short names of terms, as sheets and pages write them, and their IRIs.

A term of one of the project's vocabularies goes by its local name (`statedIn`), one of another
vocabulary by its CURIE (`dcterms:title`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from kg.model.namespaces import PREFIXES
from kg.model.rdf import Iri


@dataclass(frozen=True)
class TermNames:
    """`own` maps the prefix of each vocabulary that the project's graph is written in to its
    namespace: the base, and what is laid over it. `yielding` are terms whose local name another
    has, and which go by their CURIE therefore.
    """

    own: Mapping[str, Iri]
    yielding: frozenset[Iri] = frozenset()

    @cached_property
    def prefixes(self) -> Mapping[str, Iri]:
        """All prefixes, in the order of their names."""
        return dict(sorted({**PREFIXES, **self.own}.items()))

    def owns(self, iri: Iri) -> bool:
        """Whether `iri` lies in one of the vocabularies of the project."""
        return iri.startswith(self._spaces)

    @cached_property
    def _spaces(self) -> tuple[Iri, ...]:
        return tuple(self.own.values())

    def short(self, iri: Iri) -> str:
        """`statedIn`, `dcterms:title`; the whole IRI where no prefix fits."""
        for namespace in self.own.values():
            if iri.startswith(namespace) and iri not in self.yielding:
                return iri.removeprefix(namespace)
        return self.curie(iri)

    def curie(self, iri: Iri) -> str:
        """`clm:statedIn`, `dcterms:title`: the name of `iri` in Turtle and SPARQL."""
        fits = [(each, space) for each, space in self.prefixes.items() if iri.startswith(space)]
        prefix, space = max(fits, key=lambda fit: len(fit[1]), default=("", ""))
        return f"{prefix}:{iri.removeprefix(space)}" if space else iri
