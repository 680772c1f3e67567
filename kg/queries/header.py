"""Reading one file `queries/NAME.rq`: YAML behind `#+`, and a SELECT below."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from kg.model import limits
from kg.model.errors import Problem
from kg.model.files import Unreadable, read_file
from kg.model.iris import Minter
from kg.model.settings import Settings
from kg.model.terms import Terms
from kg.ontology import Class, Ontology
from kg.queries.parameters import TYPES, Parameter
from kg.queries.saved import NAME, SELECT, SLOT, VARIABLE, SavedQuery
from kg.queries.vocabulary import lacking
from kg.store import Query, QueryError, QuerySyntax
from kg.store.diagnosis import explain
from kg.store.embedded.parse import columns

_HEAD = ("title", "question", "group", "parameters", "sources", "defaults", "sentence")
_TEXTS = ("title", "question", "group")
_PARAMETER = ("name", "type", "class", "label", "default", "example")


class Header:
    """Reads one file and remembers each fault with its line."""

    def __init__(self, path: Path, settings: Settings, ontology: Ontology) -> None:
        self.path = path
        self.problems: list[Problem] = []
        self.lines: list[str] = []
        lines = self._read().splitlines(keepends=True)
        end = next((i for i, line in enumerate(lines) if not line.startswith("#+")), len(lines))
        self.settings, self.ontology = settings, ontology
        self.terms = Terms(Minter(settings.base), ontology.iris)
        self.lines = [line[2:] for line in lines[:end]]
        body = "".join(lines[end:])
        self.text = body.strip() + "\n"
        self.above = end + body[: len(body) - len(body.lstrip())].count("\n")

    def fault(self, name: str, found: str, allowed: str, line: int = 0) -> None:
        near = (i for i, text in enumerate(self.lines, 1) if name and name in text)
        file = f"{self.path.parent.name}/{self.path.name}"
        self.problems.append(Problem(file, line or next(near, 1), name, found, allowed))

    def read(self) -> SavedQuery | None:
        """The query; None where there is a fault."""
        if self.problems:
            return None
        if "\ufffd" in "".join([*self.lines, self.text]):
            self.fault("", "a byte that is not UTF-8", "UTF-8")
        head = self._yaml()
        if not NAME.match(self.path.stem):
            self.fault("", f"the file name {self.path.stem!r}", "letters, digits and hyphens")
        if not SELECT.search(self.text):
            self.fault("", "no SELECT … WHERE { below the header", "a SELECT query")
        if not isinstance(head, dict):
            self.fault("", "no header", "lines of '#+' with title, question and group")
            return None
        self._head(head)
        projected = self._columns(self.text, self.above)
        parameters = tuple(self._parameters(head.get("parameters", []), projected))
        self._sentence(head.get("sentence", ""), [each.name for each in parameters])
        if head.get("defaults") and not self.problems:
            self._defaults(head["defaults"], {each.name for each in parameters})
        if self.problems:
            return None
        return SavedQuery(
            name=self.path.stem,
            text=self.text,
            parameters=parameters,
            sentence=head.get("sentence", ""),
            sources=tuple(head.get("sources", ())),
            defaults=head.get("defaults", ""),
            **{key: head[key] for key in _TEXTS},
        )

    def _head(self, head: Mapping[str, Any]) -> None:
        self._keys(head, _HEAD)
        for key in _TEXTS:
            if not isinstance(head.get(key), str):
                self.fault(key, repr(head.get(key)), "a line of text")
        sources, defaults = head.get("sources", []), head.get("defaults", "")
        if not isinstance(sources, list) or not all(isinstance(each, str) for each in sources):
            self.fault("sources", repr(sources), "a list of data sets, as in [travels, visits]")
        if not isinstance(defaults, str):
            self.fault("defaults", repr(defaults), "a SELECT query of the parameters")

    def _sentence(self, text: Any, names: list[str]) -> None:
        """Each parameter stands in it, once."""
        if not isinstance(text, str):
            self.fault("sentence", repr(text), "a line of text")
        elif text and sorted(SLOT.findall(text)) != sorted(names):
            allowed = " ".join(f"[{name}]" for name in names) or "no parameter"
            self.fault("sentence", repr(text), f"a sentence with each parameter once: {allowed}")

    def _read(self) -> str:
        try:
            # A byte that is no UTF-8 becomes U+FFFD, which `read` refuses.
            return read_file(self.path, limits.SHEET_BYTES).decode("utf-8-sig", "replace")
        except Unreadable as error:
            self.fault("", error.found, error.allowed)
            return ""

    def _yaml(self) -> Any:
        try:
            return yaml.safe_load("".join(self.lines))
        except yaml.YAMLError as error:
            mark = getattr(error, "problem_mark", None)
            found = str(getattr(error, "problem", error))
            self.fault("", found, "YAML behind '#+'", mark.line + 1 if mark else 1)
        except (RecursionError, ValueError) as error:  # brackets past all depth, a day that is none
            self.fault("", f"{error}", "YAML behind '#+'")
        return None

    def _keys(self, found: Mapping[str, Any], allowed: tuple[str, ...]) -> None:
        for key in found:
            if key not in allowed:
                self.fault(str(key), f"the key {key!r}", ", ".join(allowed))

    def _columns(self, text: str, above: int) -> list[str] | None:
        """What the query projects; None where it cannot be read. Its terms must be known."""
        prefixes = self.ontology.prefixes
        try:
            query = Query(text=text, accept=("text/tab-separated-values",), base=self.settings.base)
            found = columns(query, self.settings, prefixes)
        except QuerySyntax as error:
            detail, more = explain(error, text, prefixes)
            place = f"column {more['column']}" if more else ""
            said = detail.partition(": ")[2] if more else detail
            self.fault(place, said.rstrip("."), "SPARQL 1.1", above + more.get("line", 1))
            return None
        except QueryError as error:
            self.fault("", str(error).rstrip("."), "a SELECT query", above + 1)
            return None
        for each in lacking(text, self.ontology, self.settings.base):
            near = f"; did you mean {each.near}?" if each.near else ""
            allowed = f"a term of the project's ontology{near}"
            self.fault(each.written, "a term that the ontology lacks", allowed, above + each.line)
        return found

    def _defaults(self, text: str, names: set[str]) -> None:
        at = next(i for i, line in enumerate(self.lines, 1) if line.strip().startswith("defaults"))
        for each in self._columns(text, at) or ():
            if each not in names:
                self.fault("defaults", f"?{each}", f"parameters: {', '.join(sorted(names))}", at)

    def _parameters(self, given: Any, projected: list[str] | None) -> Iterator[Parameter]:
        if not isinstance(given, list) or not all(isinstance(each, dict) for each in given):
            self.fault("parameters", repr(given), "a list of mappings")
            return
        for each in given:
            self._keys(each, _PARAMETER)
            values = {key: str(each[key]) for key in _PARAMETER if key in each}
            if kind := values.pop("class", ""):
                values = {"type": "iri", **values, "of": self._class(kind)}
            name = values.setdefault("name", "")
            if not VARIABLE.match(name):
                self.fault("name", repr(name), "the name of a variable, in lower case")
            elif projected is not None and name not in projected:
                self.fault(name, f"?{name} not among the columns", "a variable that SELECT names")
            if values.setdefault("type", "") not in TYPES:
                self.fault(name, f"the type {values['type']!r}", ", ".join(TYPES))
            if not values.setdefault("label", ""):
                self.fault(name, ", ".join(each), "a label")
            values.setdefault("example", values.get("default", ""))
            parameter = Parameter(**values)
            for value in {parameter.default, parameter.example} - {""}:
                if parameter.type in TYPES and not parameter.takes(value, self.terms):
                    self.fault(name, repr(value), TYPES[parameter.type])
            yield parameter

    def _class(self, name: str) -> str:
        found = self.ontology.named(name)
        if isinstance(found, Class):
            return found.name
        near = difflib.get_close_matches(name, self.ontology.classes, 1)
        hint = f"; did you mean {near[0]}?" if near else ""
        self.fault(name, f"the class {name!r}", f"a class of the project's ontology{hint}")
        return ""
