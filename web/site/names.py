"""What things are called, asked for in one batch a page."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache

from markupsafe import escape

from kg.model.iris import is_iri
from kg.model.namespaces import CLM
from kg.model.rdf import Iri, Literal, Term
from kg.ontology import Ontology
from kg.ontology.terms import LAST
from kg.store import Graph, rows
from web.site.asking import ask
from web.site.languages import same
from web.site.links import Links
from web.site.sources import Source

_JUDGED = ("disagreement", "side", "decision")
_CUT = 300  # characters of a label; a longer one is no name

Called = tuple[Literal | None, Iri | None]  # a label and a class
UNKNOWN: Called = (None, None)


@dataclass(frozen=True, slots=True)
class Thing:
    """Something with an IRI, as pages show it.

    `href` is None where a link would be unsafe. `kind` is the name of its class, empty where the
    graph gives none; `external` says that the link leaves this server.
    """

    iri: Iri
    label: str
    language: str = ""
    href: str | None = None
    kind: str = ""
    external: bool = False

    def __html__(self) -> str:
        return _linked(self.label, self.language, self.href, self.external)


@lru_cache(4096)  # a page says most of its names more than once
def _linked(label: str, language: str, href: str | None, external: bool) -> str:
    """A name, linked; it may be of any script, so it is kept apart from its context."""
    spoken = f' lang="{escape(language)}"' if language else ""
    name = f"<bdi{spoken}>{escape(label)}</bdi>"
    if not href:
        return name
    away = ' rel="external noreferrer"' if external else ""
    return f'<a href="{escape(href)}"{away}>{name}</a>'


@dataclass(frozen=True, slots=True)
class Names:
    """Turns IRIs into things with names.

    `found` holds label and class of the IRIs that were looked up, `sources` the documents and the
    registers among them, `facts` what sentences call things by; the ontology names its own terms;
    what nobody knows is called by the last part of its IRI.
    """

    links: Links
    ontology: Ontology
    found: Mapping[Iri, Called] = field(default_factory=dict)
    sources: Mapping[Iri, Source] = field(default_factory=dict)
    facts: Mapping[Iri, Mapping[Iri, tuple[Term, ...]]] = field(default_factory=dict)
    _things: dict[Iri, Thing] = field(default_factory=dict)
    _sources: dict[Iri, Source] = field(default_factory=dict)

    def thing(self, iri: Iri) -> Thing:
        known = self._things.get(iri)
        if known is None:
            known = self._things[iri] = self._thing(iri)
        return known

    def source(self, iri: Iri) -> Source:
        """A document, a register, or a row of one, as readers know it."""
        made = self._sources.get(iri)
        if made is None:
            made = self._sources[iri] = self._source(iri)
        return made

    def _source(self, iri: Iri) -> Source:
        href, dataset = self.links.to(iri) or "", dataset_of(iri, self.links.base)
        known = self.sources.get(dataset or iri)
        if known is None:
            label = self._label(dataset or iri, self.found.get(dataset or iri, UNKNOWN)[0])
            known = Source(dataset or iri, "register" if dataset else "document", label)
        known = replace(known, href=self.links.to(dataset or iri) or "")
        return known.of_row(iri, href) if dataset else known

    def _thing(self, iri: Iri) -> Thing:
        label, kind = self.found.get(iri, UNKNOWN)
        record = self.source(iri).label if dataset_of(iri, self.links.base) else ""
        if record:
            kind = str(CLM.Record)
        term = self.ontology.find(iri) if label is None else None
        href = self.links.to(iri)
        return Thing(
            iri=iri,
            label=record or self._judged(iri) or self._label(iri, label),
            language=label.language if label else "en" if term else "",
            href=href,
            kind=self.term(kind) if kind else "",
            external=bool(href and "://" in href),
        )

    def _label(self, iri: Iri, label: Literal | None) -> str:
        if label:
            return label.value[:_CUT]
        foreign = not iri.startswith(self.links.base) and self.ontology.find(iri) is None
        return re.sub(r"\Ahttps?://", "", iri)[:_CUT] if foreign else self.term(iri)

    def _judged(self, iri: Iri) -> str:
        """A disagreement goes by what it is about and on which property."""
        about, name = judged(iri, self.links.base)
        if not about:
            return ""
        term = self.ontology.named(name)
        label = self._label(about, self.found.get(about, UNKNOWN)[0])
        return f"{label}: {term.label if term else readable(name)}"

    def label(self, iri: Iri) -> Literal | None:
        """What a thing is called, with its language."""
        return self.found.get(iri, UNKNOWN)[0]

    def term(self, iri: Iri) -> str:
        """The ontology's word for one of its terms."""
        term = self.ontology.find(iri)
        return term.label if term else readable(iri)

    def rank(self, iri: Iri) -> tuple[int, str]:
        """Where a term stands among others: by its order, those without one by their names."""
        term = self.ontology.find(iri)
        return (term.order if term else LAST, self.term(iri))


def look_up(
    graph: Graph, known: dict[Iri, Called], base: str, iris: Iterable[Iri], language: str
) -> None:
    """Add to `known` what `iris` are called, in one query for those that it lacks; those without a
    label in `language` by another name that they have in it, in a second one.
    """
    wanted = {dataset_of(iri, base) or judged(iri, base)[0] or iri for iri in iris}
    unknown = sorted(iri for iri in wanted if iri not in known and is_iri(iri))
    if not unknown:
        return
    found = called(rows(graph, ask("web.site", "names", iris=unknown)), language)
    known.update(dict.fromkeys(unknown, UNKNOWN) | found)
    foreign = [iri for iri, each in found.items() if each[0] and not tells(each, language)]
    if foreign:
        spoken = ask("web.site", "spoken", iris=foreign, language=Literal(language.lower()))
        for iri, (label, _) in called(rows(graph, spoken), language).items():
            known[iri] = label, known[iri][1]


def tells(called: Called, language: str) -> bool:
    """Whether the label is in `language`, or in none."""
    label, _ = called
    return label is not None and (not label.language or same(label.language, language))


def called(found: Iterable[Mapping[str, Term]], language: str = "en") -> dict[Iri, Called]:
    """Names out of rows of `(iri, label, kind)`: one in `language`, in English, else the first by
    language; and the first kind by its IRI, whatever the order of the rows.
    """
    names: dict[Iri, Called] = {}
    for row in found:
        iri, label, kind = str(row["iri"]), row.get("label"), row.get("kind")
        known = names.get(iri, UNKNOWN)
        names[iri] = (
            _better(known[0], label if isinstance(label, Literal) else None, language),
            min(filter(None, (known[1], kind if isinstance(kind, str) else None)), default=None),
        )
    return names


def dataset_of(iri: Iri, base: str) -> Iri:
    """The data set of a record, empty for any other IRI."""
    prefix = f"{base}id/record/"
    return (
        f"{base}id/dataset/{iri[len(prefix) :].partition('/')[0]}" if iri.startswith(prefix) else ""
    )


def judged(iri: Iri, base: str) -> tuple[Iri, str]:
    """What a disagreement, a side or a decision is about, and its property; empty for others."""
    kind, _, rest = iri.removeprefix(f"{base}id/").partition("/")
    if kind not in _JUDGED:
        return "", ""
    parts = rest.split("/")
    while len(parts) > 2 and (kind == "side" or parts[-1][:1].isupper()):
        kind, parts = "", parts[:-1]  # a hash, or the kind of a second disagreement
    return f"{base}id/{'/'.join(parts[:-1])}", parts[-1].replace("-", ":", 1)


def _better(one: Literal | None, other: Literal | None, language: str) -> Literal | None:
    if one is None or other is None:
        return one or other

    def order(each: Literal) -> tuple[bool, bool, str, str]:
        return not same(each.language, language), each.language != "en", each.language, each.value

    return min(one, other, key=order)


def readable(iri: Iri) -> str:
    """A name made from the end of an IRI: `…#statedIn` → `stated in`."""
    end = re.split(r"[/#:]", iri.rstrip("/#"))[-1]
    return re.sub(r"(?<=[a-z])(?=[A-Z])|[-_]+", " ", end)[:_CUT] or iri[:_CUT]
