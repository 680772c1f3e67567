"""What the judge must know besides the claims, of sheets, sources and ontology."""

from __future__ import annotations

from collections.abc import Mapping

from kg.build.gather.harvest import Harvest
from kg.judgement.world import World, is_plain
from kg.mappers import event_types, status_property
from kg.model.decisions import Decision
from kg.model.errors import Problem
from kg.model.facts import Ref, as_written
from kg.ontology import Ontology
from kg.sheets.checks import Sheets


def world(sheets: Sheets, harvest: Harvest, ontology: Ontology) -> World:
    """The judge's world. Which property is what, the ontology's annotations and roles say."""
    described = {each.entity.ref for each in sheets.entities}
    status = status_property(ontology)
    types = event_types(ontology) if status else ()
    reasons = {each.name for each in ontology.playing("Reason")}
    properties = ontology.properties.values()
    return World(
        within=harvest.within,
        derived={each.document.ref: each.document.derived_from for each in sheets.documents},
        publishers=_publishers(harvest),
        events={ref: ref in harvest.recorded for ref in described if ref.type in types},
        decisions={each.slot: each for each in sheets.decisions},
        functional=ontology.functional,
        evaluating={each.name for each in properties if each.evaluating},
        containing={each.name for each in ontology.playing("Surroundings", "Whole")},
        reasons=reasons,
        converse={
            each.converse: each.name
            for each in properties
            if each.converse and (each.name in reasons or each.name in each.incompatible)
        },
        incompatible={each.name: each.incompatible for each in properties if each.incompatible},
        times={each.name: each.role for each in ontology.playing("Begins", "Falls", "Ends")},
        status=status.name if status else "",
    )


def _publishers(harvest: Harvest) -> Mapping[Ref, Ref]:
    """Who publishes a source: as its head says, else as a claim does."""
    claimed = {
        each.statement.subject: each.statement.value
        for each in harvest.claims
        if each.statement.property == "dcterms:publisher" and is_plain(each)
    }
    found = {source: who for source, who in claimed.items() if isinstance(who, Ref)}
    return found | harvest.publishers


def undecidable(decision: Decision) -> Problem:
    """A decision for or against what nobody says."""
    subject, name, value = decision.statement
    found = f"{name} of {subject}: {as_written(value)}"
    allowed = "a value that a source states as a fact, or denies"
    return Problem(decision.file, decision.line, "dispute", found, allowed)
