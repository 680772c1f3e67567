"""`/cite/REF.FORM`"""

from __future__ import annotations

from flask import Blueprint, Response

from kg.model.iris import is_iri
from kg.model.rdf import Iri
from kg.store import rows
from web.claims.citing import cite_claim
from web.site import Site, citing, missing, site
from web.site.citing import Cited
from web.site.citing.releases import cite_release
from web.site.pages import versioned
from web.site.subject import facts_query

blueprint = versioned(Blueprint("citing", __name__))

_TYPES = {
    "bib": "application/x-bibtex; charset=utf-8",
    "ris": "application/x-research-info-systems; charset=utf-8",
    "csl.json": "application/vnd.citationstyles.csl+json",
    "txt": "text/plain; charset=utf-8",
}
_SOURCES = ("document/", "record/")  # have an original that they stand for


@blueprint.get('/cite/<path:ref>.<any("csl.json", json, bib, ris, txt):form>')
def cite(ref: str, form: str) -> Response:
    """How to cite the original and what the graph states: CSL-JSON, BibTeX, RIS, or Chicago."""
    here, iri, form = site(), site().minter.entity(ref), {"json": "csl.json"}.get(form, form)
    found = _cited(here, ref, iri) if is_iri(iri) else None
    if found is None:
        return missing.not_found(iri)
    text = found.text(form)
    if form == "txt":
        text += f"\nBibliography:\n{found.bibliography}"
    return Response(text, content_type=_TYPES[form])


def _cited(here: Site, ref: str, iri: Iri) -> Cited | None:
    folder, _, name = ref.partition("/")
    if folder == "releases" and (release := here.releases.find(name)):
        return cite_release(here, release)
    if ref.startswith("claim/"):
        return cite_claim(here, iri)
    if not rows(here.graph, facts_query(iri)):
        return None
    thing = here.names([iri]).thing(iri)
    source = iri if ref.startswith(_SOURCES) else ""
    return citing.cite(here, iri, thing.label, language=thing.language, source=source)
