"""Which saved queries a finished store answers, and the defaults of their parameters.

A question may run for ever, and one of the project's own may end the process that asks it. So
another process asks, and the next takes its place.
"""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from functools import cache
from multiprocessing.connection import Connection
from pathlib import Path
from time import monotonic

from kg.build.processes import die_with_parent, helpers
from kg.model.iris import Minter
from kg.model.settings import Settings
from kg.model.terms import Terms
from kg.ontology import Ontology
from kg.queries import SavedQuery
from kg.queries.defaults import Known, choosing, values
from kg.store.embedded.build_store import BuildStore

PATIENCE = 5.0  # seconds for one question, the start of the process among them
ALL = 60.0  # seconds for all of them
CANDIDATES = 5  # best known things of a type, which are asked for before all others

Defaults = dict[str, dict[str, str]]


def defaults(
    release: Path,
    settings: Settings,
    ontology: Ontology,
    queries: Sequence[SavedQuery],
    warn: Callable[[str], None],
) -> Defaults:
    """The values of parameters, by query and parameter; a query without an answer is left out.

    Of `release` the store and the search index must be complete.
    """
    terms = Terms(Minter(settings.base), ontology.iris)
    asked = [each for each in queries if set(each.sources) <= set(settings.sources)]
    # Whoever names the sources that answer it need not be asked, unless for a value.
    found: Defaults = {each.name: {} for each in asked if each.sources and not each.parameters}
    known = _known(release / "search.sqlite")
    left = [
        (each, choosing(each, ontology, terms, known)) for each in asked if each.name not in found
    ]
    end = monotonic() + ALL
    while left:
        if monotonic() > end:
            names = ", ".join(query.name for query, _ in left)
            warn(f"queries not offered, as those before them took {ALL:g} s: {names}")
            break
        texts = [each for _, each in left]
        for row in _rows(release / "store", settings.base, ontology.prefixes, texts):
            query, _ = left.pop(0)
            chosen = values(query, row, terms)
            if row and all(query.chosen(chosen).examples.values()):
                found[query.name] = chosen
        if left:
            query, _ = left.pop(0)
            warn(
                f"query {query.name} took more than {PATIENCE:g} s, or ended the engine; a SELECT "
                "under 'defaults' in its header chooses the values of its parameters faster"
            )
    return found


def _known(index: Path) -> Known:
    """The best known things by type: entries are numbered so."""
    known = defaultdict[str, list[str]](list)
    with closing(sqlite3.connect(index)) as database:
        for iri, kind in database.execute("SELECT iri, type FROM entry ORDER BY id"):
            if len(known[kind]) < CANDIDATES:
                known[kind].append(iri)
    return known


def _rows(
    store: Path, base: str, prefixes: Mapping[str, str], texts: Sequence[tuple[str, ...]]
) -> list[dict[str, str]]:
    """The first row for each query, up to the first that gives none in time."""
    context = helpers()
    receiver, sender = context.Pipe(duplex=False)
    process = context.Process(
        target=_ask, args=(store, base, dict(prefixes), texts, sender), daemon=True
    )
    process.start()
    sender.close()
    rows: list[dict[str, str]] = []
    try:
        while len(rows) < len(texts) and receiver.poll(PATIENCE):
            rows.append(receiver.recv())
    except EOFError:
        pass  # the process ended
    finally:
        process.kill()
        process.join()
        receiver.close()
    return rows


def _ask(
    store: Path,
    base: str,
    prefixes: Mapping[str, str],
    texts: Sequence[tuple[str, ...]],
    sender: Connection,
) -> None:
    """In the process: send the first row of the first of its texts that has one, by query."""
    die_with_parent()
    built = BuildStore(store)
    first = cache(lambda text: built.first(text, base, prefixes))  # several choose by one text
    for each in texts:
        sender.send(next(filter(None, map(first, each)), {}))
