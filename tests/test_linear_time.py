"""Whatever a client sends takes time that is linear in its length, and a bounded one.

Patterns are found in the rooms that meet clients' bytes, so a new one is tried without being named
here.
"""

from __future__ import annotations

import ast
import re
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from io import BytesIO
from itertools import product
from pathlib import Path
from urllib.parse import quote

import pytest
from flask import Flask, url_for
from werkzeug.routing import Rule
from werkzeug.test import create_environ, run_wsgi_app

from kg.model.errors import ChanceryError
from kg.model.iris import Minter, is_absolute, is_iri, is_ref, slugify
from kg.model.settings import Settings
from kg.model.terms import Terms
from kg.queries.parameters import TYPES, Parameter
from kg.store import QueryError, QuerySyntax, diagnosis, fulltext, locate, preflight
from kg.store.search import fold
from kg.store.search.reading import read
from tests.diplomacy import PREFIXES
from tests.linear.growth import is_linear, seconds
from tests.linear.patterns import Found, patterns, slow
from web.site import compression, etags, negotiation, problems, short
from web.site.period import Period
from web.site.values import date

ROOT = Path(__file__).parent.parent
SETTINGS = Settings.load(ROOT)
ENDLESS = replace(SETTINGS, query_operators=10**9, query_depth=10**9)
ROOMS = (
    *ROOT.glob("web/**/*.py"),
    *ROOT.glob("kg/store/**/*.py"),
    *ROOT.glob("kg/model/*.py"),
    ROOT / "kg/queries/parameters.py",
)
PATTERNS = {each.place: each for each in patterns(ROOT, sorted(ROOMS))}


@pytest.mark.parametrize("place", PATTERNS)
def test_patterns(place: str) -> None:
    """No regular expression takes more than linear time over what it reads, again and again."""
    assert not list(slow(PATTERNS[place]))


# What 0.2.0 had, each of which held the whole server for seconds (32 KB and less).
SCREEN = r"""
      (?P<skip> \#[^\r\n]* | <[^<>"{}|^`\\\x00-\x20]*>
        | \"{3}(?:[^"\\]|\\.|"(?!""))*\"{3} | '{3}(?:[^'\\]|\\.|'(?!''))*'{3}
        | "(?:[^"\\\r\n]|\\.)*" | '(?:[^'\\\r\n]|\\.)*'
        | [?$]\w+ | @[A-Za-z0-9-]+ | [\w.-]*:(?:[\w.:%-]|\\.)* )
    | (?P<word> [A-Za-z]\w* ) | (?P<open> [{(\[] ) | (?P<close> [})\]] )
    | (?P<chain> [!+\-*/|^&=<>,;.] )
"""


@pytest.mark.parametrize(
    ("pattern", "flags", "method"),
    [
        (SCREEN, re.VERBOSE | re.DOTALL, "finditer"),
        (r'(?:[^,"]|"(?:[^"\\]|\\.)*")+', 0, "findall"),
        (r"\s*([a-zA-Z*][\w-]*)\s*(?:;\s*[qQ]=(0(?:\.\d{0,3})?))?\s*\Z", 0, "match"),
        (r"\bPREFIX\s+([A-Za-z][\w.-]*)?\s*:", re.IGNORECASE, "findall"),
        (r"(a|a)*b", 0, "match"),
        (r"[a-z]+\.$", 0, "search"),
    ],
)
def test_patterns_that_are_slow_are_found(pattern: str, flags: int, method: str) -> None:
    """The detector finds those that once were slow, and exponential time as well."""
    assert list(slow(Found("here", re.compile(pattern, flags), (method,))))


def _refusable(call: Callable[[str], object]) -> Callable[[str], object]:
    def called(text: str) -> object:
        try:
            return call(text)
        except (ValueError, ChanceryError, QueryError) as error:
            return error

    return called


TERMS = Terms(Minter(SETTINGS.base), {})
OFFERED = ("text/csv", "text/turtle", "application/json")
KNOWN = etags.of_content(b"")
FUNCTIONS: dict[str, Callable[[str], object]] = {
    "preflight.check": lambda text: preflight.check(text, SETTINGS),
    "preflight.check without limits": lambda text: preflight.check(text, ENDLESS),
    "preflight.decode": lambda text: preflight.decode(text.encode(), 10**6),
    "preflight.unescaped": preflight.unescaped,
    "diagnosis.explain": lambda text: diagnosis.explain(QuerySyntax("", 1, 9), text, PREFIXES),
    "diagnosis.explain a prefix": lambda text: diagnosis.explain(
        QuerySyntax("Prefix not found", 1, len(text)), text, PREFIXES
    ),
    "locate.fault": locate.fault,
    "search.fold": fold,
    "search.read": read,
    "fulltext.written_out": lambda text: fulltext.written_out(text, PREFIXES, Path("/none")),
    "fulltext.written_out a pattern": lambda text: fulltext.written_out(
        f'SELECT * {{ ?s a ?b ; text:query ("{text}" 3) }} {text} text:query {text}',
        PREFIXES,
        Path("/none"),
    ),
    "iris.is_iri": is_iri,
    "iris.is_absolute": is_absolute,
    "iris.is_ref": is_ref,
    "iris.slugify": slugify,
    "negotiation.ranked": lambda text: negotiation.ranked(text, OFFERED),
    "compression.choose": lambda text: compression.choose(text, "text/csv", 10**4),
    "etags.held": lambda text: etags.held(text, KNOWN),
    "etags.matches": lambda text: etags.matches(text, etags.tag(KNOWN)),
    "problems.body": lambda text: problems.ProblemDetails.of("busy", "x").body("http://a/", text),
    "short.decode": short.decode,
    "short.encode": short.encode,
    "values.date": date,
    "period.parse": Period.parse,
    **{
        f"a parameter of type {kind}": lambda text, kind=kind: (  # type: ignore[misc]
            Parameter(name="x", type=kind, label="x").term(text, TERMS)
        )
        for kind in TYPES
    },
}
LEADS = ("", '"', "SELECT * {", "PREFIX ", "http://a/", "a/b;", 'W/"', "place/")
UNITS = (
    *"1.\"' \\,;%()-:<[{#@aé=&/\n\t_?",
    "1-", "a.", '"\\', "'\\", '\\"', '"""\\', "''", "a b ", "PREFIX ", "PREFIX a:", "a:", "?a ",
    "%41", "\\u0041", "a/b,", "a;q=1,", '"a",', 'W/"', "<a", "{a", "a-", "·a", "a·", "1.e", "\r",
    "e1", "9e9", "ﷺ", "e\u0301", "zstd,", "a=b;", "//", "../", "http://",
)  # fmt: skip
LONGEST = 0.5  # seconds for 64 KB, the longest request line


@pytest.mark.parametrize("name", FUNCTIONS)
def test_functions(name: str) -> None:
    """What reads a client's words is linear over whatever they repeat, and takes no half second."""
    call = _refusable(FUNCTIONS[name])
    call("")  # what it imports or compiles when it is first needed
    for lead, unit in product(LEADS, UNITS):
        assert is_linear(call, unit, lead), (lead, unit)
    for unit in UNITS:
        assert seconds(call, unit * (65_536 // len(unit)), 3, LONGEST) < LONGEST, unit


def _named(tree: ast.AST) -> Iterator[str]:
    """The parameters that a module reads by name: `given.get("page")`, `request.args["iri"]`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and getattr(node.func, "attr", "") in ("get", "read"):
            yield from (each.value for each in node.args[:1] if isinstance(each, ast.Constant))
        elif isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant):
            yield node.slice.value
        elif isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("whole", "_json"):
            yield from (each.value for each in node.args[:1] if isinstance(each, ast.Constant))


def _parameters() -> list[str]:
    texts = (path.read_text("utf-8") for path in ROOT.glob("web/**/*.py"))
    found = {name for text in texts for name in _named(ast.parse(text)) if isinstance(name, str)}
    return sorted(name for name in found if re.fullmatch("[a-z][a-z_-]*", name))


# Together, but for those that might end a request before others are read.
HEADERS = (
    ("Accept", "Accept-Encoding", "Accept-Language", "If-None-Match", "If-Modified-Since", "Range",
     "If-Range", "Cookie", "Authorization", "Cache-Control", "Forwarded", "X-Forwarded-For",
     "Origin", "Content-Encoding"),
    ("Host",), ("Content-Type",), ("If-Match", "If-Unmodified-Since"),
)  # fmt: skip
HOSTILE = (*"1.\"' \\,;%(-:=/é", '"\\', "a/b,", "a;q=1,", 'W/"",', "1-2,")
ANSWERED = 0.5  # seconds, the page itself included
FORM = "application/x-www-form-urlencoded"


def _routes(app: Flask) -> list[str]:
    """An address of each rule that answers GET, with something in each of its parts."""
    with app.test_request_context():
        return sorted(
            {
                url_for(rule.endpoint, **_filled(rule))
                for rule in app.url_map.iter_rules()
                if "GET" in (rule.methods or ())
            }
        )


def _filled(rule: Rule) -> dict[str, str]:
    """Something in each part of a rule: of a few allowed values the first."""
    few = re.findall(r'<any\("?([\w.]+).*?\):(\w+)>', rule.rule)
    return {
        **dict.fromkeys(rule.arguments, "1"),
        **{name: value for value, name in few},
        **(rule.defaults or {}),
    }


def _sent(app: Flask) -> Iterator[dict[str, str | bytes]]:
    """64 KB of each parameter, of each path and of each form, as WSGI puts them (PEP 3333)."""
    routes, names = _routes(app), _parameters()
    assert {"query", "q", "page", "iri", "queries", "extend", "prefix", "facet"} <= set(names)
    for path, name in product(("/search", "/sparql", "/reconcile"), names):
        yield {"PATH_INFO": path, "QUERY_STRING": f"{name}={'1' * 65_000}"}
    for path, unit in product(routes, HOSTILE):
        text = unit.encode().decode("latin-1") * (65_000 // len(unit))
        yield {"PATH_INFO": path + text}
        yield {"PATH_INFO": path, "QUERY_STRING": f"x={quote(text)}&{text}"}
    for path, unit, name in product(("/reconcile", "/sparql"), HOSTILE, ("queries", "query", "x")):
        text = unit.encode() * (65_000 // len(unit))
        form = {"PATH_INFO": path, "REQUEST_METHOD": "POST"}
        yield {**form, "CONTENT_TYPE": FORM, "body": f"{name}={quote(text)}".encode()}
        yield {**form, "CONTENT_TYPE": "multipart/form-data; boundary=x", "body": text}


@pytest.mark.parametrize("names", HEADERS, ids=" ".join)
def test_header_fields(app: Flask, names: tuple[str, ...]) -> None:
    """16 KB of any field, whatever it repeats, delays the answer of no route by half a second."""
    keys = [f"HTTP_{name.upper().replace('-', '_')}" for name in names]
    for path, unit in product(_routes(app), HOSTILE):
        text = unit.encode().decode("latin-1") * (16_000 // len(unit))
        value = text.strip() or f"a{text}a"
        _answered(app, {"PATH_INFO": path, **dict.fromkeys(keys, value)})


def test_parameters(app: Flask) -> None:
    """64 KB of a parameter, of a path or of a form are answered, or refused, as quickly."""
    for request in _sent(app):
        _answered(app, request)


def _answered(app: Flask, request: dict[str, str | bytes]) -> None:
    body = bytes(request.pop("body", b""))  # type: ignore[arg-type]
    environ = {**create_environ("/", data=body), **request}
    environ["CONTENT_TYPE"] = request.get("HTTP_CONTENT_TYPE", environ.get("CONTENT_TYPE", ""))
    told = {key: value[:60] for key, value in request.items()}
    for last in (False, True):  # the first one may be a page's first, whose template is compiled
        start = time.thread_time()
        _, status, _ = run_wsgi_app(app, {**environ, "wsgi.input": BytesIO(body)}, buffered=True)
        if time.thread_time() - start < ANSWERED:
            break
        assert not last, told
    assert not status.startswith("5"), (told, status)
