"""`EmbeddedGraph`: a release that this process holds, queried by Oxigraph.

A query cannot be stopped here, and may end the process: a server runs it in one that it can lose.
"""

from __future__ import annotations

import re
import time
from collections.abc import Mapping
from contextlib import suppress
from mmap import mmap
from types import MappingProxyType
from typing import IO, Any, cast

from pyoxigraph import (
    NamedNode,
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    QueryTriples,
    RdfFormat,
    Store,
    Variable,
)

from kg.model.formats import BY_EXTENSION, GRAPH_TYPES, RESULT_TYPES
from kg.model.namespaces import TEXT
from kg.model.settings import Settings
from kg.store import fulltext, locate, ordering, preflight, rewrite, scopes
from kg.store.embedded.opening import read_store
from kg.store.embedded.output import Output, well_formed
from kg.store.errors import (
    EngineFailed,
    NotAvailableAs,
    QueryError,
    QuerySyntax,
    UnknownFunction,
)
from kg.store.query import Answer, Query
from kg.store.release import Release
from kg.store.renamed import Renamed
from kg.store.serialise import oxigraph, without_idle, write_graph

_POSITION = re.compile(r"error at (\d+):(\d+): (.*)", re.DOTALL)
_NO_XML = "It holds a character or a name that XML cannot."
_CUSTOM = re.compile(r"custom (?:aggregate )?function (<[^>]*>) is not supported")
# The engine lists all that its grammar would have taken; the sentences in it are its checks'.
_SAYING = re.compile(
    r"(?:^|, |expected |of )((?:Prefix|The|An?|IRI|This|Invalid|Blank|Variable)\b[^\[\]\"]*?)"
    r"(?=, |$)"
)
_WITH_PREFIXES = (BY_EXTENSION["ttl"].media_type, BY_EXTENSION["trig"].media_type)
Results = QuerySolutions | QueryBoolean | QueryTriples
_OF_ROWS: Mapping[str, Any] = {
    each: QueryResultsFormat.from_media_type(each) for each in RESULT_TYPES
}
_OF_GRAPHS: Mapping[str, Any] = {each: RdfFormat.from_media_type(each) for each in GRAPH_TYPES}


class EmbeddedGraph:
    """Answers queries of `release` from `store`; `prefixes` are predeclared in each, and `former`
    names of terms stand for those of today.

    The store may be set later: an app is made once, and each process that is forked with it opens
    a release on disk for itself.
    """

    def __init__(
        self,
        release: Release,
        settings: Settings,
        prefixes: Mapping[str, str],
        store: Store | None = None,
        former: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        self.release = release
        self.store = store
        self._settings = settings
        self._prefixes = prefixes
        self._names = tuple(prefixes)
        self._renamed = Renamed(former, prefixes)

    def open(self) -> None:
        """Have a store, in the process that is to answer: the release's own, where none was given.

        Raises:
            ChanceryError: it cannot be read.
        """
        if self.store is None:
            self.store = read_store(self.release)

    def answer(self, query: Query) -> Answer:
        """See `Graph.answer`; the limits of time and memory are the process's."""
        start = time.perf_counter()
        text = query.text
        if query.trusted and "from" not in text.lower():
            union = True
        else:
            seen = query.seen or preflight.check(text, self._settings)
            union = not seen.own_dataset
        try:
            results = self._results(query, union=union)
            media_type, content = self._written(results, query)
        except SyntaxError as error:
            raise _syntax(str(error), text) from None
        except OSError as error:  # as where the query asks for a network, which there is none of
            raise EngineFailed(str(error)) from None
        except (ValueError, RuntimeError) as error:
            raise _failed(str(error)) from None
        return Answer(
            content=content,
            media_type=media_type,
            seconds=time.perf_counter() - start,
            release=self.release.id,
        )

    def _results(self, query: Query, *, union: bool) -> Results:
        if self.store is None:
            raise RuntimeError("the store is not open yet")
        options = _dataset(query, union=union)
        if query.bindings:
            options["substitutions"] = {
                Variable(name): oxigraph(term) for name, term in query.bindings.items()
            }
        text = self._renamed.apply(query.text)
        prefixes = self._mentioned(text)
        if fulltext.mentioned(text):
            return self._searched(self.store, query._replace(text=text), prefixes, options)
        turned = rewrite.from_ends(text if query.trusted else ordering.by_type(text))
        if turned != text:
            with suppress(SyntaxError):  # told of the text that was sent
                return self.store.query(turned, base_iri=query.base, prefixes=prefixes, **options)
        return self.store.query(text, base_iri=query.base, prefixes=prefixes, **options)

    def _searched(
        self, store: Store, query: Query, prefixes: dict[str, str], options: dict[str, Any]
    ) -> Results:
        """The results of a query with patterns of full text, which the engine does not know."""
        text = query.text
        written = fulltext.written_out(text, self._prefixes, self.release.search)
        known = {**prefixes, "text": TEXT}
        try:
            return store.query(written, base_iri=query.base, prefixes=known, **options)
        except SyntaxError:
            # Told of the text that was sent, in which such a pattern is a triple like others.
            store.query(text, base_iri=query.base, prefixes=known, **options)
            raise

    def _mentioned(self, text: str) -> dict[str, str]:
        """The engine parses each prefix for each query, which takes longer than a small one."""
        for part in text.split(":"):
            if part.endswith(self._names):
                return {name: iri for name, iri in self._prefixes.items() if f"{name}:" in text}
        return {}

    def _written(self, results: Results, query: Query) -> tuple[str, bytes | mmap]:
        """The media type and the bytes of the answer."""
        formats = _OF_GRAPHS if isinstance(results, QueryTriples) else _OF_ROWS
        for media_type in query.accept:
            if media_type in formats:
                break
        else:
            raise NotAvailableAs(tuple(formats))
        with Output(self._settings.result_size) as output:
            sink = cast("IO[bytes]", output)  # of which the engine needs what it has
            if isinstance(results, QueryTriples):
                write_graph(results, media_type, sink, query.text, self._prefixes)
            else:
                results.serialize(sink, formats[media_type])
            content = output.content()
        if media_type in _WITH_PREFIXES and isinstance(content, bytes):
            content = without_idle(content)
        if "xml" in media_type and not well_formed(content):
            raise NotAvailableAs(tuple(each for each in formats if "xml" not in each), _NO_XML)
        return media_type, content


def _dataset(query: Query, *, union: bool) -> dict[str, Any]:
    """SPARQL 1.1 Protocol §2.1.4: graphs named in the request make up the whole dataset."""
    default, named = query.default_graphs, query.named_graphs
    if default is None and named is None:
        # Oxigraph ignores FROM where it is told to take the union.
        return {"use_default_graph_as_union": union}
    return {
        "default_graph": [NamedNode(each) for each in default or ()],
        "named_graphs": [NamedNode(each) for each in named or ()],
    }


def _syntax(message: str, query: str) -> QuerySyntax:
    position = _POSITION.match(message)
    if not position:
        return QuerySyntax(message)
    place = int(position[1]), int(position[2])
    if found := scopes.strange(query):
        return QuerySyntax(found[0], *preflight.position(query, found[1]))
    said = _SAYING.search(position[3])
    fault = None if said else locate.fault(query)
    if fault is None and (found := scopes.twice(query)):
        return QuerySyntax(found[0], *preflight.position(query, found[1]))
    if said:
        return QuerySyntax(said[1].strip(), *place)
    unseen = fault is None and len(query) <= locate.LONGEST
    return QuerySyntax(scopes.BEYOND if unseen else "", *(fault or place))


def _failed(message: str) -> QueryError:
    unknown = _CUSTOM.search(message)
    if unknown:
        return UnknownFunction(f"There is no function {unknown[1]} here.")
    return EngineFailed(message)
