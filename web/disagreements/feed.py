"""Disagreements as an Atom feed: an entry says what each side holds, and what settles it."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import quote, urlencode

from flask import Response

from web.claims.contests import Contest
from web.disagreements.choosing import Chosen
from web.disagreements.page import DisagreementsPage
from web.site import Site
from web.site.atom import Entry, atom
from web.site.paging import Paging


def feed(site: Site, chosen: Chosen, page: DisagreementsPage, paging: Paging) -> Response:
    """The entries of `page`; a page of a feed is one of RFC 5005 §3."""
    base, updated = site.settings.base, site.graph.release.manifest.built

    def at(path: str, number: int = 1) -> str:
        given = chosen.parameters(**({"page": str(number)} if number > 1 else {}))
        return f"{base}{path}{'?' if given else ''}{urlencode(given)}"

    links = {"self": at("disagreements.atom", paging.number), "alternate": at("disagreements")}
    if page.previous:
        links["previous"] = at("disagreements.atom", paging.number - 1)
    if page.next:
        links["next"] = at("disagreements.atom", paging.number + 1)
    return atom(
        f"{site.settings.title}: disagreements",
        site.settings.title,
        updated,
        links,
        (
            Entry(
                each.iri,
                f"{each.name.capitalize()}? {each.about.label}",
                f"{base}disagreements?{urlencode({'about': each.about.iri})}#{quote(each.anchor)}",
                updated,
                " ".join(_told(each)),
            )
            for each in page.contests
        ),
    )


def _told(contest: Contest) -> Iterator[str]:
    for answer in contest.answers:
        sources = dict.fromkeys(claim.source.label for claim in answer.claims)
        yield f"{answer.label} ({answer.standing.word}): {'; '.join(sources)}."
    yield f"{contest.kind.label.capitalize()}. {contest.why}."
