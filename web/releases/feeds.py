"""`/feed.atom`: the releases; `/changes.atom`: what they changed (RFC 4287)."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import quote, urlencode

from flask import Blueprint, Response, request

from kg.store.changes import Change
from kg.store.history import History, ReleaseRef
from web.releases.changes import Choice, Told, told
from web.releases.page import releases_page
from web.site import Site, site
from web.site.atom import Entry, atom
from web.site.citing.releases import address
from web.site.pages import versioned

blueprint = versioned(Blueprint("release_feeds", __name__))

ENTRIES = 100
_APART = ("fact", "term")  # what follows from the rest


@blueprint.get("/feed.atom")
def feed() -> Response:
    """The releases as an Atom feed, the newest first."""
    here = site()
    base, title = here.settings.base, here.settings.title
    found = releases_page(here).listed
    entries = (
        Entry(
            each.iri, f"Release of {each.when}", each.iri, each.built, f"{each.triples:,} triples."
        )
        for each in found[:ENTRIES]
    )
    links = {"self": f"{base}feed.atom", "alternate": f"{base}releases/"}
    return atom(f"{title}: releases", title, found[0].built, links, entries)


@blueprint.get("/changes.atom")
def changes() -> Response:
    """What the newest releases changed as an Atom feed: claims, things and disagreements.

    Parameters: `kind`, `what`, `source`.
    """
    here, choice = site(), Choice.read(request.args)
    base, title = here.settings.base, here.settings.title
    found = list(_latest(here, choice))
    words = told(here, [change for _, change in found])
    entries = (_entry(here, of, each) for (of, _), each in zip(found, words, strict=True))
    given = f"?{urlencode(choice.given)}" if choice.given else ""
    links = {"self": f"{base}changes.atom{given}", "alternate": f"{base}releases/"}
    updated = found[0][0].built if found else here.graph.release.manifest.built
    return atom(f"{title}: what changed", title, updated, links, entries)


def _latest(here: Site, choice: Choice) -> Iterator[tuple[ReleaseRef, Change]]:
    """The changes of the newest releases; what is not asked for by name, of things alone."""
    left = ENTRIES
    with History.open(here.graph.release) as history:
        for release in reversed(history.releases):
            chosen = choice.of(history, release.id, size=4 * ENTRIES)
            some = [each for each in chosen if choice.what or each.what not in _APART][:left]
            yield from ((release, each) for each in some)
            left -= len(some)
            if not left:
                return


def _entry(here: Site, release: ReleaseRef, each: Told) -> Entry:
    change, folder = each.change, address(here, release.id)
    page = each.thing.iri.replace(f"{here.settings.base}id/", f"{here.settings.base}page/", 1)
    facts = f"{change.property}{change.value}" if change.what == "fact" else ""
    return Entry(
        f"{folder}#{change.kind}-{quote(change.iri + facts, safe='')}",
        f"{each.word.capitalize()}: {each.text}",
        page,
        release.built,
        f"{each.summary[:1].upper()}{each.summary[1:]}. See {folder}."
        if each.summary
        else f"See {folder}.",
    )
