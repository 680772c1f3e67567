"""Whether a built graph may be released: its shapes hold, and nothing large went missing."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from rdflib.namespace import SH

from kg.build.validate import compiled
from kg.build.validate.losses import refuse_losses, served
from kg.build.validate.profile import Profile
from kg.build.validate.reasons import Reasons
from kg.build.validate.undeclared import undeclared
from kg.build.validate.violation import Violated, Violation
from kg.ontology import Ontology
from kg.ontology.shapes import load_shapes
from kg.store.embedded.build_store import BuildStore

__all__ = [
    "Profile",
    "Reasons",
    "Violated",
    "Violation",
    "refuse_losses",
    "served",
    "validate",
    "violations",
]

# Up to here pySHACL, the reference, checks what the compiled shapes find.
PYSHACL_TRIPLES = 20_000


def validate(
    directory: Path,
    ontology: Ontology,
    profile: Profile | None = None,
    found: Iterable[Violation] = (),
    *,
    reference: bool = True,
) -> None:
    """Hold the store in `directory` to the ontology's shapes, domains and ranges.

    `profile` is the store's; what it proves is not looked up again. `found` is what is known
    already. `reference`: pySHACL looks at a small store too.

    Raises:
        Violated: with every violation.
    """
    every = {*found, *violations(directory, ontology, profile, reference=reference)}
    if every:
        raise Violated(sorted(every))


def violations(
    directory: Path, ontology: Ontology, profile: Profile | None = None, *, reference: bool = True
) -> tuple[Violation, ...]:
    """All violations, sorted: those of the compiled shapes, and on a small store pySHACL's too."""
    store, shapes = BuildStore(directory), load_shapes(ontology)
    found = {*compiled.run(store, shapes, ontology, profile)}
    if profile is not None:
        found |= {*undeclared(store, ontology, profile)}
    if reference and not store.exceeds(PYSHACL_TRIPLES):
        from kg.build.validate import shacl  # noqa: PLC0415 - a third of a second that a large graph saves

        # pySHACL parses a SPARQL constraint anew for each node, 40 ms a time: 15 s on the seeds.
        shapes.remove((None, SH.sparql, None))
        found |= {*shacl.run(store.graph(), shapes)}
    return tuple(sorted(found))
