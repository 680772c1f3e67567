"""The claims that name an entity, as an Atom feed: a reader's program tells which are new to it.

A release knows no earlier one, so all entries have the time of its build; a claim keeps its IRI
from release to release, by which programs know what they have seen (RFC 4287 §4.2.6).
"""

from __future__ import annotations

from collections.abc import Iterator

from flask import Response

from kg.model.rdf import Iri
from kg.store import rows
from web.claims import reading
from web.claims.shown import Shown, show
from web.claims.subjects import speaking
from web.site import Site
from web.site.asking import ask
from web.site.atom import Entry, atom
from web.site.subject import facts_query

ENTRIES = 200


def feed(site: Site, iri: Iri) -> Response | None:
    """The feed of `iri`, None where the graph does not describe it."""
    if not rows(site.graph, facts_query(iri)):
        return None
    chosen = ask("web.entities", "naming", entity=iri, limit=reading.LIMIT)
    claims = reading.read(rows(site.graph, reading.query(chosen)))[:ENTRIES]
    names, base = speaking(site, claims, [iri]), site.settings.base
    updated = site.graph.release.manifest.built
    page = iri.replace(f"{base}id/", f"{base}page/", 1)
    return atom(
        f"{names.thing(iri).label}: what sources say",
        site.settings.title,
        updated,
        {"self": f"{page}.atom", "alternate": page},
        (
            Entry(
                each.claim.iri,
                each.sentence.text,
                each.claim.iri.replace(f"{base}id/", f"{base}page/", 1),
                updated,
                " ".join(_told(each)),
            )
            for each in (show(claim, names) for claim in claims)
        ),
    )


def _told(shown: Shown) -> Iterator[str]:
    yield f"{shown.standing.word.capitalize()}."
    yield from (
        f"“{quote}”, {place}." if place else f"“{quote}”." for quote, place in shown.passages
    )
