"""What is seen of a query before any engine reads it."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.model.settings import Settings
from kg.store import QueryError, preflight

ROOT = Path(__file__).parent.parent
SMALL = replace(Settings.load(ROOT), query_depth=4, query_operators=60)


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * FROM <g> {}",
        "PREFIX a: <urn:a> SELECT * FROM a:b {}",
        "SELECT * FROMNAMED<g> {}",
        "ASKFROM<g>{}",
        "ASK # a comment\nFROM <g> {}",
        "CONSTRUCT { ?s ?p 'x' } FROM <g> { ?s ?p ?o }",
    ],
)
def test_a_dataset_of_its_own(query: str) -> None:
    """FROM is seen wherever the engine sees it, which asks for no space between keywords."""
    assert preflight.check(query, SMALL).own_dataset


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * { ?from ?p 'FROM' }",
        "SELECT * { ?s prov:wasDerivedFrom <http://a/FROM> } # FROM",
        "PREFIX from: <urn:a> ASK { ?s from:from '''it's FROM \"there\"''' }",
        "ASK { ?s ?p 'it\\'s FROM', \"\\u0022 FROM \" }",
        "ASK { <urn:\\u0061'> ?p 'FROM' }",
    ],
)
def test_no_dataset_of_its_own(query: str) -> None:
    """Names, variables, strings, IRIs and comments hold no keyword."""
    assert preflight.check(query, SMALL) == (False, False)


@pytest.mark.parametrize(
    "query",
    [
        "SELECT (RAND() AS ?x) {}",
        "SELECT (RAND#c\n() AS ?x) {}",
        "SELECT (uuid() AS ?x) {}",
        "SELECT (BNODE() AS ?x) {}",
        "ASK { FILTERRAND() }",
        "SELECT (COUNT(DISTINCTNOW()) AS ?n) {}",
        "CONSTRUCT { [] ?p ?o } { ?s ?p ?o }",
        "CONSTRUCT { _:b ?p ?o } { ?s ?p ?o }",
        "CONSTRUCT { ?s ?p (1 2) } { ?s ?p ?o }",
        "CONSTRUCT { << ?s ?p ?o >> ?p 1 } { ?s ?p ?o }",
        "CONSTRUCT { ?s ?p ?o {| ?p 1 |} } { ?s ?p ?o }",
        "CONSTRUCT { ?s ?p ?o ~ } { ?s ?p ?o }",
        "CONSTRUCT FROM <g> WHERE { [] ?p ?o }",
    ],
)
def test_what_differs_from_run_to_run(query: str) -> None:
    """A function or a new blank node makes an answer that no other is equal to."""
    assert preflight.check(query, SMALL).volatile


@pytest.mark.parametrize(
    "query",
    [
        "CONSTRUCT { ?s ?p ?o } { ?s ?p ?o FILTER(?o > 1) [] ?p _:b }",
        "SELECT ?now ?rand { ?now ?rand 'UUID()' } # BNODE()",
        "ASK { ?s ?p [] }",
    ],
)
def test_what_is_the_same_at_each_run(query: str) -> None:
    """Blank nodes of a pattern are variables; words in names and strings are no functions."""
    assert not preflight.check(query, SMALL).volatile


@pytest.mark.parametrize(
    ("query", "error"),
    [
        ("ASK { ?s ?p 1e3SERVICE<http://a/>{} }", "federation-disabled"),
        ("ASK { SERVICESILENT<http://a/>{} }", "federation-disabled"),
        ("ASK { ?s ?p \"\\u0022\" . SERVICE <a> { ?s ?p '\\u0022' } }", "federation-disabled"),
        ("INSERT DATA { <a> <b> 'SERVICE' }", "read-only"),
        ("PREFIX a: <b> BASE <c> DELETE WHERE {}", "read-only"),
        ('VALUES ?x { """#" } {{{{{ \n }', "query-too-complex"),
        ('ASK { FILTER("\\u0022" = (((("\\u0022"))))) }', "query-too-complex"),
        ("ASK { ?s ?p 1" + "-1" * 60 + "-a:b }", "query-too-complex"),
        ("ASK { ?s a:b" + "?/a:b" * 60 + " ?o }", "query-too-complex"),
    ],
)
def test_what_is_refused(query: str, error: str) -> None:
    """Neither escapes, nor numbers, nor strings left open hide what the engine would see."""
    with pytest.raises(QueryError) as refused:
        preflight.check(query, SMALL)
    assert refused.value.slug == error


def test_it_ends_at_the_first_excess() -> None:
    """Where brackets nest too deeply is told by the line and column of the first too many."""
    with pytest.raises(QueryError, match=r"deeper than 4 levels \(line 2, column 4\)"):
        preflight.check("ASK {\n{{{{" + "}" * 100_000, SMALL)


VOCABULARY = """SELECT * ASK CONSTRUCT DESCRIBE FROM NAMED SERVICE INSERT FILTER ( ) { } [ ] . ; ,
?s $x a dip:place service:x from.a:b ex:From é ß ſ 1 2.5 1e9 -1 <http://a/> <a'b> < > _:b RAND()
BNODE( #c + - * / ^ | = != ~ BASE PREFIX p: : wasDerivedFrom ?from @from PREFİX"""
WORDS = st.sampled_from([*VOCABULARY.split(), "\n"])


@given(
    st.sampled_from(["SELECT ", "ASK", "PREFIX p: <a> SELECT ", "BASE<a>", ""]),
    st.sampled_from(["", " "]),
    st.lists(WORDS, max_size=14),
)
def test_the_short_way_tells_the_same(start: str, between: str, words: list[str]) -> None:
    """What counts alone decide is what a scan finds, to which a backslash in a comment leads."""

    def seen(query: str) -> object:
        try:
            return preflight.check(query, SMALL)
        except QueryError as error:
            return error.slug

    query = start + between.join(words)
    assert seen(query) == seen(f"{query}\n#\\")
