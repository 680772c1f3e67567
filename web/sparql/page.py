"""What a person sees at `/sparql`: the query, and what came of it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from kg.model.formats import BY_EXTENSION
from kg.model.settings import Settings
from kg.store import Answer, Query, QueryError
from web.site import problems
from web.site.http import Request
from web.site.problems import ProblemDetails
from web.sparql import protocol
from web.sparql.endpoint import Deadline, Endpoint

TURTLE = BY_EXTENSION["ttl"].media_type
SHOWN = f"{BY_EXTENSION['json'].media_type}, {TURTLE}"  # what the page makes a table or a text of
ROWS = 500  # on the page; the downloads have all
_JOINED = (
    "GROUP_CONCAT joins strings alone: where a value is an IRI, a number or a date, its cell is "
    "empty. Write GROUP_CONCAT(STR(?x))."
)
CHARACTERS = 200_000  # of a graph on the page


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """The first solutions: each cell a term of the SPARQL JSON results, or None."""

    variables: list[str]
    rows: list[list[dict[str, str] | None]]
    total: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Editor:
    """What the template `sparql/editor.html` reads.

    `query` is what was asked; `table`, `boolean` or `graph` (Turtle) what came of it in
    `seconds`, or `problem` why nothing did. `formats` are values of `format=` for downloads.
    """

    query: str
    prefixes: Mapping[str, str]
    table: Table | None = None
    boolean: bool | None = None
    graph: str | None = None
    problem: ProblemDetails | None = None
    seconds: float = 0.0
    formats: tuple[str, ...] = ()

    @property
    def hint(self) -> str:
        """What an empty cell may mean, of a query that joins strings."""
        empty = self.table and any(None in row for row in self.table.rows)
        return _JOINED if empty and "group_concat" in self.query.lower() else ""

    @property
    def status(self) -> int:
        return self.problem.status if self.problem else 200


def run(
    endpoint: Endpoint,
    settings: Settings,
    request: Request,
    text: str,
    deadline: Deadline | None = None,
) -> Editor:
    """Run what `request` asks for; `text` is its query as the sender wrote it."""
    editor = Editor(query=text, prefixes=endpoint.prefixes)
    try:
        query = protocol.read(request._replace(headers={"accept": SHOWN}), settings)
    except protocol.BadRequest as error:
        return replace(editor, problem=error.problem)
    except QueryError as error:
        return replace(editor, problem=problems.of_query(error))
    if not isinstance(query, Query):
        return editor
    try:
        return _show(editor, endpoint.ask(query, deadline))
    except QueryError as error:
        return replace(editor, problem=endpoint.explained(error, query))


def _show(editor: Editor, answer: Answer) -> Editor:
    editor = replace(editor, seconds=answer.seconds, formats=("json", "csv", "tsv", "xml"))
    if answer.media_type == TURTLE:
        graph = answer.content[: 4 * CHARACTERS].decode(errors="replace")[:CHARACTERS]
        return replace(editor, graph=graph, formats=("ttl", "nt", "rdf", "jsonld"))
    document: dict[str, Any] = json.loads(answer.read())
    if "boolean" in document:
        return replace(editor, boolean=document["boolean"])
    variables, solutions = document["head"]["vars"], document["results"]["bindings"]
    table = Table(
        variables=variables,
        rows=[[each.get(name) for name in variables] for each in solutions[:ROWS]],
        total=len(solutions),
    )
    return replace(editor, table=table)
