"""The page of an entity as JSON: what is known, with those who state it, and what sources claim."""

from __future__ import annotations

from collections.abc import Iterable

from web.claims.as_json import contest, thing, told, value
from web.claims.evidence import Evidence
from web.claims.shown import Shown
from web.claims.slots import Value
from web.entities.chronicle import Dated
from web.entities.page import EntityPage


def document(page: EntityPage, claims: Iterable[Shown]) -> dict[str, object]:
    """All that the page tells in words, and each of `claims` about the thing."""
    return {
        "iri": page.iri,
        "label": page.title.text,
        "types": list(map(thing, page.kinds)),
        "summary": page.summary,
        "status": page.status.label if page.status else None,
        "otherNames": [each.text for each in page.other_names],
        "facts": [
            {
                "question": each.name,
                "contested": each.contested,
                "values": list(map(_value, each.values)),
            }
            for each in page.slots
        ],
        "services": [
            {
                **thing(each.service),
                "of": thing(each.other) if each.other else None,
                "when": each.when,
            }
            for each in (page.services.spans if page.services else ())
            if each.service
        ],
        "events": {
            "total": page.years.total,
            "latest": list(map(_dated, page.years.latest)),
        }
        if page.years
        else None,
        "before": _dated(page.before) if page.before else None,
        "after": _dated(page.after) if page.after else None,
        "fields": {each.name: each.shown.text for each in page.row.fields} if page.row else {},
        "disagreements": list(map(contest, page.contests)),
        "claims": list(map(told, claims)),
        "sources": page.sources,
        "sameAs": [each.iri for each in page.same_as],
    }


def _value(found: Value) -> dict[str, object]:
    return {
        **value(found.shown),
        "property": found.note,
        "standing": found.standing.word,
        "independentSources": found.independent,
        "evidence": list(map(_evidence, found.evidence)),
    }


def _evidence(found: Evidence) -> dict[str, object]:
    """The claim that makes it, or the row of a register, in its own words."""
    if found.claim:
        return told(found.claim)
    quote = found.words.text if found.words else ""
    passages = [{"quote": quote, "where": found.column}] if quote else []
    return {"source": {"iri": found.source.iri, "label": found.source.label}, "passages": passages}


def _dated(found: Dated) -> dict[str, str]:
    return {**thing(found.event), "when": found.when}
