"""A small project whose graph changes from release to release, as a publisher's does."""

from __future__ import annotations

from pathlib import Path

from kg.build import pipeline
from kg.model.settings import Settings
from kg.scaffold import create
from kg.store.release import Release

SECOND = """
document:
  id: second
  title: Another account
  rights: CC0, written as an example.
  text: {sha256: 0000000000000000000000000000000000000000000000000000000000000000, length: 100}
entities:
  place/hilltown: {label: Hilltown}
claims:
  - {id: 1, subject: meeting/lakeside-2024, property: place, object: place/hilltown, span: [0, 9]}
"""
WITHDRAWN = "{id: 1-freedonia, reason: 'Nobody says who came: “ministers” only.', replaced_by: 1}"
REGISTER = """
dataset: register
title: Register of meetings
records:
  - id: 7
    label: Meeting in Lakeside
    about: meeting/lakeside-2024
    statements:
      - {property: place, object: place/lakeside}
    fields: {where: Lakeside}
"""


def start(directory: Path) -> Path:
    """What `kg init` writes, and a document that places the meeting elsewhere."""
    list(create(directory))
    (directory / "seeds" / "documents" / "second.yaml").write_text(SECOND)
    return directory


def edit(directory: Path, name: str, *changes: tuple[str, str]) -> None:
    """Replace words of a sheet, of which each must be there."""
    path = directory / "seeds" / name
    words = path.read_text("utf-8")
    for old, new in changes:
        assert old in words, old
        words = words.replace(old, new, 1)
    path.write_text(words)


def build(directory: Path) -> Release:
    return pipeline.build(Settings.load(directory))


def correct(directory: Path) -> None:
    """One claim says otherwise, one is withdrawn, and a state is known by another address."""
    freedonia = """  - id: 1-freedonia
    subject: meeting/lakeside-2024
    property: participant
    object: state/freedonia
    quote: foreign ministers of Freedonia and Sylvania
"""
    edit(
        directory,
        "documents/example.yaml",
        (freedonia, ""),
        ("modality: Attributed ", "modality: Planned "),
        ("claims:\n", f"withdrawn:\n  - {WITHDRAWN}\nclaims:\n"),
    )
    edit(
        directory,
        "entities.yaml",
        (
            "state/sylvania:\n  label: Sylvania\n",
            "state/transylvania:\n  label: Sylvania\n"
            "state/sylvania:\n  label: Sylvania\n  replaced_by: state/transylvania\n"
            "  reason: Its name was cut short.\n",
        ),
    )


def settle(directory: Path) -> None:
    """A row of a public record says where the meeting was."""
    (directory / "seeds" / "records").mkdir()
    (directory / "seeds" / "records" / "register.yaml").write_text(REGISTER)


def three_releases(directory: Path) -> list[Release]:
    """A claim corrected and one withdrawn in the second, one settled by a record in the third."""
    found = [build(start(directory))]
    for step in (correct, settle):
        step(directory)
        found.append(build(directory))
    return found
