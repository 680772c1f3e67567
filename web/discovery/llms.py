"""`/llms.txt`: where a language model finds what, in the form of llmstxt.org."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from kg.model.namespaces import CLM
from kg.ontology.nouns import several
from web.site import DATA, NAV, Site
from web.site.catalogue import answered

_QUESTIONS = 12
_CITING = """\
Each statement has somebody who makes it. Cite the claim: its IRI, the quote with the place where it
stands, and the source; of a fact that a register records, the row. Only what stands as accepted is
taken as so here. IRIs under {base}id/ lead to pages, or by `Accept` to RDF;
pages of things, claims and lists answer `Accept: application/json` with all that they show.
`kg mcp {base}` offers the same as tools (Model Context Protocol)."""


def llms_txt(site: Site) -> str:
    """The file, from the words of the project and of its ontology."""
    settings = site.settings
    parts = [
        f"# {settings.title}",
        f"> {settings.description}",
        _CITING.format(base=settings.base),
        _section("What there is", _kinds(site)),
        _section("Questions that have answers", _questions(site)),
        _section("For programs", _programs(site)),
        _section("Optional", _optional(site)),
    ]
    return "\n\n".join(filter(None, parts)) + "\n"


def _section(title: str, lines: Iterable[str]) -> str:
    listed = "\n".join(lines)
    return f"## {title}\n\n{listed}" if listed else ""


def _line(site: Site, name: str, path: str, notes: str = "") -> str:
    told = " ".join(notes.split())
    name = name.replace("[", "(").replace("]", ")")
    return f"- [{name}]({site.settings.base}{path})" + (f": {told}" if told else "")


def _kinds(site: Site) -> Iterator[str]:
    counts = site.graph.release.manifest.counts.classes
    for kind in sorted(site.ontology.segments.values(), key=lambda each: (each.order, each.name)):
        count = counts.get(kind.iri, 0)
        if count and (not site.ontology.is_base(kind) or kind.iri == str(CLM.Document)):
            name = f"{count:,} {several(kind, count)}"
            yield _line(site, name, f"page/{kind.segment}/", kind.definition)


def _questions(site: Site) -> Iterator[str]:
    for each in answered(site.graph.release)[:_QUESTIONS]:
        yield _line(site, each.title, f"queries/{each.name}.json", each.said(each.examples))


def _programs(site: Site) -> Iterator[str]:
    yield _line(site, "Search", "search?q=", "Add words to it; JSON by `Accept`.")
    yield _line(site, "HTTP API", "openapi.json", "Every saved question, in OpenAPI.")
    yield _line(site, "Terms in use", "sparql/terms", "Prefixes, classes, properties, counts.")
    yield _line(site, "What is published", "void.ttl", "Graphs, counts, dumps, licence.")
    for title, path in DATA:
        yield _line(site, title, path[1:])


def _optional(site: Site) -> Iterator[str]:
    for title, path, roles in NAV:
        if not roles or site.ontology.playing(*roles):
            yield _line(site, title, path[1:])
