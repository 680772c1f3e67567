"""One saved query with its values: what is asked, and a stretch of the answer."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import BadRequest

from kg.model.rdf import Term
from kg.queries import ParameterError, SavedQuery
from kg.queries.meaning import Unclear, meant
from kg.store import Answer, Query, table
from web.site import Site
from web.site.paging import whole

_LIMITED = re.compile(r"\bLIMIT\s+\d+\s*\Z", re.IGNORECASE)


class Unsure(BadRequest):
    """A name that does not say which thing is meant."""

    def __init__(self, unclear: Unclear) -> None:
        super().__init__(str(unclear))
        self.unclear = unclear


@dataclass(frozen=True, slots=True)
class Asked:
    """A query, the values of its parameters, and the stretch of rows that is wanted.

    `size` is None where all rows are; `number` counts pages from 1.
    """

    query: SavedQuery
    bindings: Mapping[str, Term]
    given: Mapping[str, str]
    number: int = 1
    size: int | None = None

    @classmethod
    def read(cls, query: SavedQuery, given: MultiDict[str, str], site: Site) -> Asked:
        """Read the parameters of a request; `page` and `per_page` are ours, the rest the query's.

        A name stands for what it means. Raises:
            Unsure: it may mean several things, or none.
            BadRequest: a value is missing or unusable, or of no parameter.
        """
        values = {name: value for name, value in given.items() if name not in ("page", "per_page")}
        try:
            values = meant(query, values, site.graph.release.search, site.ontology, site.terms)
            bindings = query.bind(values, site.terms)
        except Unclear as error:
            raise Unsure(error) from error
        except ParameterError as error:
            raise BadRequest(str(error)) from error
        size = whole("per_page", given, 1) if "per_page" in given else None
        return cls(query, bindings, values, whole("page", given, 1), size)

    @property
    def paged(self) -> bool:
        """Whether a stretch can be cut out: a query with a LIMIT of its own is answered whole."""
        return self.size is not None and not _LIMITED.search(self.query.text.rstrip())

    def answer(self, site: Site, media_type: str) -> Answer:
        """The rows, complete, in a media type."""
        return site.graph.answer(self._query(site)._replace(accept=(media_type,)))

    def table(self, site: Site) -> tuple[list[str], list[dict[str, Term]]]:
        """The columns, and the rows as terms."""
        return table(site.graph, self._query(site))

    def more(self, site: Site) -> bool:
        """Whether rows follow those of this page."""
        return self.paged and bool(table(site.graph, self._query(site, 1, self.size or 0))[1])

    def pages(self, site: Site) -> Iterator[tuple[str, dict[str, str]]]:
        """Relations to other pages, by their registered names (RFC 8288), and their parameters."""
        if not self.paged:
            return
        numbers = {"first": 1}
        if self.number > 1:
            numbers["prev"] = self.number - 1
        if self.more(site):
            numbers["next"] = self.number + 1
        for relation, number in numbers.items():
            yield relation, {**self.given, "page": str(number), "per_page": str(self.size)}

    def _query(self, site: Site, limit: int | None = None, skipped: int = 0) -> Query:
        """The query for this page: `limit` of its rows, from the one after `skipped` on."""
        text = self.query.text
        if self.paged and self.size:
            start = (self.number - 1) * self.size + skipped
            text = f"{text}LIMIT {limit or self.size} OFFSET {start}\n"
        return Query(text=text, bindings=self.bindings, base=site.settings.base, trusted=True)
