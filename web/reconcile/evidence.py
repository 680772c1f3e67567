"""What a spreadsheet's other columns say for a candidate (Reconciliation Service API 0.2 §4.2)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from rapidfuzz import fuzz
from werkzeug.exceptions import BadRequest

from kg.model.rdf import Iri, Literal
from kg.ontology import Property
from kg.store.search import fold
from web.reconcile.extending import stated
from web.site import Site

Wanted = Mapping[str, tuple[str, ...]]
MOST = 50  # values of one query
LONGEST = 200  # characters of a value; how near it is to others takes time by its length


def read(given: Any, site: Site) -> Wanted:
    """The values asked for, folded, by property. A value is text, a number, a boolean or an entity.

    Raises:
        BadRequest: `given` has another form, or a property that the ontology does not know.
    """
    wanted: dict[str, tuple[str, ...]] = {}
    try:
        for each in given:
            name, value = each["pid"], each["v"]
            if name not in site.ontology.properties:
                raise BadRequest(
                    f"pid: found {name!r}; /reconcile/suggest/property lists what there is"
                )
            values = value if isinstance(value, list) else [value]
            wanted[name] = (*wanted.get(name, ()), *map(_text, values))
    except (KeyError, TypeError) as error:
        raise BadRequest('properties: a list of objects with "pid" and "v"') from error
    if sum(map(len, wanted.values())) > MOST:
        raise BadRequest(f'properties: up to {MOST} values, each a "v" of a "pid"')
    return wanted


def weigh(wanted: Wanted, iris: Sequence[Iri], site: Site) -> dict[Iri, dict[str, float]]:
    """For each of `iris`, how near its value of each property is to the nearest asked for.

    From 0 to 100; 0 also where the graph does not know the property of it.
    """
    if not wanted:
        return {iri: {} for iri in iris}
    properties: dict[Iri, Property] = {
        site.ontology.properties[name].iri: site.ontology.properties[name] for name in wanted
    }
    found = {iri: dict.fromkeys(wanted, 0.0) for iri in iris}
    values = list(stated(site, iris, list(properties)))
    names = site.names({value for *_, value in values if isinstance(value, str)})
    for iri, prop, value in values:
        if isinstance(value, Literal):
            forms = [value.value]
        else:
            forms = [value, value.removeprefix(site.minter.entity("")), names.thing(value).label]
        name = properties[prop].name
        found[iri][name] = max(found[iri][name], _nearest(wanted[name], forms))
    return found


def _nearest(wanted: Iterable[str], forms: Iterable[str]) -> float:
    folded = [fold(form[:LONGEST]) for form in forms]
    return max((fuzz.ratio(each, form) for form in folded for each in wanted), default=0.0)


def _text(value: Any) -> str:
    if isinstance(value, Mapping):
        value = value["id"]
    if not isinstance(value, str | int | float):
        raise TypeError("no text, number, boolean or entity")
    text = str(value).lower() if isinstance(value, bool) else str(value)
    if len(text) > LONGEST:
        raise BadRequest(f'properties: a "v" of a "pid" has up to {LONGEST} characters')
    return fold(text)
