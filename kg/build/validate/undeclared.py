"""Terms that the ontology does not have, found by one look at what a graph is made of."""

from __future__ import annotations

from collections.abc import Iterator

from rdflib.namespace import RDF, RDFS

from kg.build.validate.profile import Profile
from kg.build.validate.violation import Violation
from kg.ontology import Ontology
from kg.store.embedded.build_store import BuildStore

_MESSAGE = "The ontology has no such property, and no column is called so."
_KNOWN = {str(RDF.type), str(RDFS.isDefinedBy)}


def undeclared(store: BuildStore, ontology: Ontology, profile: Profile) -> Iterator[Violation]:
    """The first triple of each property that neither the ontology nor a data set's columns
    declare, outside what a release says of itself and of its ontology.
    """
    own = {predicate for _, predicate, _ in ontology.triples}
    known = _KNOWN | own | {each.iri for each in ontology.properties.values()}
    known |= {column for (column,) in store.select(f"SELECT ?p {{ ?p a <{RDF.Property}> }}")}
    for predicate in sorted(profile.kinds.keys() - known):
        query = (
            f"SELECT ?s ?o {{ GRAPH ?g {{ ?s <{predicate}> ?o }} "
            'FILTER(!REGEX(STR(?g), "/graph/(meta|ontology)$")) } ORDER BY ?s ?o LIMIT 1'
        )
        for subject, value in store.select(query):
            yield Violation(subject, "undeclared", "undeclared", predicate, value, _MESSAGE)
