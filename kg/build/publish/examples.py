"""The saved questions in the graph, where editors look for examples (SHACL-AF §5.1)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from rdflib.namespace import RDF, RDFS, SDO, SH

from kg.build.publish.publication import Publication
from kg.model.rdf import Literal, Quad
from kg.queries import SavedQuery


def describe_queries(publication: Publication, queries: Iterable[SavedQuery]) -> Iterator[Quad]:
    """Each with its question and its text, which declares its prefixes."""
    base, say = publication.minter.base, publication.say
    for each in queries:
        subject = f"{base}queries/{each.name}"
        for kind in ("SPARQLExecutable", "SPARQLSelectExecutable"):
            yield say(subject, RDF.type, f"{SH}{kind}")
        yield say(subject, RDFS.comment, Literal(each.question, language="en"))
        yield say(subject, SH.select, Literal(_declared(publication, each.text)))
        yield say(subject, SDO.target, f"{base}sparql")
        yield say(subject, SDO.keywords, Literal(each.group, language="en"))


def _declared(publication: Publication, text: str) -> str:
    used = (
        f"PREFIX {name}: <{iri}>"
        for name, iri in publication.ontology.prefixes.items()
        if f"{name}:" in text
    )
    return "\n".join((*used, text.strip()))
