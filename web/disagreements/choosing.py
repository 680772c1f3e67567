"""What a reader of disagreements chooses by."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import BadRequest

from kg.model.dates import ordinal
from kg.model.iris import is_iri
from kg.model.namespaces import CLM
from kg.ontology.nouns import several
from kg.store.disagreements import DisagreementTable, Selection
from web.site import Site
from web.site.names import Names
from web.site.period import Period

_STATES = ("open", "settled")
# Each parameter with its title, and the facet of the table that its values are counted by.
_FACETS = {
    "state": ("Open or settled", "state"),
    "kind": ("Kind", "kind"),
    "source": ("Source", "source"),
    "about": ("Subject", "subject"),
    "type": ("Kind of subject", "type"),
}


@dataclass(frozen=True, slots=True)
class Chosen:
    """A reader's choice: `values` by parameter, and the period as it was written."""

    values: Mapping[str, str]
    period: str
    selection: Selection

    @classmethod
    def read(cls, site: Site, given: MultiDict[str, str]) -> Chosen:
        """The choice in the parameters of a request.

        Raises:
            BadRequest: one of them cannot be read.
        """
        values = {name: given[name] for name in _FACETS if given.get(name)}
        for name, value in values.items():
            _check(site, name, value)
        period = Period.read(given)
        first, last = (ordinal(each) if each else None for each in period.bounds)
        return cls(values, period.name, Selection(values, first, last))

    def parameters(self, **changed: str) -> dict[str, str]:
        """The parameters that lead to this choice, or to one like it; an empty one is dropped."""
        named = {**self.values, "period": self.period, **changed}
        return {name: value for name, value in named.items() if value}


def _check(site: Site, name: str, value: str) -> None:
    allowed: Mapping[str, tuple[str, ...]] = {
        "state": _STATES,
        "kind": site.ontology.concepts("disagreementKind"),
        "type": tuple(sorted(site.ontology.segments)),
    }
    if name in allowed and value not in allowed[name]:
        listed = ", ".join(allowed[name])
        raise BadRequest(f"{name}: found {value[:80]!r}; allowed: {listed}")
    if name not in allowed and not is_iri(value):
        raise BadRequest(f"{name}: found {value[:80]!r}; allowed: an absolute IRI")


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of a facet, how many have it, and where it leads."""

    value: str
    label: str
    language: str
    count: int
    href: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Facet:
    """A way to narrow: its parameter, its title, its values; `every` drops what is chosen."""

    name: str
    title: str
    choices: tuple[Choice, ...]
    every: str


def facets(site: Site, table: DisagreementTable, chosen: Chosen) -> tuple[Facet, ...]:
    """What can be chosen, each with how many fit the rest of the choice; one thing is no choice."""
    counted = {
        name: table.counts(facet, replace(chosen.selection, values=_others(chosen, name)))
        for name, (_, facet) in _FACETS.items()
    }
    for name, value in chosen.values.items():  # however few have it
        if all(value != each for each, _ in counted[name]):
            fit = table.counts(name, chosen.selection)
            counted[name].append((value, dict(fit).get(value, 0)))
    iris = [iri for name in ("source", "about") for iri, _ in counted[name]]
    names, links = site.names(iris), site.links()

    def at(**changed: str) -> str:
        return links.at("/disagreements", **chosen.parameters(**changed))

    return tuple(
        Facet(
            name,
            title,
            tuple(_choice(name, each, chosen, names, at) for each in counted[name]),
            at(**{name: ""}) if name in chosen.values else "",
        )
        for name, (title, _) in _FACETS.items()
        if len(counted[name]) > 1 or name in chosen.values
    )


def _others(chosen: Chosen, name: str) -> Mapping[str, str]:
    return {each: value for each, value in chosen.values.items() if each != name}


def _choice(
    name: str, counted: tuple[str, int], chosen: Chosen, names: Names, at: Callable[..., str]
) -> Choice:
    value, count = counted
    label, language = value, "en"
    if name == "kind":
        label = names.term(str(CLM[value]))
    elif name == "type":
        kind = names.ontology.segments.get(value)
        label = several(kind) if kind else value
    elif name != "state":
        thing = names.thing(value)
        label, language = thing.label, thing.language
    return Choice(
        value, label, language, count, at(**{name: value}), chosen.values.get(name) == value
    )
