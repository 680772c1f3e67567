"""A graph of hostile values, well-formed as RDF: what a page must show as text and no more."""

from __future__ import annotations

from pathlib import Path

from rdflib.namespace import DCTERMS, OWL, RDF, RDFS, SDO, SKOS, XSD

from benchmarks.release import make_release
from kg.model.namespaces import CLM, OA
from kg.model.rdf import Literal, Quad, Term, line
from tests.diplomacy import DIP

BASE = "http://localhost:8000/"
MARKUP = '<script>alert("chancery")</script><img src=x onerror=alert(1)>\'"{{ 7 * 7 }}'
CLOSING = "</script><script>alert('chancery')</script><!--"
BIDI = "\u202etfel ot thgir \u2066inside\u2069 \u200f"
LONG = "x" * 10_000_000
EVIL_IRIS = (
    "javascript:alert(1)",
    "data:text/html,%3Cscript%3Ealert(1)%3C/script%3E",
    "vbscript:x",
)


def _id(ref: str) -> str:
    return f"{BASE}id/{ref}"


def quads() -> list[Quad]:
    """A visit, a place, a document with its text, claims: every value of theirs hostile."""
    visit, place, document = _id("visit/evil"), _id("place/evil"), _id("document/evil")
    claim, evidence = _id("claim/evil/1"), _id("evidence/evil/1")
    entities, source = f"{BASE}graph/entities", f"{BASE}graph/document/evil"
    accepted = f"{BASE}graph/accepted"

    def describe(subject: str, kind: object) -> list[tuple[str, object, Term]]:
        return [
            (subject, RDF.type, str(kind)),
            (
                subject,
                RDFS.label,
                Literal(f"{subject.rpartition('/')[0][-5:]} {MARKUP}", language="en"),
            ),
            (subject, SKOS.altLabel, Literal(CLOSING, language="en")),
            (subject, SKOS.altLabel, Literal(BIDI, language="ar")),
            (subject, DCTERMS.description, Literal(LONG, language="en")),
            *((subject, RDFS.seeAlso, iri) for iri in EVIL_IRIS),
            *((subject, SKOS.exactMatch, iri) for iri in EVIL_IRIS),
        ]

    own = [
        *describe(visit, DIP.Visit),
        *describe(place, DIP.Place),
        (_id("person/gone"), RDF.type, str(DIP.Person)),
        (_id("person/gone"), OWL.deprecated, Literal("true", str(XSD.boolean))),
        (_id("person/gone"), DCTERMS.isReplacedBy, place),
    ]
    said = [
        *describe(document, CLM.Document),
        (document, SDO.text, Literal(f"{MARKUP} {CLOSING} {BIDI} the end", language="en")),
        (claim, RDF.type, str(CLM.Claim)),
        (claim, RDF.subject, visit),
        (claim, RDF.predicate, str(DIP.place)),
        (claim, RDF.object, place),
        (claim, CLM.statedIn, document),
        (claim, CLM.attributedTo, "javascript:alert(2)"),
        (claim, CLM.modality, str(CLM.Asserted)),
        (claim, DCTERMS.abstract, Literal(CLOSING + MARKUP, language="en")),
        (claim, CLM.evidence, evidence),
        (evidence, OA.hasSelector, f"{evidence}/position"),
        (f"{evidence}/position", OA.start, Literal("3", str(XSD.integer))),
        (f"{evidence}/position", OA.end, Literal("30", str(XSD.integer))),
        (evidence, OA.hasSelector, f"{evidence}/quote"),
        (f"{evidence}/quote", OA.exact, Literal(MARKUP[:60])),
    ]
    taken = [
        (visit, DIP.place, place),
        (visit, DIP.participant, "javascript:alert(3)"),
        (visit, CLM.assessment, Literal(LONG)),
        (visit, DIP.start, Literal(MARKUP, str(XSD.date))),
        (place, DIP.within, "http://evil.example/Сочи"),
    ]
    return [
        Quad(s, str(p), o, graph)
        for triples, graph in ((own, entities), (said, source), (taken, accepted))
        for s, p, o in triples
    ]


def hostile_project(work: Path) -> Path:
    """A project whose current release holds the hostile graph."""
    nquads = work / "hostile.nq"
    nquads.write_text("".join(sorted(f"{line(each)}\n" for each in set(quads()))), "utf-8")
    return make_release(nquads, work)
