"""Columns of values for entities that were found (Reconciliation Service API 0.2 §7.2)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from rdflib.namespace import XSD
from werkzeug.exceptions import BadRequest

from kg.model.iris import is_iri
from kg.model.rdf import Iri, Literal, Term
from kg.store import rows
from web.site import Site
from web.site.asking import ask
from web.site.names import Names

MOST = 1_000  # entities of one request
_NUMBERS: Mapping[str, tuple[str, type]] = {
    str(XSD.integer): ("int", int),
    str(XSD.decimal): ("float", float),
    str(XSD.double): ("float", float),
}


def extend(given: Any, site: Site) -> dict[str, Any]:
    """The answer to a data extension query: a row an entity, a cell a property.

    Raises:
        BadRequest: the query has another form, or a property that the ontology does not know.
    """
    try:
        ids = [_id(each) for each in given["ids"]][:MOST]
        names = [_id(each["id"]) for each in given["properties"]]
        known = {name: site.ontology.properties[name] for name in names}
    except KeyError as error:
        raise BadRequest(f"extend: unknown or missing {error}") from error
    except TypeError as error:
        raise BadRequest('extend: an object with "ids" and "properties"') from error
    entities = {each: site.minter.entity(each) for each in ids if is_iri(site.minter.entity(each))}
    values: dict[tuple[str, str], list[Term]] = {}
    for iri, of, value in stated(site, entities.values(), [each.iri for each in known.values()]):
        values.setdefault((iri, of), []).append(value)
    shown = site.names({each for cell in values.values() for each in cell if isinstance(each, str)})
    return {
        "meta": [{"id": name, "name": each.label} for name, each in known.items()],
        "rows": {
            key: {
                name: [_cell(each, shown, site) for each in values.get((iri, prop.iri), ())]
                for name, prop in known.items()
            }
            for key, iri in entities.items()
        },
    }


def _id(given: Any) -> str:
    if not isinstance(given, str):
        raise TypeError("no text")
    return given


def stated(
    site: Site, entities: Iterable[Iri], properties: Iterable[Iri]
) -> Iterator[tuple[Iri, Iri, Term]]:
    """Entity, property and value of each statement with one of each."""
    subjects, predicates = list(entities), list(properties)
    if subjects and predicates:
        query = ask(__package__ or "", "values", entities=subjects, properties=predicates)
        for row in rows(site.graph, query):
            yield str(row["entity"]), str(row["property"]), row["value"]


def _cell(term: Term, names: Names, site: Site) -> dict[str, Any]:
    if not isinstance(term, Literal):
        own = site.minter.entity("")
        label = names.thing(term).label
        if term.startswith(own):
            return {"id": term.removeprefix(own), "name": label}
        return {"str": label}
    if term.datatype in _NUMBERS:
        key, convert = _NUMBERS[term.datatype]
        return {key: convert(term.value)}
    if term.datatype == str(XSD.boolean):
        return {"bool": term.value in ("true", "1")}
    return {"date" if term.datatype == str(XSD.date) else "str": term.value}
