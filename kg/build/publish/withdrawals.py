"""What a release withdraws without a word: citations may name it, so a reader is owed a reason."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from kg.model.errors import Problem
from kg.model.iris import Minter
from kg.sheets.checks import Sheets
from kg.store.changes import Change


def unexplained(changes: Path, sheets: Sheets, minter: Minter) -> Iterator[Problem]:
    """What vanished from the sheets though none names it; rows of data sets come and go with those,
    and a document that is named speaks for its claims.
    """
    start = minter.entity("")
    files = {minter.entity(each.document.ref): each.reader.file for each in sheets.documents}
    named = {each.iri for each in _withdrawn(changes) if _is_explained(each)}
    for each in _withdrawn(changes):
        if (
            each.what in {"claim", "document", "entity"}
            and not each.source.startswith(f"{start}dataset/")
            and each.iri not in named
            and each.source not in named
        ):
            ref = each.iri.removeprefix(start)
            if each.what == "claim" and each.source in files:
                file, allowed = files[each.source], f"{{id: {ref.split('/')[-1]}, reason: …}}"
                allowed += " in its list 'withdrawn'"
            else:
                gone = each.source if each.what == "claim" else each.iri
                file = "seeds/entities.yaml"
                allowed = f"{gone.removeprefix(start)}, 'deprecated: true' and a 'reason'"
            yield Problem(file, 0, "", f"{ref} withdrawn without a reason", allowed)


def _is_explained(change: Change) -> bool:
    return bool(change.reason or change.successor)


def _withdrawn(changes: Path) -> Iterator[Change]:
    with changes.open("rb") as lines:
        for line in lines:
            if line.startswith(b'{"kind": "withdrawn"'):
                yield Change.parse(line)
