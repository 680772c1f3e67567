"""How to cite a claim: its source at the passage that makes it, and the statement of the graph."""

from __future__ import annotations

from kg.model.rdf import Iri
from kg.store import rows
from web.claims.reading import StatedClaim, read, these_query
from web.claims.shown import Shown, place, show
from web.claims.subjects import speaking
from web.site import Site, citing
from web.site.citing import Cited
from web.site.citing.reference import Locator


def cite_claim(site: Site, iri: Iri) -> Cited | None:
    """How to cite the claim `iri`; None where there is none."""
    claim = next(iter(read(rows(site.graph, these_query([iri])))), None)
    return cited(site, show(claim, speaking(site, [claim]))) if claim else None


def cited(site: Site, shown: Shown) -> Cited:
    """How to cite a claim that is shown."""
    claim = shown.claim
    return citing.cite(
        site, claim.iri, shown.sentence.text, source=claim.source, locator=located(claim)
    )


def located(claim: StatedClaim) -> Locator:
    """Where in its source a claim is made: in paragraphs, or in columns of its row."""
    paragraphs = dict.fromkeys(str(each.paragraph) for each in claim.passages if each.paragraph)
    columns = dict.fromkeys(each.field for each in claim.passages if each.field)
    return Locator(
        label="paragraph" if paragraphs else "column" if columns else "",
        number=", ".join(paragraphs or columns),
        quotes=tuple(dict.fromkeys(each.quote for each in claim.passages if each.quote)),
        where="; ".join(dict.fromkeys(filter(None, map(place, claim.passages)))),
    )
