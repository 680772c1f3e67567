"""What is shown of releases: a line of each; of one its files, its sources, how to cite it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from kg.model.sources import Credit
from kg.store.manifest import CHECKSUM, MANIFEST, File
from kg.store.release import Release
from web.releases.changes import ChangesPart, Choice, changed, changes_part
from web.site import Site
from web.site.citing import Cited
from web.site.citing.releases import address, cite_release
from web.site.dates import date
from web.site.files import Published, published
from web.site.paging import Paging

SUMS = "SHA256SUMS"
# How the names of files begin, in the order of the page.
_GROUPS = {
    "The whole graph": "dumps/chancery.",
    "About it": "",
    "Tables": "tables/",
    "Each named graph": "dumps/graph-",
}


@dataclass(frozen=True, slots=True)
class Listed:
    """One release among others. `current` is the one that is served; of one that is `pruned` only
    its manifest and its changes are kept.
    """

    id: str
    iri: str
    href: str
    built: str
    triples: int
    current: bool
    pruned: bool
    doi: str

    @property
    def when(self) -> str:
        """`1 May 2026, 12:30`, in UTC."""
        return date(self.built)


@dataclass(frozen=True)
class ReleasesPage:
    """What `releases/list.html` reads; `doi` stands for all of them."""

    listed: tuple[Listed, ...]
    doi: str


@dataclass(frozen=True)
class ReleasePage:
    """What `releases/page.html` reads.

    `files` are those that there are, `before` and `after` the releases next to this one; `folder`
    is where its files are; `commits` are those of the project and its sources. `changes` is None
    where this release does not rest on that one.
    """

    listed: Listed
    files: tuple[Published, ...]
    before: Listed | None
    after: Listed | None
    folder: str
    sources: tuple[str, ...]
    versions: Mapping[str, str]
    commits: Mapping[str, str]
    credits: tuple[Credit, ...]
    citation: Cited
    changes: ChangesPart | None

    @property
    def iri(self) -> str:
        """What reports of errors name."""
        return self.listed.iri

    @property
    def title(self) -> str:
        return f"Release of {self.listed.when}"

    @cached_property
    def groups(self) -> tuple[tuple[str, tuple[Published, ...]], ...]:
        """Its files, by what they are of."""
        parts: dict[str, list[Published]] = {name: [] for name in _GROUPS}
        for each in self.files:
            of = [name for name, start in _GROUPS.items() if start and each.name.startswith(start)]
            parts[of[0] if of else "About it"].append(each)
        return tuple((name, tuple(each)) for name, each in parts.items() if each)


def releases_page(site: Site) -> ReleasesPage:
    dois = site.settings.dois
    return ReleasesPage(
        tuple(listed(site, each) for each in site.releases.all), dois.get("all", "")
    )


def release_page(site: Site, release: Release, choice: Choice, paging: Paging) -> ReleasePage:
    manifest, links = release.manifest, site.links()
    folder = links.at(f"/releases/{release.id}/")
    before, after = site.releases.around(release)
    return ReleasePage(
        listed=listed(site, release),
        files=tuple(published(each, folder) for each in entries(release)),
        before=listed(site, before) if before else None,
        after=listed(site, after) if after else None,
        folder=folder,
        sources=manifest.sources,
        versions=manifest.versions,
        commits=manifest.commits,
        credits=manifest.credits,
        citation=cite_release(site, release),
        changes=changes_part(site, release.id, f"/releases/{release.id}/", choice, paging),
    )


def listed(site: Site, release: Release) -> Listed:
    return Listed(
        id=release.id,
        iri=address(site, release.id),
        href=site.links().at(f"/releases/{release.id}/"),
        built=release.manifest.built,
        triples=release.manifest.counts.triples,
        current=release.id == site.graph.release.id,
        pruned=release.pruned,
        doi=site.settings.dois.get(release.id, ""),
    )


def entries(release: Release) -> Iterator[File]:
    """The files that anybody can have now, by their names: the manifest, and what it names."""
    yield File.of(release.directory / MANIFEST, MANIFEST)
    yield File.of(release.directory / CHECKSUM, CHECKSUM)
    yield from (each for each in release.published if (release.directory / each.name).is_file())


def sums(release: Release) -> str:
    """What `sha256sum -c` reads, of all that is published."""
    return "".join(f"{each.sha256}  {each.name}\n" for each in entries(release))


def document(site: Site, page: ReleasePage) -> dict[str, object]:
    """One release for programs."""
    return {
        **short(page.listed),
        "previous": page.before.iri if page.before else None,
        "next": page.after.iri if page.after else None,
        "licence": site.settings.licence,
        "citation": page.citation.text("txt"),
        **({"changes": changed(page.changes)} if page.changes else {}),
        "files": [
            {
                "name": each.name,
                "href": f"{page.iri}{each.name}",
                "mediaType": each.media_type,
                "size": each.size,
                "sha256": each.sha256,
            }
            for each in page.files
        ],
        "sums": f"{page.iri}{SUMS}",
    }


def short(found: Listed) -> dict[str, object]:
    """What of a release stands in a list of them."""
    return {
        "id": found.id,
        "iri": found.iri,
        "built": found.built,
        "triples": found.triples,
        "current": found.current,
        "pruned": found.pruned,
        **({"doi": found.doi} if found.doi else {}),
    }
