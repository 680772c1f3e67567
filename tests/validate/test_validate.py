"""Validation: two engines, one verdict."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
import rdflib
from rdflib.namespace import RDF, XSD

from kg.build.lines.observe import observed
from kg.build.validate import Profile, Violation, compiled, refuse_losses, shacl, validate
from kg.model.errors import ReleaseRefused
from kg.model.namespaces import CLM
from kg.model.rdf import line
from kg.model.resources import resource
from kg.ontology import Ontology
from kg.ontology.shapes import load_shapes
from kg.store.embedded.build_store import BuildStore
from kg.store.embedded.load import load_store
from kg.store.manifest import Counts, Manifest
from kg.store.release import Release
from tests.diplomacy import DIP

HERE = Path(__file__).parent
EX = rdflib.Namespace("http://example.org/id/")


@pytest.fixture(scope="module")
def ontology() -> Ontology:
    return Ontology.load(resource("ontology"))


def stored(graph: rdflib.Graph, ontology: Ontology, directory: Path) -> Path:
    """A store that holds `graph` and the ontology."""
    home = "http://example.org/graph/test"
    lines = [*map(line, ontology.quads("http://example.org/graph/ontology"))]
    lines += [f"{' '.join(term.n3() for term in triple)} <{home}> ." for triple in graph]
    (directory / "graph.nq").write_text("\n".join(sorted(lines)) + "\n", "utf-8")
    load_store(directory / "graph.nq", directory / "store")
    return directory / "store"


@pytest.fixture(scope="module")
def broken(ontology: Ontology, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Every shape broken: those of the file by hand, domains and ranges by a wrong value each."""
    graph = rdflib.Graph().parse(HERE / "broken.ttl")
    for term in ontology.properties.values():
        if ontology.names.owns(term.iri):
            wrong = rdflib.Literal("wrong", lang="en") if term.kind == "string" else EX.untyped
            if term.kind in ("entity", "concept", "url"):
                wrong = rdflib.Literal("wrong")
            graph.add((EX[f"wrong-{term.name}"], rdflib.URIRef(term.iri), wrong))
    return stored(graph, ontology, tmp_path_factory.mktemp("broken"))


def by_pyshacl(store: Path, shapes: rdflib.Graph) -> tuple[Violation, ...]:
    return shacl.run(BuildStore(store).graph(), shapes)


def test_a_sound_graph_passes(ontology: Ontology, tmp_path: Path) -> None:
    """Neither engine finds fault with a graph that breaks nothing."""
    store = stored(rdflib.Graph().parse(HERE / "sound.ttl"), ontology, tmp_path)
    validate(store, ontology)
    assert by_pyshacl(store, load_shapes(ontology)) == ()


def test_engines_agree_on_every_shape(ontology: Ontology, broken: Path) -> None:
    """The compiled shapes and pySHACL find the same violations, of every constraint there is."""
    shapes = load_shapes(ontology)
    found = compiled.run(BuildStore(broken), shapes, ontology)
    assert list(found) == list(by_pyshacl(broken, shapes))
    constraints = {
        (each.shape, each.constraint) for each in compiled.Compiler(shapes, ontology).checks()
    }
    assert {(each.shape, each.constraint) for each in found} == constraints


def profile_of(store: Path) -> Profile:
    return profile_of_lines((store.parent / "graph.nq").read_text("utf-8"))


def profile_of_lines(text: str) -> Profile:
    profile = Profile()
    for _ in observed([text.splitlines(keepends=True)], profile):
        pass
    return profile


def test_a_profile_never_proves_what_is_broken(ontology: Ontology, broken: Path) -> None:
    """Of a graph that breaks every constraint, a profile rules out none."""
    profile, shapes = profile_of(broken), load_shapes(ontology)
    proven = [
        (each.shape, each.constraint)
        for each in compiled.Compiler(shapes, ontology).checks()
        if profile.proves(each) and list(BuildStore(broken).select(each.query))
    ]
    assert proven == []
    store = BuildStore(broken)
    assert compiled.run(store, shapes, ontology, profile) == compiled.run(store, shapes, ontology)


def test_a_profile_spares_queries(ontology: Ontology, tmp_path: Path) -> None:
    """Of a sound graph, most constraints follow from its profile."""
    store = stored(rdflib.Graph().parse(HERE / "sound.ttl"), ontology, tmp_path)
    profile, checks = profile_of(store), compiled.Compiler(load_shapes(ontology), ontology).checks()
    proven = Counter(profile.proves(each) for each in checks)
    assert proven[True] > proven[False]


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        ("<http://example.org/a>", "http://www.w3.org/ns/shacl#IRI"),
        ("_:b", "http://www.w3.org/ns/shacl#BlankNode"),
        ('"a \\"<b>\\""', str(XSD.string)),
        ('"a"@en-GB', str(RDF.langString)),
        (f'"2015-02-28"^^<{XSD.date}>', str(XSD.date)),
        (f'"2015-02"^^<{XSD.gYearMonth}>', str(XSD.gYearMonth)),
        (f'"-5"^^<{XSD.integer}>', str(XSD.integer)),
    ],
)
def test_kinds_of_values(value: str, kind: str) -> None:
    """A profile knows the kind of a value by how its line is written."""
    written = f"<http://example.org/s> <http://example.org/p> {value} <http://example.org/g> .\n"
    assert profile_of_lines(written).kinds == {"http://example.org/p": {kind}}


@pytest.mark.parametrize("value", ['"2015-02-30"', '"15"', '"2015-02"', '"2015-02-28Z"'])
def test_an_ill_formed_date_proves_nothing(value: str) -> None:
    """A literal that its datatype may not allow is not of that datatype to a profile."""
    written = f"<http://example.org/s> <http://example.org/p> {value}^^<{XSD.date}> <http://g> .\n"
    assert str(XSD.date) not in profile_of_lines(written).kinds["http://example.org/p"]


def test_every_class_has_a_shape(ontology: Ontology) -> None:
    """Each class that has instances is held to something that is written down for it."""
    shapes = load_shapes(ontology)
    targets = {str(each) for each in shapes.objects(None, rdflib.SH.targetClass)}
    for each in ontology.segments.values():
        lineage = {ontology.classes[name].iri for name in each.lineage}
        assert lineage & targets, f"{each.name} has no shape"


def test_a_refusal_says_where(ontology: Ontology, broken: Path) -> None:
    """A refused release names focus node, path, value, message and shape."""
    with pytest.raises(ReleaseRefused) as refusal:
        validate(broken, ontology)
    assert refusal.value.exit_code == 1
    text = str(refusal.value)
    assert "violations of the shapes; not released." in text
    assert (
        "<http://example.org/id/backwards> = '2015-04': Nothing ends before it starts. (Of a month "
        "any day may be meant.) (BoundsShape-order, sparql)" in text
    )


@pytest.mark.parametrize(
    ("turtle", "named"),
    [
        ("sh:path dip:place ; sh:minCount 2", "minCount"),
        ("sh:path dip:place ; sh:nodeKind sh:BlankNodeOrIRI", "nodeKind"),
        ("sh:path dip:place ; sh:uniqueLang false", "uniqueLang"),
        ("sh:path ( dip:place dip:within ) ; sh:minCount 1", "path"),
        ("sh:path dip:place ; sh:or ( [ sh:minCount 1 ] )", "or"),
    ],
)
def test_shapes_beyond_the_subset_are_errors(ontology: Ontology, turtle: str, named: str) -> None:
    """A constraint that cannot be compiled is named, never skipped."""
    shapes = rdflib.Graph().parse(
        data=f"""
        @prefix clm: <{CLM}> .
        @prefix dip: <{DIP}> .
        @prefix sh: <http://www.w3.org/ns/shacl#> .
        dip:S a sh:NodeShape ; sh:targetClass dip:Visit ; sh:property dip:P .
        dip:P {turtle} ."""
    )
    with pytest.raises(compiled.UnsupportedShape, match=named):
        list(compiled.Compiler(shapes, ontology).checks())


def test_an_empty_graph_is_refused() -> None:
    """A build of nothing is no release."""
    with pytest.raises(ReleaseRefused, match="empty"):
        refuse_losses(0, None)


def test_a_sudden_loss_is_refused(tmp_path: Path) -> None:
    """A build with fewer than half of the last release's triples names both counts."""
    previous = Release("a", tmp_path, Manifest("a", counts=Counts(triples=1000)))
    refuse_losses(500, previous)
    with pytest.raises(ReleaseRefused, match=r"499 triples; the last release had 1,000"):
        refuse_losses(499, previous)
