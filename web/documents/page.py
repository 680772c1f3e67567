"""The page of a document: its head, its claims in the order of the text, the text where it may
be shown.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from rdflib.namespace import DCTERMS, SDO

from kg.model.namespaces import CLM
from kg.model.rdf import Iri, Literal
from kg.model.settings import Settings
from kg.store import rows
from web.claims import reading
from web.claims.reading import claims_query
from web.claims.shown import Shown, show
from web.claims.slots import Slot, slots
from web.claims.subjects import speaking
from web.documents import company
from web.documents.company import Company
from web.documents.passages import Piece, pieces
from web.documents.texts import text_of
from web.site import Site, incoming
from web.site import subject as subjects
from web.site.asking import ask
from web.site.citing import Cited, cite
from web.site.dates import date
from web.site.heads import Head, head
from web.site.history import Past, past
from web.site.names import Thing
from web.site.sources import Source
from web.site.subject import Subject, facts_query
from web.site.values import Words, words

LIMIT = 1_000  # claims of one document that its page reads
_OTHERS = 6
# Told at the head of the page, or below it.
_HEAD = {
    str(each)
    for each in (
        SDO.sha256, CLM.textLength,
        DCTERMS.creator, DCTERMS.issued, DCTERMS.publisher, DCTERMS.title,
    )
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class DocumentPage:
    """All that the page of a document shows.

    Attributes:
        head: links and JSON-LD for machines.
        iri: the document's name in RDF.
        title: its title.
        kinds: its classes.
        slots: its own description, with those who state it.
        source: who made it and when, and what is not stated of that.
        origins: what it draws on.
        claims: what it says, in the order of its text.
        company: which other sources say the same, or otherwise.
        text: its text in pieces, empty where it may not be shown.
        restricted: whether the text is shown from the operator's own copy only.
        language: that of its text and of the quotes of it.
        hash, length: what proves that a text at hand is this one.
        incoming: what refers to it, by property.
        graph: the address of its named graph; empty where it says nothing, and so has none.
        sparql: the query for its claims, as an address of the endpoint.
        citation: how to cite the page.
        past: since which release it stands, and what it said before.
        others: some documents to compare it with, each with the address of the comparison;
            `choose` is where others are chosen, empty where it is the only one.
    """

    head: Head
    iri: Iri
    title: Words
    kinds: tuple[Thing, ...]
    slots: tuple[Slot, ...]
    source: Source
    origins: tuple[Source, ...]
    claims: tuple[Shown, ...]
    company: Company
    text: tuple[Piece, ...]
    restricted: bool
    language: str
    hash: str
    length: str
    incoming: tuple[incoming.Group, ...]
    graph: str
    sparql: str
    citation: Cited
    past: Past | None
    others: tuple[tuple[str, Source], ...]
    choose: str

    @property
    def date(self) -> str:
        return date(self.source.date) if self.source.date else ""

    @property
    def unstated(self) -> tuple[str, ...]:
        address = () if self.source.original else ("address",)
        return (*self.source.unstated, *address)


def document_page(site: Site, iri: Iri) -> DocumentPage | None:
    """The page of the document `iri`, None where the graph does not describe it."""
    graph, settings = site.graph, site.settings
    facts = rows(graph, facts_query(iri))
    if not facts:
        return None
    subject = subjects.read(iri, facts, site.ontology)
    query = reading.query(ask("web.documents", "stated", document=iri, limit=LIMIT))
    claims = reading.read(rows(graph, query))
    about = reading.read(rows(graph, claims_query(iri)))
    beside = rows(graph, company.query(iri, LIMIT))
    references = tuple(
        each
        for each in incoming.references(graph, iri, rows(graph, incoming.query(iri)))
        if each.predicate != str(CLM.statedIn)
    )
    wanted = {
        iri,
        *subject.iris(),
        *(one for each in references for one in each.subjects),
        *(str(each[name]) for each in beside for name in ("same", "rival") if name in each),
    }
    names = speaking(site, (*claims, *about), wanted)
    shown = tuple(show(each, names) for each in claims)
    text, restricted = _text(subject, _published(site, iri), settings)
    title = words(names.label(iri) or Literal(names.thing(iri).label))
    links = names.links
    others = tuple(_others(site, iri))
    return DocumentPage(
        head=head(
            iri,
            links,
            subject.types,
            settings.licence,
            {"@id": iri, "@type": "Article", "name": title.text, "sameAs": list(subject.see_also)},
        ),
        iri=iri,
        title=title,
        kinds=tuple(names.thing(each) for each in subject.types),
        slots=tuple(
            each
            for each in slots(subject, about, names)
            if each.name.lower() not in {names.term(name).lower() for name in _HEAD}
        ),
        source=names.source(iri),
        origins=tuple(names.source(each) for each in names.source(iri).origins),
        claims=shown,
        company=company.company(iri, [each.iri for each in claims], beside, names),
        text=pieces(text, shown) if text else (),
        restricted=restricted,
        language=_first(subject, DCTERMS.language),
        hash=_first(subject, SDO.sha256),
        length=_first(subject, CLM.textLength),
        incoming=incoming.groups(iri, references, names),
        graph=links.to(site.minter.graph(iri.removeprefix(f"{settings.base}id/"))) or ""
        if claims
        else "",
        sparql=links.sparql(query),
        citation=cite(site, iri, title.text, language=title.language, source=iri),
        past=past(site, iri),
        others=others,
        choose=links.at("/compare/", one=_slug(site, iri)) if others else "",
    )


def _others(site: Site, iri: Iri) -> Iterator[tuple[str, Source]]:
    query = ask("web.documents", "others", document=iri, limit=_OTHERS)
    found = [str(row["document"]) for row in rows(site.graph, query)]
    names = site.names(found)
    for each in found:
        first, second = sorted((_slug(site, iri), _slug(site, each)))
        yield site.links().at(f"/compare/{first}/{second}"), names.source(each)


def _slug(site: Site, iri: Iri) -> str:
    return iri.removeprefix(site.minter.entity("document/"))


def _published(site: Site, iri: Iri) -> str:
    """The open text of the document, empty where there is none."""
    found = rows(site.graph, ask("web.documents", "text", document=iri))
    term = found[0].get("text") if found else None
    return term.value if isinstance(term, Literal) else ""


def _text(subject: Subject, published: str, settings: Settings) -> tuple[str, bool]:
    """The text to show, and whether it is the operator's own copy."""
    folder = settings.texts_path
    if published or folder is None:
        return published, False
    own = text_of(folder, _first(subject, SDO.sha256))
    return own or "", own is not None


def _first(subject: Subject, name: object) -> str:
    values = subject.facts.get(str(name), ())
    return values[0].value if values and isinstance(values[0], Literal) else ""
