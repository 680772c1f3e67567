"""The Turtle files of a vocabulary, and the line on which each term stands."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import rdflib
from rdflib.plugins.parsers.notation3 import BadSyntax
from rdflib.term import Node

from kg.model import limits
from kg.model.errors import DataError, Problem
from kg.model.files import Unreadable, read_file
from kg.model.rdf import Iri


@dataclass(frozen=True, slots=True)
class File:
    """One file as it was read. `name` is its path as a user would write it."""

    path: Path
    name: str
    text: str
    graph: rdflib.Graph

    def line(self, iri: Iri) -> int:
        """The line, counted from 1, on which the description of `iri` begins; 0 without one.

        rdflib keeps no lines, so the term is looked for as the file may write it.
        """
        written = [re.escape(f"<{iri}>")]
        for prefix, namespace in self.graph.namespaces():
            if iri.startswith(namespace):
                local = re.escape(iri.removeprefix(namespace))
                written.append(rf"{re.escape(prefix)}:{local}(?![\w-])")
        term = "|".join(written)
        found = re.search(rf"^\s*(?:{term})", self.text, re.MULTILINE)
        found = found or re.search(term, self.text)
        return self.text.count("\n", 0, found.end()) + 1 if found else 0


@dataclass(frozen=True, slots=True)
class Files:
    """The files of all vocabularies, and their triples as one graph."""

    each: tuple[File, ...]
    graph: rdflib.Graph

    def place(self, term: Node) -> tuple[str, int]:
        """The file and line that describe `term`, the last laid first."""
        file = self.each[self.rank(term)[0]]
        return file.name, file.line(str(term))

    def rank(self, term: Node) -> tuple[int, str]:
        """Orders terms by the file that describes them, in the order in which those were laid."""
        last = range(len(self.each) - 1, -1, -1)
        return next((i for i in last if (term, None, None) in self.each[i].graph), 0), str(term)


def read_files(paths: Iterable[Path]) -> Files:
    """Read Turtle files.

    Raises:
        DataError: with every file that cannot be read, or is not Turtle.
    """
    read, problems = [], []
    for path in paths:
        name = f"{path.parent.name}/{path.name}"
        try:
            text = read_file(path, limits.SHEET_BYTES).decode("utf-8")
            graph = rdflib.Graph(bind_namespaces="none").parse(data=text, format="turtle")
        except BadSyntax as error:
            found = f"{error._why}"
            problems.append(Problem(name, error.lines + 1, "", found, "Turtle"))
        except Unreadable as error:
            problems.append(Problem(name, 0, "", error.found, error.allowed))
        except UnicodeDecodeError as error:
            problems.append(Problem(name, 0, "", str(error), "UTF-8"))
        except IndexError:  # how rdflib's parser runs past the end of the text
            found = "a statement without its end"
            problems.append(Problem(name, len(text.splitlines()), "", found, "Turtle"))
        except Exception as error:  # it raises whatever it meets
            problems.append(Problem(name, 0, "", " ".join(str(error).split()), "Turtle"))
        else:
            read.append(File(path, name, text, graph))
    if problems:
        raise DataError(problems)
    union = rdflib.Graph()
    for file in read:
        union += file.graph
    return Files(tuple(read), union)
