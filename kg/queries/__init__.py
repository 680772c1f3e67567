"""Saved queries: a question in plain words, its parameters, and the SPARQL that answers it.

A file `queries/NAME.rq` starts with its header, YAML behind `#+` as grlc has it; a SELECT follows.
A parameter is a variable of the same name which the query projects, so that the engine can fix it
before the query runs; no value is ever written into the text by formatting.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from rdflib.namespace import XSD

from kg.model.errors import ChanceryError, DataError, Problem
from kg.model.facts import Date
from kg.model.iris import Minter, is_absolute, parse_ref
from kg.model.rdf import Iri, Literal, Term, text_of
from kg.model.terms import Terms

_NAME = re.compile(r"[a-z][a-z0-9-]*\Z")
_VARIABLE = re.compile(r"[a-z][a-z0-9_]*\Z")
_SELECT = re.compile(r"\bSELECT\b(?P<projection>[^{]*?)\bWHERE\s*\{", re.IGNORECASE)
_HEAD = ("title", "question", "group", "parameters", "sources")
_PARAMETER = ("name", "type", "label", "default", "example")


class ParameterError(ChanceryError):
    """A value given for a parameter cannot be used, or a parameter has none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """One thing to choose before a query runs.

    `type` is a key of `TYPES`. Without a `default` a value must be given; `example` is one that
    has an answer in the graph of the seeds.
    """

    name: str
    type: str
    label: str
    default: str = ""
    example: str = ""

    def term(self, value: str, terms: Terms) -> Term:
        """`value` as the term that the query wants.

        Raises:
            ParameterError: it is none.
        """
        try:
            return _READERS[self.type](value.strip(), terms)
        except ValueError:
            allowed = TYPES[self.type]
            raise ParameterError(f"{self.name}: found {value!r}; allowed: {allowed}") from None


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedQuery:
    """A question of `queries/`, ready to be asked.

    `group` is the heading it stands under in a list. `text` is the SPARQL without its header.
    `sources` are the data sets without which there is little to find.
    """

    name: str
    title: str
    question: str
    group: str
    text: str = field(repr=False)
    parameters: tuple[Parameter, ...] = ()
    sources: tuple[str, ...] = ()

    def bind(self, given: Mapping[str, str], terms: Terms) -> dict[str, Term]:
        """The bindings for `kg.store.Query`, from values as a URL or a form gives them.

        An empty value stands for the default.

        Raises:
            ParameterError: a value is missing, unusable or of no parameter.
        """
        names = [each.name for each in self.parameters]
        for name in given:
            if name not in names:
                allowed = ", ".join(names) or "none: the query has no parameters"
                raise ParameterError(f"{name}: no parameter of {self.name}; allowed: {allowed}")
        values = {
            each: given.get(each.name, "").strip() or each.default for each in self.parameters
        }
        for each, value in values.items():
            if not value:
                allowed = f"{TYPES[each.type]}, for example {each.example}"
                raise ParameterError(f"{each.name}: found no value; allowed: {allowed}")
        return {each.name: each.term(value, terms) for each, value in values.items()}

    def standalone(self, bindings: Mapping[str, Term]) -> str:
        """The query with its values inside (SPARQL 1.1 §10.2, VALUES), to be shown and edited."""
        fixed = "".join(
            f"\n  VALUES ?{name} {{ {text_of(term)} }}" for name, term in bindings.items()
        )
        head = _SELECT.search(self.text)
        at = head.end() if head else 0
        return self.text[:at] + fixed + self.text[at:]


def _iri(value: str, terms: Terms) -> Term:
    return value if is_absolute(value) else terms.minter.entity(parse_ref(value))


def _concept(value: str, terms: Terms) -> Term:
    if value not in terms.iris:
        raise ValueError(value)
    return terms.iris[value]


def _date(value: str, _: Terms) -> Term:
    if Date(value).precision != "day":
        raise ValueError(value)
    return Literal(value, str(XSD.date))


def _integer(value: str, _: Terms) -> Term:
    return Literal(str(int(value)), str(XSD.integer))


def _string(value: str, _: Terms) -> Term:
    return Literal(value)


TYPES: Mapping[str, str] = {
    "iri": "TYPE/SLUG as in person/john-kerry, or an absolute IRI",
    "concept": "a concept of the ontology, as in Planned",
    "date": "a date that exists, as YYYY-MM-DD",
    "integer": "a whole number",
    "string": "text",
}
_READERS = {
    "iri": _iri,
    "concept": _concept,
    "date": _date,
    "integer": _integer,
    "string": _string,
}


def load_queries(folder: Path, iris: Mapping[str, Iri]) -> tuple[SavedQuery, ...]:
    """Every query of `folder`, sorted by name; `iris` are those of concepts by their names.

    Raises:
        DataError: with every fault of every header.
    """
    problems: list[Problem] = []
    read = [_read(path, iris, problems) for path in sorted(folder.glob("*.rq"))]
    if problems:
        raise DataError(problems)
    return tuple(each for each in read if each is not None)


def read_query(path: Path, iris: Mapping[str, Iri]) -> SavedQuery:
    """The query of one file.

    Raises:
        DataError: with every fault of its header.
    """
    problems: list[Problem] = []
    query = _read(path, iris, problems)
    if query is None:
        raise DataError(problems)
    return query


def _read(path: Path, iris: Mapping[str, Iri], problems: list[Problem]) -> SavedQuery | None:
    """Read one file; what is wrong with it goes to `problems`."""
    header = _Header(path, iris)
    query = header.read()
    problems += header.problems
    return None if header.problems else query


class _Header:
    """Reads one file and remembers each fault with its line."""

    def __init__(self, path: Path, iris: Mapping[str, Iri]) -> None:
        # A byte that is no UTF-8 becomes U+FFFD, which `read` refuses.
        lines = path.read_text("utf-8", "replace").splitlines(keepends=True)
        end = next((i for i, line in enumerate(lines) if not line.startswith("#+")), len(lines))
        self.path = path
        self.terms = Terms(Minter("http://localhost/"), iris)
        self.lines = [line[2:] for line in lines[:end]]
        self.text = "".join(lines[end:]).strip() + "\n"
        self.problems: list[Problem] = []

    def fault(self, name: str, found: str, allowed: str, line: int = 0) -> None:
        near = (i for i, text in enumerate(self.lines, 1) if name and name in text)
        self.problems.append(Problem(self.path.name, line or next(near, 1), name, found, allowed))

    def read(self) -> SavedQuery | None:
        if "\ufffd" in "".join([*self.lines, self.text]):
            self.fault("", "a byte that is not UTF-8", "UTF-8")
        head = self._yaml()
        select = _SELECT.search(self.text)
        if not select:
            self.fault("", "no SELECT … WHERE { below the header", "a SELECT query")
        if not _NAME.match(self.path.stem):
            self.fault("", f"the file name {self.path.stem!r}", "letters, digits and hyphens")
        if not isinstance(head, dict):
            self.fault("", "no header", "lines of '#+' with title, question and group")
            return None
        self._keys(head, _HEAD)
        for key in _HEAD[:3]:
            if not isinstance(head.get(key), str):
                self.fault(key, repr(head.get(key)), "a line of text")
        projected = select["projection"].split() if select else []
        parameters = tuple(self._parameters(head.get("parameters", []), projected))
        sources = head.get("sources", [])
        if not isinstance(sources, list) or not all(isinstance(each, str) for each in sources):
            self.fault("sources", repr(sources), "a list of data sets, as in [travels, visits]")
        if self.problems:
            return None
        known = {key: head[key] for key in _HEAD[:3]}
        return SavedQuery(
            name=self.path.stem,
            text=self.text,
            parameters=parameters,
            sources=tuple(sources),
            **known,
        )

    def _yaml(self) -> Any:
        try:
            return yaml.safe_load("".join(self.lines))
        except yaml.YAMLError as error:
            mark = getattr(error, "problem_mark", None)
            found = str(getattr(error, "problem", error))
            self.fault("", found, "YAML behind '#+'", mark.line + 1 if mark else 1)
            return None

    def _keys(self, found: Mapping[str, Any], allowed: tuple[str, ...]) -> None:
        for key in found:
            if key not in allowed:
                self.fault(str(key), f"the key {key!r}", ", ".join(allowed))

    def _parameters(self, given: Any, projected: list[str]) -> Iterator[Parameter]:
        if not isinstance(given, list) or not all(isinstance(each, dict) for each in given):
            self.fault("parameters", repr(given), "a list of mappings")
            return
        for each in given:
            self._keys(each, _PARAMETER)
            values = {key: str(each[key]) for key in _PARAMETER if key in each}
            name = values.setdefault("name", "")
            if not _VARIABLE.match(name):
                self.fault("name", repr(name), "the name of a variable, in lower case")
            elif f"?{name}" not in projected:
                self.fault(name, f"?{name} not among the columns", "a variable that SELECT names")
            if values.setdefault("type", "") not in TYPES:
                self.fault(name, f"the type {values['type']!r}", ", ".join(TYPES))
            if not values.setdefault("label", "") or not {"default", "example"} & set(values):
                self.fault(name, ", ".join(each), "a label, and a default or an example")
            values.setdefault("example", values.get("default", ""))
            parameter = Parameter(**values)
            for value in {parameter.default, parameter.example} - {""}:
                self._try(parameter, value)
            yield parameter

    def _try(self, parameter: Parameter, value: str) -> None:
        """A default or an example must be a value that a user could give."""
        try:
            if parameter.type in TYPES:
                parameter.term(value, self.terms)
        except ParameterError:
            self.fault(parameter.name, repr(value), TYPES[parameter.type])
