"""The triples of a graph by property, a file each: what tables are made of.

A table needs a few properties of everything. To read them from the store takes ten times as long,
which looks up each term by itself, and could begin only when the store is finished.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from hashlib import blake2b
from pathlib import Path

from kg.model.rdf import Iri, Parts, words_of


class ByProperty:
    """Writes the triples that it is shown to `folder`, and reads those of some properties."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def take(self, lines: Sequence[Parts]) -> None:
        """Keep the lines of some subjects."""
        held = defaultdict[str, list[str]](list)
        for subject, predicate, rest in lines:
            held[predicate].append(f"{subject} {rest}")
        self._folder.mkdir(exist_ok=True)
        # Opened anew each time, as there may be more properties than a process may have files.
        for predicate, own in held.items():
            with self._file(predicate[1:-1]).open("a", encoding="utf-8", newline="\n") as file:
                file.writelines(own)

    def pairs(self, *properties: object) -> Iterator[tuple[Iri, str]]:
        """Subjects and values of properties, the text of a literal."""
        for each in properties:
            path = self._file(str(each))
            if path.exists():
                with path.open(encoding="utf-8", newline="\n") as file:
                    for line in file:
                        subject, _, rest = line.partition("> ")
                        yield subject[1:], words_of(rest)[1]

    def grouped(self, *properties: object) -> dict[Iri, list[str]]:
        """The values of properties by subject, sorted."""
        found = defaultdict[Iri, list[str]](list)
        for subject, value in self.pairs(*properties):
            found[subject].append(value)
        return {subject: sorted(values) for subject, values in found.items()}

    def _file(self, name: Iri) -> Path:
        return self._folder / blake2b(name.encode(), digest_size=16).hexdigest()
