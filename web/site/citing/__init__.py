"""How to cite what a page shows: the original, with its passage, and what the graph states, apart.

What is not stated of an original is said to be so, and never filled with this project's own name.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from markupsafe import Markup
from rdflib.namespace import DCTERMS, FOAF, RDFS

from kg.model.rdf import Iri, Literal, Term
from kg.store import rows
from web.site import Site
from web.site.asking import ask
from web.site.citing import chicago, formats
from web.site.citing.reference import Author, Locator, Reference, key_of

FORMS = {"bib": "BibTeX", "ris": "RIS", "csl.json": "CSL-JSON", "txt": "Plain text"}
ORIGINAL, STATEMENT = "The original", "What the graph states"

_Told = Mapping[str, list[Mapping[str, Term]]]  # rows of a work by property


@dataclass(frozen=True, slots=True)
class Part:
    """One reference of a page, with the footnote that cites it."""

    title: str
    reference: Reference
    note: Markup


@dataclass(frozen=True, slots=True)
class Cited:
    """The references of a page, in each form; `hrefs` are the addresses of these, by form."""

    parts: tuple[Part, ...]
    hrefs: Mapping[str, str]

    @property
    def references(self) -> tuple[Reference, ...]:
        return tuple(each.reference for each in self.parts)

    def text(self, form: str) -> str:
        """What `/cite/REF.FORM` gives, but for the entries of a bibliography in plain text."""
        write = {"bib": formats.bibtex, "ris": formats.ris, "csl.json": formats.csl_json}.get(form)
        return write(self.references) if write else "\n".join(map(_plain, self.parts))

    @property
    def forms(self) -> tuple[tuple[str, str, str], ...]:
        """Each form by its name, as text, and where it is to be had."""
        return tuple(
            (name, self.text(form).replace("\r\n", "\n"), self.hrefs.get(form, ""))
            for form, name in FORMS.items()
        )

    @property
    def bibliography(self) -> str:
        """The entries of the references in a bibliography, a line each."""
        return "".join(f"{chicago.plain(chicago.entry(each))}\n" for each in self.references)


def cite(
    site: Site,
    iri: Iri,
    title: str,
    *,
    language: str = "",
    source: Iri = "",
    locator: Locator | None = None,
) -> Cited:
    """How to cite what the graph states of `iri`; and `source`, if there is one, at `locator`."""
    path, links = iri.removeprefix(f"{site.settings.base}id/"), site.links()
    release = site.graph.release
    stated = Reference(
        iri=iri,
        key=f"{key_of(path)}-{release.id[:12]}",
        type="dataset",
        # The work itself is not ours: only what was read in it.
        title=f"Statements read in “{title}”" if source == iri else title,
        language=language,
        publisher=site.settings.title,
        issued=release.manifest.day,
        url=iri,
        version=release.id,
        rights=site.settings.licence,
    )
    original = _original(site, source, locator) if source else None
    parts = [(ORIGINAL, original), (STATEMENT, stated)]
    return Cited(
        parts=tuple(Part(name, each, chicago.note(each)) for name, each in parts if each),
        hrefs={} if path == iri else {form: links.at(f"/cite/{path}.{form}") for form in FORMS},
    )


def _original(site: Site, source: Iri, locator: Locator | None) -> Reference | None:
    own: dict[str, list[Mapping[str, Term]]] = {}
    whole: dict[str, list[Mapping[str, Term]]] = {}
    for row in rows(site.graph, ask("web.site.citing", "original", source=source)):
        of = own if row["work"] == source else whole
        of.setdefault(str(row["p"]), []).append(row)
    title = _first(own, DCTERMS.title) or _first(own, RDFS.label)
    if title is None:
        return None
    either = {**whole, **own}
    pages = (FOAF.page, FOAF.homepage, RDFS.seeAlso)
    addresses = (_text(_first(of, each)) for of in (own, whole) for each in pages)
    url = next(filter(None, addresses), "")
    container = _first(whole, DCTERMS.title) or _first(whole, RDFS.label)
    rights = _first(either, DCTERMS.license) or _first(either, DCTERMS.rights)
    return Reference(
        iri=source,
        key=key_of(source.removeprefix(f"{site.settings.base}id/")),
        type="dataset" if whole else "webpage" if url else "document",
        title=_text(title),
        language=_text(_first(own, DCTERMS.language)) or getattr(title, "language", ""),
        authors=tuple(sorted(_names(either.get(str(DCTERMS.creator), ())), key=str)),
        publisher="; ".join(map(str, _names(either.get(str(DCTERMS.publisher), ())))),
        container=_text(container),
        number=_text(_first(own, DCTERMS.identifier)) if whole else "",
        issued=_text(_first(either, DCTERMS.issued)),
        url=url,
        rights=_text(rights),
        locator=locator,
    )


def _names(found: Iterable[Mapping[str, Term]]) -> list[Author]:
    """Each value by its name, once."""
    known: dict[Term, Author] = {}
    for row in found:
        label, sorted_by = row.get("label", row["o"]), row.get("sorted")
        known.setdefault(row["o"], Author.of(_text(label), _text(sorted_by)))
    return list(known.values())


def _first(told: _Told, name: object) -> Term | None:
    """The first value of a property: an English one, else by language, else by its text."""
    values = (row["o"] for row in told.get(str(name), ()))
    return min(
        values, key=lambda each: (getattr(each, "language", "") != "en", str(each)), default=None
    )


def _text(term: Term | None) -> str:
    return "" if term is None else term.value if isinstance(term, Literal) else term


def _plain(part: Part) -> str:
    """The footnote without italics; the passage and what is not stated, a line each."""
    found, lines = part.reference, [f"{part.title}:", chicago.plain(part.note)]
    if found.locator and str(found.locator):
        lines.append(f"Passage: {found.locator}")
    if found.missing:
        lines.append(f"Not stated: {', '.join(found.missing)}")
    return "".join(f"{each}\n" for each in lines)
