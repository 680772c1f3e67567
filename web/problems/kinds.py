"""Every kind of problem that the server answers with: the one place that knows them.

RFC 9457 §3.1.1: `type` is an IRI that should resolve to documentation. Here it is the kind's page.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One kind. `settings` name what governs it; `retry` is the seconds of Retry-After, if any."""

    slug: str
    status: int
    title: str
    meaning: str
    remedy: str
    settings: tuple[str, ...] = ()
    retry: int | None = None

    def iri(self, base: str) -> str:
        """The problem type. A status without a kind of its own has none (RFC 9457 §4.2.1)."""
        return f"{base}problems/{self.slug}" if self.slug else "about:blank"


def _requests() -> Iterable[Kind]:
    """What is wrong with the request itself."""
    yield Kind(
        slug="bad-request",
        status=400,
        title="The request cannot be understood",
        meaning="A parameter is missing, or has a value that it cannot have.",
        remedy="The detail names the parameter, what was found and what is allowed.",
    )
    yield Kind(
        slug="bad-encoding",
        status=400,
        title="The request is not properly encoded",
        meaning="A '%' without two hexadecimal digits, or bytes that are not UTF-8.",
        remedy="Percent-encode the UTF-8 bytes of each parameter; most libraries have a function "
        "for that (JavaScript: encodeURIComponent; Python: urllib.parse.urlencode).",
    )
    yield Kind(
        slug="repeated-parameter",
        status=400,
        title="A parameter is given more than once",
        meaning="'query', 'timeout' and 'format' may be given once; which of several to take "
        "would be a guess (SPARQL 1.1 Protocol §2.1).",
        remedy="Leave one of them. 'default-graph-uri' and 'named-graph-uri' may be repeated.",
    )
    yield Kind(
        slug="two-queries",
        status=400,
        title="The query is given twice",
        meaning="A query stands in the body of the POST and in its URL, too.",
        remedy="Send it in one place.",
    )
    yield Kind(
        slug="no-query",
        status=400,
        title="There is no query",
        meaning="A form was sent to the endpoint without a 'query' in it.",
        remedy="Add the parameter 'query'. The service description is answered to a GET.",
    )
    yield Kind(
        slug="unknown-format",
        status=400,
        title="There is no such format",
        meaning="'format' overrides the Accept header, and names no format that is written here.",
        remedy="Take one of those that the detail lists.",
    )
    yield Kind(
        slug="bad-timeout",
        status=400,
        title="The timeout is no number of seconds",
        meaning="'timeout' is to be a decimal number above 0. It can lower the limit for one "
        "query, and cannot raise it.",
        remedy="Write seconds, such as 'timeout=5' or 'timeout=0.5', or leave it out.",
        settings=("query_timeout",),
    )
    yield Kind(
        slug="bad-graph",
        status=400,
        title="A graph is not named by an absolute IRI",
        meaning="'default-graph-uri' or 'named-graph-uri' has a value that is no absolute IRI.",
        remedy="Write the graph's whole IRI; the service description lists the named graphs.",
    )
    yield Kind(
        slug="method-not-allowed",
        status=405,
        title="Method not allowed",
        meaning="The address is there, but does not take this method.",
        remedy="The header Allow lists the methods that it takes.",
    )
    yield Kind(
        slug="not-acceptable",
        status=406,
        title="The result is not available in that format",
        meaning="The Accept header, or 'format', asks for none of the formats that this answer "
        "has. Rows and graphs have different ones.",
        remedy="Take one of those under 'available', or add '*/*;q=0.1' to the Accept header.",
    )
    yield Kind(
        slug="request-timeout",
        status=408,
        title="The body of the request did not arrive",
        meaning="The headers came, and the whole body did not in time.",
        remedy="Send it in one go; a Content-Length larger than the body has this effect, too.",
        settings=("request_timeout",),
    )
    yield Kind(
        slug="precondition-failed",
        status=412,
        title="The file is no longer the one you know",
        meaning="The header If-Match or If-Unmodified-Since names a version of an earlier release.",
        remedy="Take the list of dumps anew; each release has files and checksums of its own.",
    )
    yield Kind(
        slug="request-too-large",
        status=413,
        title="The body of the request is too large",
        meaning="It has more bytes than are read: four times what a query may have, since a form "
        "can write a byte as three.",
        remedy="Ask in parts; the rows of a long VALUES can be spread over several queries.",
        settings=("query_bytes",),
    )
    yield Kind(
        slug="unsupported-media-type",
        status=415,
        title="The body is of an unknown kind",
        meaning="The endpoint reads a POST as 'application/sparql-query' or as "
        "'application/x-www-form-urlencoded', in UTF-8 and not compressed.",
        remedy="Set the Content-Type to one of the two.",
    )
    yield Kind(
        slug="range-not-satisfiable",
        status=416,
        title="The file has no such range",
        meaning="The header Range asks for bytes past the end of the file.",
        remedy="The header Content-Range tells the file's length.",
    )


def _queries() -> Iterable[Kind]:
    """What is wrong with the query."""
    yield Kind(
        slug="query-syntax",
        status=400,
        title="The query has a syntax error",
        meaning="The text is no SPARQL 1.1 query, or not UTF-8.",
        remedy="'line' and 'column' say where, both counted from 1, and 'excerpt' shows it. The "
        "prefixes of the service are declared already; any other needs its PREFIX line.",
    )
    yield Kind(
        slug="query-too-complex",
        status=400,
        title="The query is too complex",
        meaning="Its brackets nest deeper, or it chains more, than a parser can be trusted with.",
        remedy="Flatten it: VALUES for a long list of alternatives, one group for many.",
        settings=("query_depth", "query_operators"),
    )
    yield Kind(
        slug="unknown-function",
        status=400,
        title="The query calls an unknown function",
        meaning="The function is neither SPARQL's own (§17.4) nor a cast to a type of XML Schema.",
        remedy="Write it with SPARQL's functions, or compute it in your program.",
    )
    yield Kind(
        slug="federation-disabled",
        status=400,
        title="Federated queries are disabled",
        meaning="SERVICE would have this server ask another one, which it never does.",
        remedy="Run the query at an engine of your own, and name this endpoint in its SERVICE.",
    )
    yield Kind(
        slug="read-only",
        status=403,
        title="This endpoint is read-only",
        meaning="The text is a SPARQL update. What is published changes by a new release only.",
        remedy="Ask with SELECT, ASK, CONSTRUCT or DESCRIBE; take a dump to change a copy.",
    )
    yield Kind(
        slug="query-too-long",
        status=413,
        title="The query is too long",
        meaning="Its text has more bytes than are read here.",
        remedy="Ask in parts; the rows of a long VALUES can be spread over several queries.",
        settings=("query_bytes",),
    )
    yield Kind(
        slug="cancelled",
        status=499,
        title="The query was cancelled",
        meaning="The client closed its connection, so the query was ended. It stands in the "
        "server's log alone.",
        remedy="Wait for the answer, or lower the limit with 'timeout'.",
    )


def _limits() -> Iterable[Kind]:
    """What the server could not give."""
    yield Kind(
        slug="result-too-large",
        status=413,
        title="The result is too large",
        meaning="The answer has more bytes than are sent here. It is never cut instead.",
        remedy="Ask for it in parts, with ORDER BY, LIMIT and OFFSET; or take a dump.",
        settings=("result_size",),
    )
    yield Kind(
        slug="client-limit",
        status=429,
        title="Too many queries from your address",
        meaning="One address may run so many queries at once, and has so many seconds of "
        "computing a minute, which come back steadily.",
        remedy="Wait as long as Retry-After says, and ask fewer at once.",
        settings=("client_queries", "client_seconds"),
    )
    yield Kind(
        slug="query-timeout",
        status=503,
        title="The query took too long",
        meaning="It ran up to its deadline and was ended. No part of an answer is sent.",
        remedy="Bind more terms, avoid joins that share no variable, take MINUS for FILTER NOT "
        "EXISTS, and put a LIMIT into a subquery. The same query will not fare better again.",
        settings=("query_timeout",),
    )
    yield Kind(
        slug="memory-limit",
        status=503,
        title="The query needed too much memory",
        meaning="It ran in a process of its own, whose memory has a cap, and met that.",
        remedy="Sort, group or concatenate fewer rows.",
        settings=("query_memory",),
    )
    yield Kind(
        slug="busy",
        status=503,
        title="The server is busy",
        meaning="All query processes are at work, and the queue is full or was too slow.",
        remedy="Wait as long as Retry-After says.",
        settings=("query_processes", "query_queue", "queue_timeout"),
        retry=2,
    )


def _absences() -> Iterable[Kind]:
    """What is not here."""
    yield Kind(
        slug="not-found",
        status=404,
        title="There is nothing at this address",
        meaning="No page, file or service has this address.",
        remedy="Look at the start page, or search.",
    )
    yield Kind(
        slug="not-in-the-graph",
        status=404,
        title="Not in this graph",
        meaning="The address has the form of a thing's, but no statement of the present release "
        "is about it.",
        remedy="'neighbours' lists things of a similar name.",
    )
    yield Kind(
        slug="withdrawn",
        status=410,
        title="Withdrawn",
        meaning="Earlier releases described this; the present one no longer vouches for it.",
        remedy="Take what the answer names in its place, if it names something.",
    )


def _faults() -> Iterable[Kind]:
    """What went wrong on our side."""
    yield Kind(
        slug="engine-failed",
        status=500,
        title="The query could not be run",
        meaning="The process that ran the query ended, or refused, without a reason of its own.",
        remedy="Try once more; if it stays so, send the query to who runs this server.",
    )
    yield Kind(
        slug="internal-error",
        status=500,
        title="Something went wrong here",
        meaning="The fault is the server's, and stands in its log.",
        remedy="Tell who runs this server what you asked, and when.",
    )


KINDS: Mapping[str, Kind] = {
    kind.slug: kind
    for group in (_requests, _queries, _limits, _absences, _faults)
    for kind in group()
}
