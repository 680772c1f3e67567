"""What a release withdraws without a word: citations may name it, so a reader is owed a reason."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from kg.model.errors import DataError, Problem
from kg.model.iris import Minter
from kg.model.rdf import Iri
from kg.sheets.checks import Sheets
from kg.store.changes import Change
from kg.store.release import CHANGES, HISTORY
from kg.store.tables import connect


def described(sheets: Sheets, minter: Minter) -> set[Iri]:
    """What the sheets describe and claim, but for rows of registers, and what is withdrawn."""
    found = {each.entity.ref for each in sheets.entities if not each.entity.deprecated}
    for sheet in sheets.documents:
        found |= {sheet.document.ref, *(each.claim.ref for each in sheet.claims)}
    return {minter.entity(ref) for ref in found}


def refuse_unexplained(finished: Path, sheets: Sheets, minter: Minter) -> None:
    """Hold the sheets to a reason for each thing that they withdraw.

    Raises:
        DataError: with all that have none.
    """
    if problems := list(_unexplained(finished, sheets, minter)):
        raise DataError(problems)


def _unexplained(finished: Path, sheets: Sheets, minter: Minter) -> Iterator[Problem]:
    """What the sheets of the last release had, and none names that it is gone; a document that is
    named speaks for its claims.
    """
    with closing(connect(finished / HISTORY)) as history:
        had = {iri for (iri,) in history.execute("SELECT iri FROM described")}
    start, changes = minter.entity(""), finished / CHANGES
    files = {minter.entity(each.document.ref): each.reader.file for each in sheets.documents}
    named = {each.iri for each in _withdrawn(changes) if each.reason or each.successor}
    for each in _withdrawn(changes):
        if each.iri in had and named.isdisjoint({each.iri, each.source}):
            ref = each.iri.removeprefix(start)
            if each.what == "claim" and each.source in files:
                file, allowed = files[each.source], f"{{id: {ref.split('/')[-1]}, reason: …}}"
                allowed += " in its list 'withdrawn'"
            else:
                gone = each.source if each.what == "claim" else each.iri
                file = "seeds/entities.yaml"
                allowed = f"{gone.removeprefix(start)}, 'deprecated: true' and a 'reason'"
            yield Problem(file, 0, "", f"{ref} withdrawn without a reason", allowed)


def _withdrawn(changes: Path) -> Iterator[Change]:
    with changes.open("rb") as lines:
        for line in lines:
            if line.startswith(b'{"kind": "withdrawn"'):
                yield Change.parse(line)
