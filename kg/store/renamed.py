"""A query may write a term by the name that it had before: it is asked by that of today."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from kg.store.rewrite import TOKEN, edited


@dataclass(frozen=True)
class Renamed:
    """`former` leads from the IRIs of terms to those that they have now; `prefixes` are declared in
    advance (SPARQL 1.1 Query §4.1.1).
    """

    former: Mapping[str, str]
    prefixes: Mapping[str, str]

    def apply(self, query: str) -> str:
        """`query` with the names of today; itself, where it has no other."""
        if not self.former or not self._local.search(query) or "\\u" in query.lower():
            return query
        return edited(query, list(self._edits(query)))

    def _edits(self, query: str) -> Iterator[tuple[int, int, str]]:
        prefixes, before = dict(self.prefixes), ["", ""]
        for token in TOKEN.finditer(query):
            if token.lastgroup not in ("N", "I"):
                continue
            text = token[0]
            prefix, _, local = text.partition(":")
            if before[0].upper() == "PREFIX" and text.startswith("<"):
                prefixes[before[1].removesuffix(":")] = text[1:-1]
            elif before[1].upper() != "PREFIX":
                iri = text[1:-1] if text.startswith("<") else prefixes.get(prefix, "") + local
                if iri in self.former:
                    yield token.start(), token.end(), f"<{self.former[iri]}>"
            before = [before[1], text]

    @cached_property
    def _local(self) -> re.Pattern[str]:
        """The local names, which few queries have at all."""
        names = sorted({re.escape(re.split("[#/]", iri)[-1]) for iri in self.former})
        return re.compile(rf"[:#/](?:{'|'.join(names)})\b")
