"""What things are called, asked for in one batch a page."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from kg.ontology import Ontology
from kg.rdf import Iri, Literal
from kg.store import Graph, rows
from web.asking import ask
from web.links import Links, is_iri

_CUT = 300  # characters of a label; a longer one is no name


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


@dataclass(frozen=True, slots=True)
class Names:
    """Turns IRIs into things with names.

    `found` holds label and class of the IRIs that were looked up; the ontology names its own
    terms; what neither knows is called by the last part of its IRI.
    """

    links: Links
    ontology: Ontology
    found: Mapping[Iri, tuple[Literal | None, Iri | None]] = field(default_factory=dict)

    def thing(self, iri: Iri) -> Thing:
        label, kind = self.found.get(iri, (None, None))
        term = self.ontology.find(iri) if label is None else None
        href = self.links.to(iri)
        return Thing(
            iri=iri,
            label=self._record(iri) or self._label(iri, label),
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

    def _record(self, iri: Iri) -> str:
        """A row goes by its data set and number: its label is that of the event it records."""
        dataset = dataset_of(iri, self.links.base)
        if not dataset:
            return ""
        name = self._label(dataset, self.found.get(dataset, (None, None))[0])
        return f"{name}, {iri.rpartition('/')[2]}"

    def term(self, iri: Iri) -> str:
        """The ontology's word for one of its terms."""
        term = self.ontology.find(iri)
        return term.label if term else readable(iri)


def look_up(graph: Graph, links: Links, ontology: Ontology, iris: Iterable[Iri]) -> Names:
    """Names for `iris`, in one query. An English label is preferred, then the first by language."""
    wanted = {iri for iri in iris if is_iri(iri) and ontology.find(iri) is None}
    wanted |= {dataset_of(iri, links.base) for iri in wanted} - {""}
    claims = {iri for iri in wanted if iri.startswith(f"{links.base}id/claim/")}
    found: dict[Iri, tuple[Literal | None, Iri | None]] = {}
    for kind, some in (("names", wanted - claims), ("claims", claims)):
        for row in rows(graph, ask("web", kind, iris=sorted(some))) if some else ():
            label, type_ = row.get("label"), row.get("kind")
            known = found.get(str(row["iri"]), (None, None))
            found[str(row["iri"])] = (
                _better(known[0], label if isinstance(label, Literal) else None),
                known[1] or (type_ if isinstance(type_, str) else None),
            )
    return Names(links, ontology, found)


def dataset_of(iri: Iri, base: str) -> Iri:
    """The data set of a record, empty for any other IRI."""
    prefix = f"{base}id/record/"
    return (
        f"{base}id/dataset/{iri[len(prefix) :].partition('/')[0]}" if iri.startswith(prefix) else ""
    )


def _better(one: Literal | None, other: Literal | None) -> Literal | None:
    if one is None or other is None:
        return one or other
    return min(one, other, key=lambda each: (each.language != "en", each.language, each.value))


def readable(iri: Iri) -> str:
    """A name made from the end of an IRI: `…/id/place/saint-petersburg` → `saint petersburg`."""
    end = re.split(r"[/#:]", iri.rstrip("/#"))[-1]
    return re.sub(r"(?<=[a-z])(?=[A-Z])|[-_]+", " ", end)[:_CUT] or iri[:_CUT]
