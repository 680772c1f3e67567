"""`/robots.txt`, `/sitemap.xml`, `/favicon.ico`"""

from __future__ import annotations

from xml.sax.saxutils import escape

from flask import Blueprint, Response, redirect
from werkzeug.wrappers import Response as Redirect

from kg.model.namespaces import CLM
from kg.store import rows
from web.discovery.llms import llms_txt
from web.site import missing, site
from web.site.asking import ask
from web.site.pages import versioned

blueprint = versioned(Blueprint("discovery", __name__))

_SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
_PER_MAP = 10_000  # sitemaps.org allows 50,000 addresses a file


@blueprint.get("/robots.txt")
def robots() -> Response:
    """RFC 9309. Pages are for all; queries cost, so crawlers leave them alone."""
    dear = ("/sparql", "/describe", "/references", "/search")
    lines = (
        "User-agent: *",
        *(f"Disallow: {site().links().at(each)}" for each in dear),
        f"Sitemap: {site().settings.base}sitemap.xml",
    )
    return Response("\n".join(lines) + "\n", mimetype="text/plain")


@blueprint.get("/llms.txt")
def llms() -> Response:
    """Where a language model finds what (llmstxt.org)."""
    return Response(llms_txt(site()), mimetype="text/markdown")


@blueprint.get("/sitemap.xml")
def sitemaps() -> Response:
    """The index of the sitemaps, one a class and ten thousand things (sitemaps.org 0.9)."""
    here = site()
    counts = here.graph.release.manifest.counts.classes
    parts = []
    listed = sorted(here.ontology.segments.values(), key=lambda each: (each.order, each.name))
    for kind in listed:
        if here.ontology.is_base(kind) and kind.iri != str(CLM.Document):
            continue  # claims and what bears them: a page each, to which those of things lead
        for number in range(-(-counts.get(kind.iri, 0) // _PER_MAP)):
            address = f"{here.settings.base}sitemap/{kind.segment}/{number + 1}.xml"
            parts.append(f"<sitemap><loc>{escape(address)}</loc></sitemap>")
    return _xml(f'<sitemapindex xmlns="{_SITEMAP}">{"".join(parts)}</sitemapindex>')


@blueprint.get("/sitemap/<segment>/<int:number>.xml")
def sitemap(segment: str, number: int) -> Response:
    """The pages of one class."""
    here = site()
    kind = here.ontology.segments.get(segment)
    if kind is None or not 1 <= number <= 1_000:
        return missing.not_found(here.minter.entity(segment))
    terms = {"class": kind.iri}
    offset = (number - 1) * _PER_MAP
    found = rows(
        here.graph, ask("web.discovery", "members", **terms, offset=offset, limit=_PER_MAP)
    )
    if not found:
        return missing.not_found(here.minter.entity(f"{segment}/{number}"))
    base = here.settings.base
    pages = (str(row["s"]).replace(f"{base}id/", f"{base}page/", 1) for row in found)
    urls = "".join(f"<url><loc>{escape(each)}</loc></url>" for each in pages)
    return _xml(f'<urlset xmlns="{_SITEMAP}">{urls}</urlset>')


@blueprint.get("/favicon.ico")
def favicon() -> Redirect:
    """For clients that ask before they read."""
    return redirect(site().links().at("/static/favicon.svg"), 301)


def _xml(body: str) -> Response:
    text = f'<?xml version="1.0" encoding="utf-8"?>\n{body}\n'
    return Response(text, content_type="application/xml; charset=utf-8")
