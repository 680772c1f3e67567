"""What a page says of itself to machines: links in its head and its headers, schema.org JSON-LD.

Sources: RFC 8288 (Web Linking); Signposting, FAIR profile level 1 (cite-as, describedby, license,
type); schema.org.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from jinja2.utils import htmlsafe_json_dumps
from markupsafe import Markup
from werkzeug.urls import iri_to_uri

from kg.model.formats import GRAPHS
from kg.model.rdf import Iri
from web.site.links import Links


@dataclass(frozen=True, slots=True)
class Alternate:
    """The same content in another format."""

    name: str
    href: str
    type: str


@dataclass(frozen=True, slots=True)
class Head:
    """`canonical` is the IRI that the page is about; empty where it must not be followed."""

    canonical: Iri
    alternates: tuple[Alternate, ...]
    types: tuple[Iri, ...]
    licence: Iri
    jsonld: Markup

    @property
    def link_header(self) -> str:
        """The same links for clients that do not read HTML."""
        own = self.canonical
        if not own.isascii():
            own = iri_to_uri(own)  # RFC 8288 §3.1 wants URIs
        parts = [f'<{own}>; rel="{rel}"' for rel in ("canonical", "cite-as") if own]
        parts += [f'<{each}>; rel="type"' for each in self.types]
        parts += [
            f'<{each.href}>; rel="{rel}"; type="{each.type}"'
            for each in self.alternates
            for rel in ("alternate", "describedby")
        ]
        return ", ".join([*parts, f'<{self.licence}>; rel="license"'])


def alternates(iri: Iri, links: Links) -> tuple[Alternate, ...]:
    return tuple(
        Alternate(each.label, links.data(iri, each.extension), each.media_type) for each in GRAPHS
    )


def head(
    iri: Iri, links: Links, types: Sequence[Iri], licence: Iri, thing: Mapping[str, object]
) -> Head:
    """`thing` is the page's subject in schema.org's words; empty values are left out."""
    found = {"@context": "https://schema.org", **{k: v for k, v in thing.items() if v}}
    safe = tuple(each for each in types if links.to(each))
    canonical = iri if links.to(iri) else ""
    return Head(canonical, alternates(iri, links), safe, licence, inert_json(found))


def inert_json(value: object) -> Markup:
    """`value` as JSON that may stand in a script element: RFC 8259 §7 lets any character be
    escaped, and so is `<`.
    """
    return htmlsafe_json_dumps(value, ensure_ascii=False, sort_keys=True)
