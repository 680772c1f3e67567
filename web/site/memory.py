"""What pages of one release have asked the store for, kept for the next page that needs it."""

from __future__ import annotations

from typing import Generic, TypeVar

from kg.model.rdf import Iri

T = TypeVar("T")


class Memory(Generic[T]):
    """Values by IRI, at most `limit`; the next release starts with none."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._release = ""
        self._held: dict[Iri, T] = {}

    def of(self, release: str) -> dict[Iri, T]:
        """The values of that release; who looks up more adds them.

        A reader keeps what it was given, even while another starts afresh.
        """
        if release != self._release or len(self._held) > self._limit:
            self._release, self._held = release, {}
        return self._held
