"""Full text inside SPARQL, in the way of Jena's `text:query`.

`(?s ?score ?literal) text:query (rdfs:label "words" 10)` stands for the triples `?s rdfs:label
?literal` whose literals have the words. It is written out before the engine reads the query: a
subquery of these triples, with the values that the release's index has for them. So it says the
same wherever triples may stand, of every graph and dataset (docs/queries.md).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import count, islice
from operator import itemgetter
from pathlib import Path

from kg.model.namespaces import TEXT, TEXT_QUERY
from kg.model.rdf import Iri, Literal, text_of
from kg.store.errors import QuerySyntax, QueryTooComplex
from kg.store.preflight import position, unescaped
from kg.store.rewrite import edited, lexed
from kg.store.search.literals import literals, properties

HITS, MOST_HITS = 1_000, 10_000  # literals of a pattern that names no limit; and of any
MOST_PATTERNS = 8  # of one query
_SAYS = 'text:query takes words, or (property "words" limit)'
_ESCAPES = {"t": "\t", "n": "\n", "r": "\r", "b": "\b", "f": "\f"}
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)
_FLOAT = "http://www.w3.org/2001/XMLSchema#float"


@dataclass(frozen=True, slots=True)
class Pattern:
    """One pattern: its variables, what it looks for, and the text that it takes the place of."""

    names: tuple[str, ...]
    words: str
    of: Iri
    language: str
    most: int
    cut: tuple[int, int, str]
    at: int


def mentioned(query: str) -> bool:
    """Whether the query may have such a pattern: what is cheap to tell."""
    return "text:query" in query or "jena.apache.org/text" in query


def written_out(query: str, prefixes: Mapping[str, str], index: Path) -> str:
    """`query` with its patterns written out by what the index of the release has.

    Raises:
        QuerySyntax: a pattern is none; with its place.
        QueryTooComplex: there are too many.
    """
    if query != unescaped(query):
        raise QuerySyntax("Beside text:query no character is written by its code point.")
    reader = _Reader(query, prefixes, properties(index))
    patterns = list(islice(reader.patterns(), MOST_PATTERNS + 1))
    if len(patterns) > MOST_PATTERNS:
        raise QueryTooComplex(f"A query has up to {MOST_PATTERNS} patterns of text:query.")
    taken = set(re.findall(r"[?$](\w+)", query))
    free = (name for number in count() if (name := f"text{number}") not in taken)
    edits = [
        edit
        for each in patterns
        for edit in ((each.at, each.at, _group(each, free, index, hidden=reader.all)), each.cut)
    ]
    return edited(query, sorted(edits, key=itemgetter(0)))


def _group(pattern: Pattern, free: Iterator[str], index: Path, *, hidden: bool) -> str:
    """The triples themselves, so that graph and dataset decide over each; what is asked for with *
    has to be hidden in a subquery, which the engine joins less well.
    """
    found = literals(index, pattern.words, pattern.of, pattern.language, pattern.most)
    subject, score, literal, by = (
        f"?{name}" for name in [*pattern.names, *(next(free) for _ in range(4))][:4]
    )
    rows = " ".join(
        f"({text_of(each.subject)} {text_of(each.property)} {text_of(each.literal)} "
        f"{text_of(Literal(str(each.score), _FLOAT))})"
        for each in found
    )
    head = f"SELECT {' '.join(f'?{name}' for name in pattern.names)} WHERE {{ " if hidden else ""
    text = f"VALUES ({subject} {by} {literal} {score}) {{ {rows} }} {subject} {by} {literal}"
    return f"{{ {head}{text} }} {'} ' if hidden else ''}"


class _Reader:
    """Finds the patterns among the tokens of a query (SPARQL 1.1 §19.8)."""

    def __init__(self, query: str, prefixes: Mapping[str, str], known: Sequence[Iri]) -> None:
        self._query = query
        self._tokens, self._kinds = lexed(query)
        self._known = known
        self._made = self._template()
        self._prefixes = {"text": TEXT, **prefixes, **self._declared()}

    @property
    def all(self) -> bool:
        """Whether all variables are asked for somewhere."""
        return re.search(r"W\*(?=[{W])", self._kinds) is not None

    def patterns(self) -> Iterator[Pattern]:
        """Each of them, in the order of the text."""
        end = 0
        for at in (each.start() for each in re.finditer("I", self._kinds)):
            if at >= end and self._iri(at) == TEXT_QUERY:
                if at in self._made and self._made.stop == len(self._tokens):
                    raise self._fault(at, "text:query wants CONSTRUCT { … } WHERE { … }")
                if self._is_verb(at):
                    pattern, end = self._read(at)
                    yield pattern
                elif self._kinds[at - 1 : at] in {*"^/|!"} or self._kinds[at + 1 : at + 2] in {
                    *"/|*+?"
                }:
                    raise self._fault(at, "text:query is part of no path")

    def _read(self, verb: int) -> tuple[Pattern, int]:
        """The pattern around a verb, and the token after it."""
        names, start = self._subject(verb)
        words, of, language, most, end = self._object(verb + 1)
        after = self._kinds[end : end + 1]
        if after == ",":
            raise self._fault(end, "Each text:query is one pattern; write them apart")
        # What stands before or after it of the same subject stays.
        first, last = verb, end
        if self._kinds[verb - 1] == ";":
            first = verb - 1
        elif after == ";" and self._kinds[end + 1 : end + 2] not in {*";.}]", ""}:
            last = end + 1
        else:
            first = start
        if len(names) > 1 and first != start:
            raise self._fault(start, "The list before text:query has no other predicate")
        cut = (self._tokens[first].start(), self._tokens[last - 1].end(), " ")
        return Pattern(names, words, of, language, most, cut, self._tokens[start].start()), end

    def _is_verb(self, at: int) -> bool:
        before, after = self._kinds[at - 1 : at], self._kinds[at + 1 : at + 2]
        return before in {*"V);]IBCS"} and after in {*"S(VIBC["} and at not in self._made

    def _subject(self, verb: int) -> tuple[tuple[str, ...], int]:
        """Its variables, and the token that they begin at."""
        at = verb - 1
        if self._kinds[at] == ";":
            at = self._block(at)
        if self._kinds[at] == ")":
            start = self._kinds.rfind("(", 0, at)
            names = self._kinds[start + 1 : at]
        else:
            start, names = at, self._kinds[at]
        found = [
            self._tokens[each][0][1:] for each in range(start, at + 1) if self._kinds[each] == "V"
        ]
        if not 1 <= len(found) <= 3 or len(found) != len(names) or len({*found}) != len(found):
            raise self._fault(
                start, "Before text:query stand up to three variables: ?s or (?s ?score ?literal)"
            )
        return tuple(found), start

    def _block(self, at: int) -> int:
        """The subject of the triples that a semicolon goes on with."""
        depth = 0
        while at > 0:
            depth += (self._kinds[at] in {*")]"}) - (self._kinds[at] in {*"(["})
            if depth < 0 or (not depth and self._kinds[at - 1] in {*"{}."}):
                break
            at -= 1
        return at

    def _object(self, at: int) -> tuple[str, Iri, str, int, int]:
        """Words, property, language and limit, and the token after them."""
        end = at + 1
        of, most = "", HITS
        if self._kinds[at] == "(":
            end = self._kinds.find(")", at) + 1
            inner = re.fullmatch(r"\((I?)(SS?)(C?)\)", self._kinds[at:end])
            if not inner:
                raise self._fault(at, _SAYS)
            if inner[1]:
                of = self._iri(at + 1)
                if of not in self._known:
                    allowed = ", ".join(map(text_of, self._known))
                    raise self._fault(at + 1, f"text:query knows the words of {allowed}")
            said = at + inner.start(2)
            if inner[3]:
                most = self._limit(end - 2)
        elif self._kinds[at] == "S":
            said = at
            end += self._kinds[end : end + 1] == "S"
        else:
            raise self._fault(at, _SAYS)
        tag = self._tokens[said + 1][0] if self._kinds[said + 1 : said + 2] == "S" else ""
        if self._kinds[end : end + 1] == "^" or (tag and not tag.startswith("@")):
            raise self._fault(said + 1, _SAYS)
        return self._string(said), of, tag[1:].lower(), most, end

    def _limit(self, at: int) -> int:
        text = self._tokens[at][0]
        if not text.isascii() or not text.isdigit() or not 1 <= int(text[:9]) <= MOST_HITS:
            raise self._fault(at, f"The limit of text:query is a whole number up to {MOST_HITS}")
        return int(text)

    def _string(self, at: int) -> str:
        """What a string literal says (§19.7)."""
        text = self._tokens[at][0]
        quotes = 3 if text[:3] in ('"""', "'''") and len(text) >= 6 else 1
        return _ESCAPE.sub(lambda each: _ESCAPES.get(each[1], each[1]), text[quotes:-quotes])

    def _iri(self, at: int) -> Iri:
        text = self._tokens[at][0]
        if text.startswith("<"):
            return text[1:-1]
        prefix, _, local = text.partition(":")
        return self._prefixes.get(prefix, "") + local

    def _declared(self) -> dict[str, Iri]:
        found = {}
        for each in re.finditer("WII", self._kinds):
            word, prefix, iri = (token[0] for token in self._tokens[slice(*each.span())])
            if word.upper() == "PREFIX":
                found[prefix.rstrip(":")] = iri[1:-1]
        return found

    def _template(self) -> range:
        """The tokens of what a CONSTRUCT makes, whose triples are like others (§16.2)."""
        opened = self._kinds.find("{")
        words = [each[0].upper() for each in self._tokens[: max(0, opened)]]
        if "CONSTRUCT" not in words:
            return range(0)
        # Without a template of its own, its pattern is one.
        end = self._kinds.find("}", opened) if words[-1] == "CONSTRUCT" else len(self._tokens)
        return range(opened, end)

    def _fault(self, at: int, said: str) -> QuerySyntax:
        start = self._tokens[at].start() if at < len(self._tokens) else len(self._query)
        return QuerySyntax(f"{said}.", *position(self._query, start))
