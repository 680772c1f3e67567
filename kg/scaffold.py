"""A new project: folders, settings and one sheet whose comments teach the format."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

from kg.model.errors import ChanceryError

TEXT = """The foreign ministers of Freedonia and Sylvania met in Lakeside on 3 March 2024.
A spokesman said that a treaty would be signed within the year.
"""

SETTINGS = """# Settings of this project; `kg settings` lists them all.
base = "http://localhost:8000/"
title = "My knowledge graph"

# Terms of your own go into ontology/*.ttl, questions into queries/*.rq. Other data:
# [sources.NAME]
# use = "table"            # or "module:Class", of a module beside this file
# path = "NAME.yaml"
"""

ENTITIES = """# Entities that several sheets speak of: TYPE/SLUG, a label, other names.
# What sources say of them are claims and belong into the sheets of documents.
place/lakeside:
  label: Lakeside
state/freedonia:
  label: Freedonia
  alt: [Freedonien@de]
state/sylvania:
  label: Sylvania
unnamed-source/spokesman:
  label: a spokesman
meeting/lakeside-2024:
  label: Foreign ministers in Lakeside, March 2024
agreement/treaty:
  label: Treaty between Freedonia and Sylvania
"""

SHEET = """# One document: its head, then the claims it makes, each with its passage.
document:
  id: example
  title: An example
  rights: CC0, written as an example.
  licence: https://creativecommons.org/publicdomain/zero/1.0/   # open, so the text may be shown
  text:
    sha256: {sha256}
    length: {length}                # in Unicode code points
    file: texts/example.txt        # leave it out where the text is restricted

claims:
  - id: 1                          # becomes id/claim/example/1
    subject: meeting/lakeside-2024
    property: place                # a property of the ontology: see /ontology
    object: place/lakeside
    quote: met in Lakeside         # the words that say so, which must stand in the text
  - id: 1-date
    subject: meeting/lakeside-2024
    property: onDate
    value: 2024-03-03              # a literal is a `value`
    quote: on 3 March 2024
  - id: 1-freedonia
    subject: meeting/lakeside-2024
    property: participant
    object: state/freedonia
    quote: foreign ministers of Freedonia and Sylvania
  - id: 2
    subject: agreement/treaty
    property: signatory
    object: state/freedonia
    modality: Attributed           # default: Asserted
    speaker: unnamed-source/spokesman   # default: the document itself
    quote: a treaty would be signed
    gloss: A spokesman announces a treaty for the same year.
"""


class DirectoryInUse(ChanceryError):
    """A project is only started where nothing can be overwritten."""


def create(directory: Path) -> Iterator[Path]:
    """Write a new project into `directory` and name each file.

    Raises:
        DirectoryInUse: it holds something already.
    """
    if directory.exists() and (not directory.is_dir() or any(directory.iterdir())):
        raise DirectoryInUse(f"{directory} is not empty; choose a new directory")
    sheet = SHEET.format(
        sha256=hashlib.sha256(TEXT.encode()).hexdigest(),
        length=len(TEXT),
    )
    for name, content in {
        "kg.toml": SETTINGS,
        "seeds/entities.yaml": ENTITIES,
        "seeds/documents/example.yaml": sheet,
        "seeds/texts/example.txt": TEXT,
        ".gitignore": "build/\n",
    }.items():
        path = directory / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, "utf-8")
        yield path
