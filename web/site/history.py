"""What is known of a thing's past: since which release it stands, what it said before; of what was
withdrawn, when, what replaced it, and all that it said last.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from markupsafe import Markup
from rdflib.namespace import DCTERMS, RDF, RDFS

from kg.model.namespaces import CLM, OA
from kg.model.rdf import Iri, Literal, Quad
from kg.store.changes import Change, said
from kg.store.history import History, ReleaseRef
from web.site import Site
from web.site.dates import date
from web.site.links import Links
from web.site.names import Called, Names, Thing
from web.site.values import Words, words

# What tells where words stand, and which node is which: none of it is for people.
_APART = {
    *map(str, (OA.start, OA.end, OA.hasSelector, OA.hasSource, CLM.evidence, CLM.reviewStatus)),
    str(RDF.type),
    str(DCTERMS.identifier),
}
# What comes first of a claim.
_FIRST = {str(each): place for place, each in enumerate((RDF.subject, RDF.predicate, RDF.object))}
_SELECTOR = re.compile(r"/(?:position|quote|field)\Z")  # how the names of its nodes end
Shown = Thing | Words


@dataclass(frozen=True, slots=True)
class Named:
    """A release as pages name it: by when it was built, in UTC."""

    id: str
    when: str
    href: str
    built: str

    def __html__(self) -> Markup:
        made = Markup('<a href="{}"><time datetime="{}">{}</time></a>')
        return made.format(self.href, self.built, self.when)


@dataclass(frozen=True, slots=True)
class Difference:
    """The values of a property that a release took away, and those that it brought."""

    name: Thing
    before: tuple[Shown, ...]
    after: tuple[Shown, ...]

    @property
    def text(self) -> str:
        """Both sides in words, an arrow between them."""
        sides = (
            ", ".join(each.label if isinstance(each, Thing) else each.text for each in side)
            for side in (self.before, self.after)
        )
        return " → ".join(each or "nothing" for each in sides)


@dataclass(frozen=True, slots=True)
class Correction:
    """What a release, `at`, says otherwise than all up to the `last` before it."""

    at: Named
    last: Named
    differences: tuple[Difference, ...]


@dataclass(frozen=True, slots=True)
class Past:
    """`since` is the release since which a thing stands; the latest correction comes first."""

    since: Named
    corrections: tuple[Correction, ...]


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """What is there no more: `said` is all that it said, `lines` the same as N-Quads."""

    at: Named
    last: Named
    label: str
    reason: str
    successor: Thing | None
    said: tuple[Difference, ...]
    lines: tuple[str, ...]


def past(site: Site, iri: Iri) -> Past | None:
    """The past of a thing that there is; None where its release knows of none."""
    with History.open(site.graph.release) as history:
        since, events = history.since(iri), history.before(iri)
    if since is None:
        return None
    read = [(tuple(said(each.change.before)), tuple(said(each.change.after))) for each in events]
    names = site.names(iris_of(each for pair in read for side in pair for each in side))
    corrections = (
        Correction(named(each.at, names.links), named(each.last, names.links), found)
        for each, (before, after) in zip(events, read, strict=True)
        if (found := differences(before, after, names))
    )
    return Past(named(since, names.links), tuple(corrections))


def withdrawn(site: Site, iri: Iri) -> Withdrawn | None:
    """What became of a thing that there is no more; None where it never was. The evidence of a
    claim went with it.
    """
    start, own, of = iri.partition(f"{site.settings.base}id/evidence/")
    claim = f"{site.settings.base}id/claim/{_SELECTOR.sub('', of)}" if own and not start else iri
    with History.open(site.graph.release) as history:
        event = history.withdrawn(claim)
    if event is None:
        return None
    change, told = event.change, tuple(said(event.change.before))
    successor = {change.successor} - {""}
    names = site.names({*iris_of(told), claim, *successor}, called(change))
    return Withdrawn(
        at=named(event.at, names.links),
        last=named(event.last, names.links),
        label=names.thing(claim).label,
        reason=change.reason,
        successor=names.thing(change.successor) if successor else None,
        said=differences(told, (), names),
        lines=change.before,
    )


def called(change: Change) -> Mapping[Iri, Called]:
    """What a thing was called, and was, by what a change says of it."""
    quads = [each for each in said((*change.after, *change.before)) if each.subject == change.iri]
    labels = (each.object for each in quads if each.predicate == str(RDFS.label))
    label = next((each for each in labels if isinstance(each, Literal)), None)
    kinds = (each.object for each in quads if each.predicate == str(RDF.type))
    kind = next((each for each in kinds if isinstance(each, str)), None)
    return {change.iri: (label, kind)} if label else {}


def differences(
    before: Iterable[Quad], after: Iterable[Quad], names: Names
) -> tuple[Difference, ...]:
    """What two states say otherwise, by property, in the order in which properties are shown."""
    found: dict[Iri, tuple[list[Shown], list[Shown]]] = {}
    for side, quads in enumerate((before, after)):
        for each in sorted(quads, key=lambda quad: _FIRST.get(quad.predicate, len(_FIRST))):
            if each.predicate not in _APART:
                value = each.object
                shown = words(value) if isinstance(value, Literal) else names.thing(value)
                found.setdefault(each.predicate, ([], []))[side].append(shown)
    return tuple(
        Difference(names.thing(iri), tuple(was), tuple(now)) for iri, (was, now) in found.items()
    )


def named(release: ReleaseRef, links: Links) -> Named:
    href = links.at(f"/releases/{release.id}/")
    return Named(release.id, date(release.built), href, release.built)


def iris_of(quads: Iterable[Quad]) -> Iterator[Iri]:
    """What in `quads` needs a name to be shown."""
    for each in quads:
        yield each.predicate
        if isinstance(each.object, str):
            yield each.object
