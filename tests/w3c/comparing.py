"""Results and graphs, compared by isomorphism and by the values of numbers."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal, InvalidOperation
from pathlib import Path

import pyoxigraph as ox

RS = "http://www.w3.org/2001/sw/DataAccess/tests/result-set#"
_XSD = "http://www.w3.org/2001/XMLSchema#"
_EXACT = {"decimal", "integer", "int", "long", "short", "byte", "nonNegativeInteger",
          "positiveInteger", "unsignedInt", "nonPositiveInteger", "negativeInteger"}  # fmt: skip
Term = ox.NamedNode | ox.BlankNode | ox.Literal
Row = dict[str, Term]


def same_graph(left: Iterable[ox.Triple], right: Iterable[ox.Triple]) -> bool:
    return _canonical([_normal(each) for each in left]) == _canonical(
        [_normal(each) for each in right]
    )


def same_rows(left: list[Row], right: list[Row], *, lax: bool) -> bool:
    if lax:  # REDUCED may drop any of the duplicates
        left, right = _unique(left), _unique(right)
    return len(left) == len(right) and _canonical(_as_graph(left)) == _canonical(_as_graph(right))


def _unique(rows: list[Row]) -> list[Row]:
    return list(
        {
            tuple(sorted((name, str(term)) for name, term in row.items())): row for row in rows
        }.values()
    )


def _canonical(triples: list[ox.Triple]) -> ox.Dataset:
    data = ox.Dataset(ox.Quad(each.subject, each.predicate, each.object) for each in triples)
    data.canonicalize(ox.CanonicalizationAlgorithm.UNSTABLE)
    return data


def _as_graph(rows: list[Row]) -> list[ox.Triple]:
    """Each solution as a node with a triple a binding: isomorphism does the rest."""
    triples = []
    for row in rows:
        node = ox.BlankNode()
        triples.append(ox.Triple(node, ox.NamedNode("x:a"), ox.NamedNode("x:row")))
        for name, term in row.items():
            triples.append(ox.Triple(node, ox.NamedNode(f"x:{name}"), _number(term)))
    return triples


def _normal(triple: ox.Triple) -> ox.Triple:
    return ox.Triple(triple.subject, triple.predicate, _number(triple.object))


def _number(term: Term) -> Term:
    if not isinstance(term, ox.Literal) or not term.datatype.value.startswith(_XSD):
        return term
    kind = term.datatype.value.removeprefix(_XSD)
    if kind == "boolean":
        return ox.Literal(
            {"0": "false", "1": "true"}.get(term.value, term.value), datatype=term.datatype
        )
    try:
        if kind in _EXACT:
            return ox.Literal(f"{Decimal(term.value).normalize():f}", datatype=term.datatype)
        if kind in ("double", "float"):
            return ox.Literal(f"{float(term.value):.6e}", datatype=term.datatype)
    except (InvalidOperation, ValueError):
        pass
    return term


def read_graph(path: Path) -> list[ox.Triple]:
    kind = {
        ".ttl": ox.RdfFormat.TURTLE,
        ".rdf": ox.RdfFormat.RDF_XML,
        ".nt": ox.RdfFormat.N_TRIPLES,
    }
    parsed = ox.parse(
        path=str(path), format=kind[path.suffix], base_iri=path.as_uri(), lenient=True
    )
    return [each.triple for each in parsed]


def read_results(path: Path) -> list[Row] | bool:
    """Expected results in XML, JSON or TSV, or in RDF's result-set vocabulary."""
    formats = {".srx": ox.QueryResultsFormat.XML, ".srj": ox.QueryResultsFormat.JSON,
               ".tsv": ox.QueryResultsFormat.TSV}  # fmt: skip
    if path.suffix in formats:
        return rows_of(path.read_bytes(), formats[path.suffix])
    return _result_set(read_graph(path))


def rows_of(content: bytes, kind: ox.QueryResultsFormat) -> list[Row] | bool:
    results = ox.parse_query_results(content, format=kind)
    if isinstance(results, ox.QueryBoolean):
        return bool(results)
    names = [each.value for each in results.variables]
    return [{name: row[name] for name in names if row[name] is not None} for row in results]


def _result_set(triples: list[ox.Triple]) -> list[Row] | bool:
    def objects(subject: Term, name: str) -> list[Term]:
        return [
            each.object
            for each in triples
            if each.subject == subject and each.predicate.value == RS + name
        ]

    for each in triples:
        if each.predicate.value == RS + "boolean":
            return bool(each.object.value == "true")
    solutions = [each.object for each in triples if each.predicate.value == RS + "solution"]
    return [
        {objects(binding, "variable")[0].value: objects(binding, "value")[0]
         for binding in objects(solution, "binding")}
        for solution in solutions
    ]  # fmt: skip
