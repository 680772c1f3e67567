"""What a worker does: answer one message after another over its socket, until it closes.

Answers to queries are written by Oxigraph straight into a file in memory, so that no result passes
through Python objects; a small one is then sent as bytes, a large one as the file itself.
"""

from __future__ import annotations

import errno
import os
import re
import signal
import socket
import time
from collections.abc import Callable, Mapping
from mmap import PROT_READ, mmap
from typing import Any

from pyoxigraph import (
    Literal,
    NamedNode,
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    QueryTriples,
    RdfFormat,
    Store,
    Variable,
)

from kg.model.formats import GRAPH_TYPES, RESULT_TYPES
from kg.store import locate
from kg.store.embedded.messages import Message, receive, send

_INLINE = 1 << 17  # bytes; larger answers are cheaper to hand over than to copy
_PART = 1 << 20  # bytes looked at in one go
_GRACE = 2.0  # seconds after the deadline, by which the server has ended this process itself
_POSITION = re.compile(r"error at (\d+):(\d+): (.*)", re.DOTALL)
_NO_XML = "It holds a character or a name that XML cannot."
_CUSTOM = re.compile(r"custom (?:aggregate )?function (<.*>) is not supported")
# The engine lists all that its grammar would have taken; the sentences in it are its checks'.
_SAYING = re.compile(
    r"(?:^|, |expected |of )((?:Prefix|The|An?|IRI|This|Invalid|Blank|Variable)\b[^\[\]\"]*?)"
    r"(?=, |$)"
)
# What Oxigraph writes into XML all the same: characters that XML 1.0 §2.2 has not, and a predicate
# without a local name, which RDF/XML cannot tell (RDF 1.1 XML Syntax §2.4).
_CONTROLS = bytes({*range(0x20)} - {0x09, 0x0A, 0x0D})
_ILL_FORMED = ("\ufffe".encode(), "\uffff".encode(), b"<oxprefix: ")
Results = QuerySolutions | QueryBoolean | QueryTriples


def serve(channel: socket.socket, respond: Callable[[Message], Message]) -> None:
    """Answer what comes over `channel`."""
    while (request := receive(channel)) is not None:
        # SIGALRM's default action ends the process even while Oxigraph is at work.
        signal.setitimer(signal.ITIMER_REAL, request.fields["timeout"] + _GRACE)
        reply = respond(request)
        signal.setitimer(signal.ITIMER_REAL, 0)
        send(channel, reply)
        if reply.descriptor is not None:
            os.close(reply.descriptor)


def packed(fields: dict[str, Any], body: bytes) -> Message:
    """A reply with `body`: as bytes, or where that is cheaper as a file in memory."""
    if len(body) <= _INLINE:
        return Message(fields, body)
    descriptor = _new_spool()
    with open(descriptor, "wb", closefd=False) as output:
        output.write(body)
    return Message(fields, descriptor=descriptor)


class Evaluator:
    """Answers queries of `store`, one at a time.

    `spooled` is false where this process may open no file, and then answers stay in memory.
    """

    def __init__(self, store: Store, prefixes: Mapping[str, str], *, spooled: bool) -> None:
        self._store = store
        self._prefixes = prefixes
        self._spool = _new_spool() if spooled else None

    def evaluate(self, request: Message) -> Message:
        """The reply to `request`. A file in it is for who takes the reply to close."""
        start = time.perf_counter()
        reply = evaluate(self._store, request, self._prefixes, self._spool)
        reply.fields["seconds"] = time.perf_counter() - start
        if reply.descriptor is not None:
            self._spool = _new_spool()
        return reply


def evaluate(
    store: Store, request: Message, prefixes: Mapping[str, str], spool: int | None = None
) -> Message:
    """The reply to one request; its result goes through the file `spool`, where that is given."""
    fields = request.fields
    text = request.body.decode()
    try:
        results = store.query(
            text,
            base_iri=fields["base"],
            prefixes=_mentioned(prefixes, text),
            substitutions={Variable(name): _term(term) for name, term in fields["bindings"]},
            **_dataset(fields),
        )
        available = GRAPH_TYPES if isinstance(results, QueryTriples) else RESULT_TYPES
        media_type = next((each for each in fields["accept"] if each in available), None)
        if media_type is None:
            return Message({"error": "not-acceptable", "available": available})
        return _write(results, media_type, spool)
    except SyntaxError as error:
        return Message(_syntax(str(error), text))
    except OSError as error:
        return Message(_os_error(error))
    except (ValueError, RuntimeError) as error:
        unknown = _CUSTOM.search(str(error))
        if unknown:
            return Message({"error": "unknown-function", "detail": unknown[1]})
        return Message({"error": "engine-failed", "detail": str(error)})


def _mentioned(prefixes: Mapping[str, str], text: str) -> dict[str, str]:
    """The engine parses each prefix again for each query, which takes longer than a small one."""
    return {name: namespace for name, namespace in prefixes.items() if f"{name}:" in text}


def _write(results: Results, media_type: str, spool: int | None) -> Message:
    output = None if spool is None else f"/dev/fd/{spool}"
    if isinstance(results, QueryTriples):
        content = results.serialize(output, RdfFormat.from_media_type(media_type))
    else:
        content = results.serialize(output, QueryResultsFormat.from_media_type(media_type))
    reply = _spooled(media_type, content, spool)
    if "xml" in media_type and not _is_xml(reply):
        available = GRAPH_TYPES if isinstance(results, QueryTriples) else RESULT_TYPES
        others = [each for each in available if "xml" not in each]
        return Message({"error": "not-acceptable", "available": others, "reason": _NO_XML})
    return reply


def _spooled(media_type: str, content: bytes | None, spool: int | None) -> Message:
    fields = {"media_type": media_type}
    if spool is None:
        return Message(fields, content or b"")
    size = os.fstat(spool).st_size
    if size > _INLINE:
        return Message(fields, descriptor=spool)
    return Message(fields, os.pread(spool, size, 0))


def _is_xml(reply: Message) -> bool:
    """Whether an XML parser would take the answer. Regular expressions take four times as long."""
    if reply.descriptor is None:
        return _well_formed(reply.body)
    with mmap(reply.descriptor, 0, prot=PROT_READ) as content:
        return _well_formed(content)


def _well_formed(content: bytes | mmap) -> bool:
    if any(content.find(each) >= 0 for each in _ILL_FORMED):
        return False
    parts = (content[start : start + _PART] for start in range(0, len(content), _PART))
    return all(len(part.translate(None, _CONTROLS)) == len(part) for part in parts)


def _dataset(fields: Mapping[str, Any]) -> dict[str, Any]:
    """SPARQL 1.1 Protocol §2.1.4: graphs named in the request make up the whole dataset."""
    default, named = fields["default_graphs"], fields["named_graphs"]
    if default is None and named is None:
        return {"use_default_graph_as_union": fields["union"]}
    return {
        "default_graph": [NamedNode(each) for each in default or ()],
        "named_graphs": [NamedNode(each) for each in named or ()],
    }


def _term(parts: list[str]) -> NamedNode | Literal:
    value, *kind = parts
    if not kind:
        return NamedNode(value)
    datatype, language = kind
    if language:
        return Literal(value, language=language)
    return Literal(value, datatype=NamedNode(datatype))


def _syntax(message: str, query: str) -> dict[str, Any]:
    position = _POSITION.match(message)
    if not position:
        return {"error": "query-syntax", "detail": message, "line": None, "column": None}
    line, column, detail = int(position[1]), int(position[2]), position[3]
    said = _SAYING.search(detail)
    if said:
        detail = said[1].strip()
    else:
        detail = ""
        line, column = locate.fault(query) or (line, column)
    return {"error": "query-syntax", "detail": detail, "line": line, "column": column}


def _os_error(error: OSError) -> dict[str, Any]:
    """The spool is full, or the query tried to reach a network that this process has not.

    Oxigraph's errors carry their number in the text alone.
    """
    if f"(os error {errno.EFBIG})" in str(error):
        return {"error": "result-too-large"}
    return {"error": "engine-failed", "detail": str(error)}


def _new_spool() -> int:
    return os.memfd_create("answer", os.MFD_CLOEXEC)
