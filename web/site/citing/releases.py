"""How to cite a release as a whole."""

from __future__ import annotations

from kg.store.release import Release
from web.site import Site
from web.site.citing import FORMS, Cited, Part, chicago
from web.site.citing.reference import Reference

RELEASE = "This release"


def address(site: Site, release: str) -> str:
    """Where the release of that id is published, for good."""
    return f"{site.settings.base}releases/{release}/"


def cite_release(site: Site, release: Release) -> Cited:
    """The release as one work, under its DOI where it has one."""
    reference = Reference(
        iri=address(site, release.id),
        key=f"release-{release.id[:12]}",
        type="dataset",
        title=release.manifest.title or site.settings.title,
        publisher=site.settings.title,
        issued=release.manifest.day,
        url=address(site, release.id),
        doi=site.settings.dois.get(release.id, ""),
        version=release.id,
        rights=site.settings.licence,
    )
    links = site.links()
    return Cited(
        parts=(Part(RELEASE, reference, chicago.note(reference)),),
        hrefs={form: links.at(f"/cite/releases/{release.id}.{form}") for form in FORMS},
    )
