"""Where what a row is read to say stands, though it does not show it: the graph has its reason."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from rdflib.namespace import RDF, SDO

from kg.mappers.evidence import map_evidence
from kg.model.facts import Passage, Record, Ref, Statement, Value, as_written
from kg.model.namespaces import CLM
from kg.model.rdf import Iri, Quad, text_of
from kg.model.shown import Words, written
from kg.model.terms import Terms

_DERIVED = "prov:wasDerivedFrom"
_NAMES, _VALUE = str(CLM.names), str(RDF.value)
# So many values of a property a data set may have as a whole; of more it says only that it has it.
_FEW = 8


def unshown(record: Record, terms: Terms) -> Iterator[Statement]:
    """What neither the fields show nor the record's prose is known to name."""
    words = Words(written(as_written(value)) for _, value in record.fields)
    told: set[Value] = {record.about, *(each.subject for each in record.statements)}
    for each in record.mentions:
        told |= {value for _, value in each.says} | ({each.names} if each.names else set())
    for statement in record.statements:
        _, name, value = statement
        if name != _DERIVED and value not in told and not words.show(text_of(terms.term(value))):
            yield statement


def map_reading(record: Record, statement: Statement, terms: Terms) -> Iterator[Quad]:
    """That the column of the property says so; nothing where the row has none for it."""
    named = (column for name, column in record.columns if name == statement.property)
    column = next(named, None)
    if column is None or column not in dict(record.fields):
        return
    graph, value = terms.minter.source_graph(record.ref), terms.term(statement.value)
    said = _plain(value) if isinstance(value, str) else statement.property
    node = terms.minter.entity(Ref(f"evidence/{record.ref.slug}/{column}/{said}"))
    yield from map_evidence(node, record.ref, Passage(None, None), graph, terms, column=column)
    yield Quad(node, _NAMES if isinstance(value, str) else _VALUE, value, graph)


def map_register(
    dataset: str, name: str, values: Collection[Value], terms: Terms
) -> Iterator[Quad]:
    """That a register as a whole says so: few values each by itself, of many their property."""
    minter = terms.minter
    graph, source = minter.graph(f"records/{dataset}"), Ref(f"dataset/{dataset}")
    if len(values) > _FEW:
        yield Quad(minter.entity(source), str(SDO.variableMeasured), terms.iris[name], graph)
        return
    for number, value in enumerate(sorted(map(terms.term, values), key=str), 1):
        node = minter.entity(Ref(f"evidence/{dataset}/-/{name.replace(':', '-')}/{number}"))
        yield from map_evidence(node, source, Passage(None, None), graph, terms)
        yield Quad(node, _NAMES if isinstance(value, str) else _VALUE, value, graph)


def few(values: set[Value]) -> set[Value]:
    """`values`, but no more than tell that they are many."""
    return set(sorted(values, key=str)[: _FEW + 1])


def _plain(iri: Iri) -> str:
    return iri.rpartition("/id/")[2] or iri.rpartition("#")[2]
