"""Citations of a page or a claim: plain text, BibTeX and CSL-JSON.

They name the release, so that a reader finds what the writer saw.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass

from kg.model.rdf import Iri
from kg.model.settings import Settings
from kg.store.release import Release
from web.site.dates import date
from web.site.links import Links

_BIBTEX = {ord(each): f"\\{each}" for each in "&%$#_{}"} | {ord("\\"): r"\textbackslash{}"}


@dataclass(frozen=True, slots=True)
class Citation:
    """How to cite one IRI. `iri` stays what it is wherever the page was read."""

    iri: Iri
    title: str
    publisher: str
    release: str
    issued: str
    csl_href: str = ""
    bibtex_href: str = ""

    @property
    def plain(self) -> str:
        when = f" ({date(self.issued)})" if self.issued else ""
        return f"“{self.title}.” {self.publisher}, release {self.release[:12]}{when}. {self.iri}"

    @property
    def bibtex(self) -> str:
        key = re.sub(r"[^a-z0-9]+", "-", self.iri.partition("/id/")[2].lower()).strip("-")
        fields = {
            "title": f"{{{self.title.translate(_BIBTEX)}}}",
            "organization": f"{{{self.publisher.translate(_BIBTEX)}}}",
            "year": self.issued[:4],
            "note": f"Release {self.release[:12]}",
            "url": self.iri,
        }
        lines = "".join(f"  {name} = {{{text}}},\n" for name, text in fields.items() if text)
        return f"@misc{{{key or 'chancery'},\n{lines}}}\n"

    @property
    def csl(self) -> str:
        """CSL-JSON, a list of one item (citation-style-language schema 1.0.2)."""
        parts = [int(part) for part in self.issued[:10].split("-") if part.isdecimal()]
        item = {
            "id": self.iri,
            "type": "webpage",
            "title": self.title,
            "container-title": self.publisher,
            "version": self.release,
            "URL": self.iri,
            **({"issued": {"date-parts": [parts]}} if parts else {}),
        }
        return json.dumps([item], ensure_ascii=False, indent=2) + "\n"


def citation(iri: Iri, title: str, settings: Settings, release: Release, links: Links) -> Citation:
    path = iri.removeprefix(f"{settings.base}id/")
    return Citation(
        iri=iri,
        title=title,
        publisher=settings.title,
        release=release.id,
        issued=release.manifest.day,
        csl_href=links.at(f"/cite/{path}.json"),
        bibtex_href=links.at(f"/cite/{path}.bib"),
    )
