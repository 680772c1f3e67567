"""What the graph says with an entity as its subject, sorted into what a page does with it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from rdflib.namespace import DCTERMS, FOAF, OWL, PROV, RDF, RDFS, SDO, SKOS

from kg.model.namespaces import CLM, WGS84
from kg.model.rdf import Iri, Literal, Term
from kg.ontology import Ontology, Property
from web.site.asking import ask

LIMIT = 1_000  # triples of one entity that a page reads

_OWN = {
    str(each)
    for each in (
        RDF.type, RDFS.label, SKOS.altLabel, SKOS.hiddenLabel, SKOS.exactMatch, OWL.sameAs,
        RDFS.seeAlso, FOAF.homepage, PROV.wasDerivedFrom, CLM.datePrecision, SDO.text,
        WGS84.lat, WGS84.long, OWL.deprecated, DCTERMS.isReplacedBy, DCTERMS.description,
        DCTERMS.identifier, RDF.subject, RDF.predicate, RDF.object,
        CLM.startEarliest, CLM.startLatest, CLM.endEarliest, CLM.endLatest, CLM.boundBy,
    )
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Subject:
    """An entity's own triples.

    `facts` holds, by property, what is accepted of it; the rest is its description. `records`
    are the rows of public records that its facts come from. `status` and `start` are what became
    of an event and its first day, as far as they are known; None and empty for other things.
    `roles` are those that its classes play, `withdrawn` says that the graph no longer vouches for
    it (`owl:deprecated`). `over` is the last day on which it may have ended, as `bound_by` tell,
    empty where its own dates do.
    """

    iri: Iri
    types: tuple[Iri, ...]
    labels: tuple[Literal, ...]
    other_names: tuple[Literal, ...]
    same_as: tuple[Iri, ...]
    see_also: tuple[Iri, ...]
    description: tuple[Literal, ...]
    records: tuple[Iri, ...]
    status: Iri | None
    start: str
    roles: frozenset[str]
    position: tuple[str, str] | None
    withdrawn: bool
    replacement: Iri | None
    over: str
    bound_by: tuple[Iri, ...]
    facts: Mapping[Iri, tuple[Term, ...]]

    @property
    def label(self) -> Literal | None:
        return min(
            self.labels, key=lambda each: (each.language != "en", each.language), default=None
        )

    def of(self, properties: Iterable[Property]) -> Iterator[Term]:
        """What is accepted for any of `properties`, in their order."""
        for each in properties:
            yield from self.facts.get(each.iri, ())

    def iris(self) -> Iterator[Iri]:
        """Every IRI that a page needs a name for."""
        yield from (*self.types, *self.records, *self.facts, *self.bound_by)
        for values in self.facts.values():
            yield from (each for each in values if isinstance(each, str))


def facts_query(iri: Iri) -> str:
    return ask("web.site", "subject", entity=iri, limit=LIMIT)


def read(iri: Iri, rows: Iterable[Mapping[str, Term]], ontology: Ontology) -> Subject:
    """The subject in `rows` of `(p, o)`."""
    found: dict[Iri, list[Term]] = {}
    for row in rows:
        found.setdefault(str(row["p"]), []).append(row["o"])

    def iris(*names: object) -> tuple[Iri, ...]:
        terms = (each for name in names for each in found.get(str(name), ()))
        return tuple(sorted(each for each in terms if isinstance(each, str)))

    def texts(name: object) -> tuple[Literal, ...]:
        return tuple(sorted(each for each in found.get(str(name), ()) if isinstance(each, Literal)))

    def played(role: str) -> list[Iri]:
        return [each.iri for each in ontology.playing(role)]

    latitude, longitude = texts(WGS84.lat), texts(WGS84.long)
    days = (each for role in ("Begins", "Falls") for name in played(role) for each in texts(name))
    own, bound_by = _OWN.union(played("Status")), iris(CLM.boundBy)
    return Subject(
        iri=iri,
        types=iris(RDF.type),
        labels=texts(RDFS.label),
        other_names=texts(SKOS.altLabel),
        same_as=iris(SKOS.exactMatch, OWL.sameAs),
        see_also=iris(RDFS.seeAlso, FOAF.homepage),
        description=texts(DCTERMS.description),
        records=iris(PROV.wasDerivedFrom),
        status=next(iter(iris(*played("Status"))), None),
        start=next((each.value for each in days), ""),
        roles=frozenset(
            above.role
            for each in map(ontology.find, iris(RDF.type))
            if each
            for above in ontology.above(each.name)
        ),
        position=(latitude[0].value, longitude[0].value) if latitude and longitude else None,
        withdrawn=any(each.value == "true" for each in texts(OWL.deprecated)),
        replacement=next(iter(iris(DCTERMS.isReplacedBy)), None),
        over=next((each.value for each in texts(CLM.endLatest)), "") if bound_by else "",
        bound_by=bound_by,
        facts={
            name: tuple(sorted(set(values), key=str))
            for name, values in found.items()
            if name not in own
        },
    )
