"""A saved query: a question in plain words, its parameters, and the SPARQL that answers it.

A parameter is a variable of the same name which the query projects, so that the engine can fix it
before the query runs; no value is ever written into the text by formatting.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from kg.model.rdf import Term, text_of
from kg.model.terms import Terms
from kg.queries.parameters import TYPES, Parameter, ParameterError

NAME = re.compile(r"[a-z][a-z0-9-]*\Z")
VARIABLE = re.compile(r"[a-z][a-z0-9_]*\Z")
SLOT = re.compile(r"\[([a-z][a-z0-9_]*)\]")  # a parameter, in a sentence
SELECT = re.compile(r"\bSELECT\b[^{]*?\bWHERE\s*\{", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedQuery:
    """A question of `queries/`, ready to be asked.

    `sentence` asks it with its parameters in it, `Who was [post] on [date]?`; it may be empty.
    `group` is the heading it stands under in a list. `text` is the SPARQL without its header.
    `sources` are the data sets without which there is little to find. `defaults` is SPARQL, of
    which the first row chooses the parameters of a graph; empty where the query itself does.
    """

    name: str
    title: str
    question: str
    group: str
    sentence: str = ""
    text: str = field(repr=False)
    parameters: tuple[Parameter, ...] = ()
    sources: tuple[str, ...] = ()
    defaults: str = field(default="", repr=False)

    @property
    def examples(self) -> dict[str, str]:
        """A value for each parameter; empty where there is none."""
        return {each.name: each.default or each.example for each in self.parameters}

    def said(self, values: Mapping[str, str]) -> str:
        """The sentence with these values in it; the question, where there is none."""
        return SLOT.sub(lambda slot: values.get(slot[1], "…"), self.sentence) or self.question

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
                example = f", for example {each.example}" if each.example else ""
                allowed = f"{TYPES[each.type]}{example}"
                raise ParameterError(f"{each.name}: found no value; allowed: {allowed}")
        return {each.name: each.term(value, terms) for each, value in values.items()}

    def standalone(self, bindings: Mapping[str, Term]) -> str:
        """The query with its values inside (SPARQL 1.1 §10.2, VALUES), to be shown and edited."""
        return among(self.text, {name: [term] for name, term in bindings.items()})

    def chosen(self, values: Mapping[str, str]) -> SavedQuery:
        """The same query, with these values as defaults of its parameters."""
        parameters = (
            replace(each, default=value, example=value)
            if (value := values.get(each.name, ""))
            else each
            for each in self.parameters
        )
        return replace(self, parameters=tuple(parameters))


def among(text: str, values: Mapping[str, Iterable[Term]]) -> str:
    """A SELECT query of which each variable of `values` has one of these (SPARQL 1.1 §10.2)."""
    fixed = "".join(
        f"\n  VALUES ?{name} {{ {' '.join(map(text_of, terms))} }}"
        for name, terms in values.items()
    )
    head = SELECT.search(text)
    at = head.end() if head else 0
    return text[:at] + fixed + text[at:]
