"""The ontology: every term documented, resolvable, and spelt the same in code and file."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
import rdflib
from rdflib import URIRef
from rdflib.namespace import DCAT, DCTERMS, FOAF, ORG, OWL, PROV, RDF, SDO, SKOS, TIME

from kg.model import resources
from kg.model.namespaces import CLM, OA, WGS84
from kg.model.rdf import line
from kg.model.resources import resource
from kg.ontology import BASE, Class, Concept, Ontology, Property, Scheme, Term
from kg.store import Graph, rows
from tests.conftest import ROOT
from tests.diplomacy import DIP, PREFIXES

# DESIGN §3: the names that the published data promises.
CLASSES = """Agent Person Organization State UnnamedSource Post Tenure Place Event Visit Meeting
    Conference Attack SanctionMeasure Utterance Proposal Agreement RelationState Topic Document
    Record Claim Evidence Disagreement Side Decision"""
PROPERTIES = """participant host traveller place start end onDate datePrecision partOf eventCode
    status topic cause effect purpose within wgs84:lat wgs84:long holder post represents
    positionHeld signatory requires excludesScope imposedBy target polarity modality confidence
    statedIn attributedTo evidence disputed reviewStatus gloss assessment condition complete kind
    about onProperty side value claim independentSources settledBy incompatibleWith
    affiliation rdfs:label skos:altLabel"""
CONCEPTS = {
    "modality": """Asserted Reported Attributed Alleged Expected Planned Intended Hoped Conditional
        Hypothetical Unlikely Opinion""",
    "status": "Planned Occurred Cancelled DidNotOccur Hypothetical",
    "disagreementKind": """DifferentValues Denial DifferentLists DifferentDates DifferentAccounts
        ChangedPlan WithinOneSource""",
    "reviewStatus": "Draft Reviewed",
}
SEGMENTS = """agent person organization state unnamed-source post tenure place event visit meeting
    conference attack sanction utterance proposal agreement relation topic document record claim
    evidence dataset name disagreement side decision quantity article participation"""


@pytest.fixture(scope="module")
def ontology() -> Ontology:
    return Ontology.load(resource("ontology"))


def terms(ontology: Ontology) -> list[Term]:
    return [
        *ontology.classes.values(),
        *ontology.properties.values(),
        *ontology.vocabulary.values(),
        *ontology.schemes.values(),
    ]


def test_it_has_the_terms_of_the_design(ontology: Ontology) -> None:
    """Each class, property and concept that the design names is there, or what it is called now."""
    assert {
        each for each in CLASSES.split() if not isinstance(ontology.named(each), Class)
    } == set()
    assert {
        each for each in PROPERTIES.split() if not isinstance(ontology.named(each), Property)
    } == set()
    assert set(SEGMENTS.split()) == set(ontology.segments)
    for scheme, names in CONCEPTS.items():
        assert set(ontology.concepts(scheme)) == set(names.split())
    assert "cameo042" in ontology.concepts("cameo")


def test_every_term_is_documented(ontology: Ontology) -> None:
    """A term has a label and a definition; a class, property or concept an example too."""
    for each in terms(ontology):
        assert each.label, each.iri
        assert each.definition.endswith((".", "!", "?")), each.iri
        assert each.example or isinstance(each, Scheme), each.iri


def test_a_property_that_leads_to_a_thing_can_be_read_backwards(ontology: Ontology) -> None:
    """A property of ours between things has a label for incoming links."""
    for each in ontology.properties.values():
        ours = ontology.names.owns(each.iri) and each.name != "eventRole"
        if ours and each.kind in ("entity", "concept"):
            assert each.inverse_label, each.name


def test_domains_and_ranges_lead_to_classes(ontology: Ontology) -> None:
    """A domain or range names a class of the ontology, or one of the languages it is written in."""
    for each in ontology.properties.values():
        for name in each.domain | each.range:
            assert name in ontology.classes or name.startswith(("owl:", "rdf:", "skos:")), each.name
        if each.kind == "concept":
            assert ontology.concepts(each.scheme), each.name


def test_classes_are_aligned(ontology: Ontology) -> None:
    """Each class, or one above it, says what it is in a vocabulary that others know."""
    for each in ontology.classes.values():
        lineage = [ontology.classes[name] for name in each.lineage]
        foreign = not ontology.names.owns(each.iri)
        assert foreign or any(above.alignments for above in lineage), each.name


def test_examples_are_turtle_that_uses_the_term(ontology: Ontology) -> None:
    """An example of a class is an instance, one of a property a statement within its domain."""
    head = "@base <http://example.org/> .\n"
    head += "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in PREFIXES.items())
    for each in terms(ontology):
        if not isinstance(each, (Class, Property)):
            continue
        (triple,) = rdflib.Graph().parse(data=head + each.example, format="turtle")
        subject, predicate, value = triple
        if isinstance(value, rdflib.Literal) and isinstance(each, Class):  # a datatype
            assert str(value.datatype) == each.iri
        elif isinstance(each, Class):
            assert (str(predicate), str(value)) == (str(RDF.type), each.iri)
        else:
            assert str(predicate) == each.iri
            assert isinstance(value, rdflib.Literal) == bool(each.datatypes) or each.kind == "any"
            path = str(subject).removeprefix("http://example.org/id/").split("/")
            if (
                each.domain
                and path[0] in ontology.segments
                and path[-1] not in ("position", "quote", "field")
            ):
                assert each.domain & ontology.segments[path[0]].lineage, each.example


def test_a_misspelt_term_fails() -> None:
    """Namespaces of the code are closed."""
    for namespace in (OA, WGS84):
        with pytest.raises(AttributeError, match="nonsense"):
            namespace.nonsense  # noqa: B018 - the look-up is the test


def test_the_files_use_the_table_of_prefixes(ontology: Ontology) -> None:
    """A prefix means the same in the files as in dumps, pages and queries."""
    for path in [*BASE.glob("*.ttl"), *resource("ontology").glob("*.ttl")]:
        for text in path.read_text("utf-8").splitlines():
            if text.startswith("@prefix ") and not text.startswith(
                ("@prefix ns:", "@prefix base:")
            ):
                _, name, iri, _ = text.split()
                assert PREFIXES[name.removesuffix(":")] == iri.strip("<>"), path.name


def test_contradiction_needs_a_functional_property(ontology: Ontology) -> None:
    """One value: where and when something was, who held which post. Sanctions have many authors."""
    assert ontology.functional == {
        "place",
        "start",
        "end",
        "onDate",
        "holder",
        "post",
        "dcterms:extent",
    }
    assert all(ontology.properties[name].claimable for name in ontology.functional)
    assert not ontology.properties["statedIn"].claimable


def test_lineage(ontology: Ontology) -> None:
    """A class knows what is above and below it."""
    assert ontology.classes["Proposal"].lineage == {"Proposal", "Utterance", "Event"}
    assert "visit" in {each.segment for each in ontology.subclasses("Event")}
    assert ontology.segments["sanction"].name == "SanctionMeasure"


def test_terms_are_found_by_iri(ontology: Ontology) -> None:
    """An IRI leads to its term; one of another host to none."""
    place, planned = ontology.find(str(DIP.place)), ontology.find(str(CLM.Planned))
    assert isinstance(place, Property)
    assert place.range == {"Place"}
    assert isinstance(planned, Concept)
    assert planned.schemes == ("modality", "status")
    assert ontology.find("http://example.org/") is None


def test_the_published_graph_is_sorted_and_named(ontology: Ontology) -> None:
    """The quads come in one order, in one graph, without blank nodes."""
    quads = list(ontology.quads("http://example.org/graph/ontology"))
    lines = [line(quad) for quad in quads]
    assert len(set(lines)) == len(lines) > 1000
    assert not any("_:" in each.split(" ")[0] for each in lines)
    assert {quad.graph for quad in quads} == {"http://example.org/graph/ontology"}
    assert [quad[:2] for quad in quads] == sorted(quad[:2] for quad in quads)


def test_the_wheel_holds_what_resources_look_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Data files are found where the wheel packs them, before any folder of a checkout."""
    root = Path(__file__).parent.parent
    wheel = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))["tool"]["hatch"]["build"]
    packed = wheel["targets"]["wheel"]["force-include"]
    assert resource("ontology") == root / "ontology"
    (tmp_path / packed["ontology"]).mkdir(parents=True)
    monkeypatch.setattr(resources, "_HERE", tmp_path / "kg")
    assert resource("ontology") == tmp_path / packed["ontology"]


USED = """SELECT DISTINCT ?term {
  GRAPH ?graph { { ?s a ?term } UNION { ?s ?term ?o } UNION { ?s rdf:predicate ?term } }
  FILTER(!STRENDS(STR(?graph), "graph/ontology")) }"""


def test_each_vocabulary_is_small(ontology: Ontology, graph: Graph) -> None:
    """At most 45 classes and properties of each are used by the data (DESIGN §2)."""
    used = {str(row["term"]) for row in rows(graph, USED)}
    for vocabulary in ontology.vocabularies:
        own = {each for each in used if each.startswith(vocabulary.namespace)}
        assert 0 < len(own) <= 45, vocabulary.prefix


def test_each_vocabulary_declares_little(ontology: Ontology) -> None:
    """At most 45 classes and properties each; concepts and what is deprecated stand apart."""
    terms = [*ontology.classes.values(), *ontology.properties.values()]
    for vocabulary in ontology.vocabularies:
        own = {each.iri for each in terms if each.iri.startswith(vocabulary.namespace)}
        assert len(own - _deprecated()) <= 45, vocabulary.prefix


def test_what_is_called_otherwise_is_known_by_its_former_name(ontology: Ontology) -> None:
    """A former name leads to a live term, and no other term bears it."""
    assert ontology.former
    for old, new in ontology.former.items():
        term = ontology.find(old)
        assert term is not None
        assert term is ontology.named(ontology.names.short(old))
        assert (term.iri, new in ontology.former) == (new, False)
        assert old in _deprecated()


def test_our_own_files_use_the_names_of_today(ontology: Ontology) -> None:
    """Code compares IRIs with what the graph has, which is written in those."""
    old = {
        ontology.names.curie(old)
        for old, new in ontology.former.items()
        if old.rpartition("#")[2] != new.rpartition("#")[2]
    }
    old |= {each.replace("clm:", "CLM.").replace("dip:", "DIP.") for each in old}
    words = re.compile(rf"\b(?:{'|'.join(sorted(old))})\b")
    named = [
        f"{path.relative_to(ROOT)}: {found[0]}"
        for folder in ("kg", "web", "queries", "ontology")
        for path in sorted((ROOT / folder).rglob("*"))
        if path.suffix in (".py", ".rq", ".ttl", ".html") and path.name != "former.ttl"
        for found in words.finditer(path.read_text("utf-8"))
    ]
    assert named == []


def test_a_vocabulary_may_use_former_names(tmp_path: Path) -> None:
    """Annotations, ranges and classes above that were renamed are read as what they are now."""
    (tmp_path / "own.ttl").write_text(
        "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in PREFIXES.items())
        + """@prefix own: <http://example.org/own#> .
        own:Envoy a owl:Class ; rdfs:label "envoy"@en ; clm:order 7 ; rdfs:subClassOf dip:Agent .
        own:sends a owl:ObjectProperty ; rdfs:label "sends"@en ; clm:inverseLabel "sent by"@en ;
            rdfs:domain dip:Organization ; rdfs:range own:Envoy .""",
        "utf-8",
    )
    spaces = {"own": "http://example.org/own#"}
    own = Ontology.load(resource("ontology"), tmp_path, namespaces=spaces)
    assert (own.classes["Envoy"].order, own.classes["Envoy"].superclasses) == (7, ("prov:Agent",))
    sends = own.properties["sends"]
    assert (sends.inverse_label, sends.domain) == ("sent by", {"org:Organization"})


def _deprecated() -> set[str]:
    read = rdflib.Graph()
    for path in (*BASE.glob("*.ttl"), *(ROOT / "ontology").glob("*.ttl")):
        read.parse(path)
    return set(map(str, read.subjects(OWL.deprecated)))


# What rdflib knows of other vocabularies; of schema.org it has http: IRIs alone.
BUNDLED = (DCAT, DCTERMS, FOAF, ORG, OWL, PROV, RDF, SKOS, TIME)


def test_alignments_name_terms_that_exist(ontology: Ontology) -> None:
    """Each is with a term that its vocabulary has; docs/vocabulary.md says how it was read."""
    guide = (ROOT / "docs" / "vocabulary.md").read_text("utf-8")
    for term in [*ontology.classes.values(), *ontology.properties.values()]:
        if not ontology.names.owns(term.iri):
            continue
        for each in term.alignments:
            for space in BUNDLED:
                if each.target.startswith(str(space)):
                    assert URIRef(each.target) in space, f"{term.curie}: {each.target}"
            if each.target.startswith("https://schema.org/"):
                plain = each.target.removeprefix("https://schema.org/")
                assert SDO[plain] in SDO, f"{term.curie}: {each.target}"
            name = ontology.names.curie(each.target)
            told = "skosxl:Label" if "skos-xl" in name else name
            assert f"`{told}`" in guide, f"{term.curie}: {told} is not in docs/vocabulary.md"
