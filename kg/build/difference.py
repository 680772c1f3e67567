"""What two releases of a project say otherwise, whichever they are."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from kg.build.publish.changes import compare
from kg.build.publish.history import comparable
from kg.model.errors import ChanceryError
from kg.model.iris import Minter
from kg.store.changes import Change, Kind, changes
from kg.store.history import History
from kg.store.release import Release


class NoWay(ChanceryError):
    """What two releases differ in cannot be told."""


def named(project: Path, name: str) -> Release:
    """The release of that id, or whose id alone begins so.

    Raises:
        ChanceryError: there is none, or it cannot be read.
    """
    releases = project / "build" / "releases"
    there = sorted(each.name for each in releases.glob("[!.]*") if each.is_dir())
    found = [each for each in there if name and each.startswith(name)]
    if len(found) != 1:
        shown = f"; there are {', '.join(there)}" if there else "; run 'kg build' first"
        raise NoWay(f"{name!r} is the id of {'several releases' if found else 'no release'}{shown}")
    return Release.open(releases / found[0])


def pair(project: Path, one: str, other: str) -> tuple[Release, Release]:
    """The releases to compare: by default the current one with the one that it followed, and a
    single one with the current one.

    Raises:
        ChanceryError: there is no such release, or none before the current one.
    """
    last = named(project, other) if other else Release.current(project)
    if one:
        return named(project, one), last
    with History.open(last) as history:
        chain = history.releases
    if len(chain) < 2:
        raise NoWay(f"release {last.id} is the first one; name two to compare them")
    return named(project, chain[-2].id), last


def differences(one: Release, other: Release) -> Iterator[Change]:
    """What `other` says otherwise than `one`, thing by thing.

    Where the graph of one of them is not at hand any more, it is put together of what each release
    between them changed.

    Raises:
        NoWay: that is not at hand either.
    """
    if comparable(one) and comparable(other):
        return _compared(one, other)
    folded: dict[tuple[str, ...], Change | None] = {}
    for step in _between(one, other):
        for each in changes(step):
            key = each.iri, "fact" if each.what == "fact" else "", each.property, each.value
            before = folded.get(key)
            folded[key] = _both(before, each) if before else each
    return (each for _, each in sorted(folded.items()) if each)


def _compared(one: Release, other: Release) -> Iterator[Change]:
    with tempfile.TemporaryDirectory(prefix="kg-diff-") as folder:
        base = Minter(other.manifest.base)
        yield from compare(one.quads, one.manifest.base, other.quads, base, Path(folder))


def _between(one: Release, other: Release) -> list[Release]:
    """The releases after `one`, up to `other`, each of which says what it changed."""
    releases = other.directory.parent
    for each in (other, Release.current(releases.parent.parent)):  # a pruned one has no history
        with History.open(each) as history:
            ids = [ref.id for ref in history.releases]
        if {one.id, other.id} <= set(ids) and ids.index(one.id) <= ids.index(other.id):
            found = ids[ids.index(one.id) + 1 : ids.index(other.id) + 1]
            steps = [Release.open(releases / name) for name in found]
            if all(step.changes.exists() for step in steps):
                return steps
    gone = other if comparable(one) else one
    raise NoWay(
        f"the graph of release {gone.id} is no longer there whole, and no releases that are there "
        f"tell what led from {one.id} to {other.id}"
    )


def _both(first: Change, then: Change) -> Change | None:
    """One change in the place of two, one after the other; None where they cancel out."""
    if {first.kind, then.kind} == {"accepted", "dropped"}:
        return None
    gone, new = dict.fromkeys(first.before), dict.fromkeys(first.after)
    for line in then.before:
        if new.pop(line, gone) is gone:
            gone[line] = None
    for line in then.after:
        if gone.pop(line, new) is new:
            new[line] = None
    was, now = first.kind != "added", then.kind != "withdrawn"
    kind: Kind = then.kind
    if then.what != "disagreement":
        kind = "changed" if was and now else "added" if now else "withdrawn"
    if not (was or now or new) or (was and now and not (gone or new)):
        return None
    return replace(then, kind=kind, before=tuple(sorted(gone)), after=tuple(sorted(new)))
