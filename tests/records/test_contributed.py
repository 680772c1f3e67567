"""Whatever the code of a source does, its author is told where, in one line."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg.store.release import Release
from tests.conftest import Done, spawn_kg

HEAD = """
import os, signal, sys, time
from pathlib import Path
from kg.model.facts import Claim, Date, Entity, Record, Ref, Statement, Text
from kg.model.sources import Issue, Position

def row(number, name="onDate", value=Date("1950")):
    event = Ref(f"event/e-{number}")
    yield Position("rows.csv", number)
    yield Entity(ref=event, label=Text(f"Event {number}"))
    yield Record(ref=Ref(f"record/own/{number}"), label=Text(f"Row {number}"), about=event,
        statements=(Statement(event, name, value),))

class Own:
    def __init__(self, path):
        self.path = path

    def partitions(self):
        return [self.path]

    def read(self, partition):
        yield Entity(ref=Ref("dataset/own"), label=Text("Own"))
        yield from row(1)
"""


def build(folder: Path, code: str, **environment: str) -> Done:
    """Build a project whose source ends with `code`."""
    (folder / "own.py").write_text(HEAD + code, "utf-8")
    (folder / "rows.csv").write_text("id\n1\n2\n")
    (folder / "seeds").mkdir(exist_ok=True)
    (folder / "seeds" / "entities.yaml").write_text("place/kenya: {label: Kenya}\n")
    (folder / "kg.toml").write_text('[sources.own]\nuse = "own:Own"\npath = "rows.csv"\n')
    return spawn_kg("build", folder, **environment)


AT = " (own.py:{} in read)"


@pytest.mark.parametrize(
    ("code", "said"),
    [
        (
            "        raise ValueError('no such  month')",
            "after record/own/1: ValueError: no such month",
        ),
        ("        sys.exit(3)", "after record/own/1: SystemExit: 3"),
        ("        raise KeyboardInterrupt", "after record/own/1: KeyboardInterrupt"),
        ("        raise MemoryError", "after record/own/1: MemoryError"),
        (
            "        class Odd(Exception):\n"
            "            def __init__(self, one, two): self.open = open(os.devnull)\n"
            "            def __str__(self): raise RuntimeError\n"
            "        raise Odd(1, 2)",
            "after record/own/1: Own.read.<locals>.Odd: its text cannot be shown",
        ),
    ],
)
def test_an_exception_is_told_in_a_line(tmp_path: Path, code: str, said: str) -> None:
    """File, row, what was raised and the line of the source's own code; no traceback."""
    done = build(tmp_path, code)
    line = (HEAD + code).count("\n") + 1
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1] == f"kg: sources: own: rows.csv:1: {said}" + AT.format(line)
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "build" / "current").exists()


@pytest.mark.parametrize(
    ("code", "said"),
    [
        (
            "        yield Entity(ref='event/x', label=Text('X'))",
            "found 'event/x', a str, as a reference; allowed: a Ref",
        ),
        (
            "        yield 3",
            "found a int as a fact; allowed: one of Entity, Document, Claim, Record",
        ),
        (
            "        yield from row(2, 'palce')",
            "'palce'; allowed: one of the ontology (did you mean 'place'?)",
        ),
        (
            "        yield from row(2, 'foo:bar')",
            "found the property 'foo:bar'; allowed: one of the ",
        ),
        (
            "        yield from row(2, 'place', Ref('palce/x'))",
            "found the type 'palce' of 'palce/x'; ",
        ),
        (
            "        yield from row(2, 'onDate', 1.5)",
            "found 1.5, a float, as value of 'onDate'; allowed: ",
        ),
    ],
)
def test_what_the_ontology_lacks_is_refused(tmp_path: Path, code: str, said: str) -> None:
    """With the row and the line of the code that gave it; once, however many rows have it."""
    done = build(tmp_path, f"{code}\n{code}\n")
    line = (HEAD + code).count("\n") + 1
    assert done.returncode == 1
    head, *problems = done.stderr.splitlines()[-2:]
    assert head == "kg: 1 problem found; nothing was released."
    assert said in problems[0]
    assert (
        f", from own.py:{line - (' row' not in code and 0)}" in problems[0]
        or "own.py:11" in problems[0]
    )


def test_a_fact_that_cannot_be_mapped_is_told(tmp_path: Path) -> None:
    """What fails in our code is told by the fact, and the line that gave it."""
    code = "        yield Entity(ref=Ref('event/x'), label=Text('X'), alt_labels=3)\n"
    done = build(tmp_path, code)
    assert done.returncode == 1
    last = done.stderr.splitlines()[-1]
    assert last.startswith("kg: sources: own: rows.csv:1: at event/x: TypeError: ")
    assert last.endswith(AT.format((HEAD + code).count("\n")))


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("\n    def partitions(self): return 1 / 0", "kg: sources: own: ZeroDivisionError: "),
        ("\n    def __init__(self, path): sys.exit(2)", "kg: sources: own: SystemExit: 2 (own.py:"),
        ("\nraise OSError('at import')", "kg: sources: own: OSError: at import (own.py:"),
        ("\nclass Bad(:", "kg: sources: own: SyntaxError: invalid syntax"),
    ],
)
def test_before_anything_is_read(tmp_path: Path, code: str, said: str) -> None:
    """A module that cannot be imported, or a class that cannot be made, is told likewise."""
    done = build(tmp_path, code)
    assert done.returncode == 1
    last = done.stderr.splitlines()[-1]
    assert last.startswith(said)
    assert "own.py:" in last
    assert "Traceback" not in done.stderr


ONCE = """
        once = Path("{}/once")
        if not once.exists():
            once.touch()
            os.kill(os.getpid(), signal.{})
        yield from row(2)
"""


@pytest.mark.parametrize("name", ["SIGKILL", "SIGSEGV"])
def test_a_killed_partition_is_read_again(tmp_path: Path, name: str) -> None:
    """Once, in a fresh process, without a line or a row twice."""
    done = build(tmp_path, ONCE.format(tmp_path, name))
    assert done.returncode == 0, done.stderr
    counts = Release.current(tmp_path).manifest.counts
    assert counts.rows == {"own": 2}
    assert counts.facts == {"entity": 4, "record": 2}


@pytest.mark.parametrize(
    ("act", "said"),
    [
        ("os.kill(os.getpid(), signal.SIGKILL)", "was killed by SIGKILL (the system does so where"),
        ("os.kill(os.getpid(), signal.SIGABRT)", "was killed by SIGABRT, twice"),
        ("os._exit(7)", "ended with status 7, twice"),
    ],
)
def test_one_that_dies_again_ends_the_build(tmp_path: Path, act: str, said: str) -> None:
    """The message names the partition, and what killed its process."""
    done = build(tmp_path, f"        {act}\n")
    assert done.returncode == 2
    last = done.stderr.splitlines()[-1]
    assert last.startswith(f"kg: sources: own: rows.csv: its process {said}")


SURVEYED = """
from dataclasses import dataclass

@dataclass(frozen=True)
class Count:
    name: str
    def take(self):
        with open("{0}/taken", "a") as taken:
            taken.write(f"{{os.getpid()}}\\n")
        {1}
        return {{"rows": 2}}

class Own:
    def __init__(self, path, name):
        self.path, self.name, self.survey = path, name, Count("a")
    def partitions(self):
        return [self.path]
    def read(self, partition, found):
        with open("{0}/read", "a") as read:
            read.write(f"{{os.getpid()}}\\n")
        yield Entity(ref=Ref(f"dataset/{{self.name}}"), label=Text(f"{{found['rows']}} rows"))
"""


def test_sources_share_a_survey(tmp_path: Path) -> None:
    """It is taken once, in a process of its own, and its result is given to each that reads."""
    (tmp_path / "rows.csv").write_text("")
    code = SURVEYED.format(tmp_path, "")
    done = build(tmp_path, code)
    assert done.returncode == 0, done.stderr
    (tmp_path / "taken").unlink()
    (tmp_path / "read").unlink()
    two = '[sources.{0}]\nuse = "own:Own"\npath = "rows.csv"\n'
    (tmp_path / "kg.toml").write_text("\n".join(two.format(name) for name in ("one", "two")))
    done = spawn_kg("build", tmp_path)
    assert done.returncode == 0, done.stderr
    taken = (tmp_path / "taken").read_text().split()
    assert len(taken) == 1
    assert taken[0] not in (tmp_path / "read").read_text().split()


def test_a_survey_that_fails_is_told(tmp_path: Path) -> None:
    """As a partition that cannot be read."""
    done = build(tmp_path, SURVEYED.format(tmp_path, "raise LookupError('lost')"))
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1].startswith(
        "kg: sources: own: the survey: LookupError: lost (own.py:"
    )


def test_a_release_is_the_same_however_often_a_process_dies(tmp_path: Path) -> None:
    """Many partitions, some of which kill their process once: the same id as without."""
    code = """
class Own:
    def __init__(self, path, die=""):
        self.path, self.die = path, die
    def partitions(self):
        return [Path(f"{self.path}-{each}") for each in range(40)]
    def read(self, partition):
        number = int(partition.name.rpartition("-")[2])
        yield Entity(ref=Ref("dataset/own"), label=Text("Own"))
        yield from row(number)
        once = Path(f"{self.die}/died-{number}")
        if self.die and number % 7 == 3 and not once.exists():
            once.touch()
            os.kill(os.getpid(), signal.SIGKILL)
"""
    released = []
    done = build(
        tmp_path,
        code.replace('Path(f"{self.path}-{each}")', 'Part(f"{self.path}-{each}")')
        + "\nclass Part(type(Path())):\n    size = 1\n    def stat(self): raise OSError\n"
        + "    def is_file(self): return False\n",
    )
    assert done.returncode == 0, done.stderr
    released.append(Release.current(tmp_path).id)
    with (tmp_path / "kg.toml").open("a") as settings:
        settings.write(f'die = "{tmp_path}"\n')
    done = spawn_kg("build", tmp_path)
    assert done.returncode == 0, done.stderr
    released.append(Release.current(tmp_path).id)
    assert released[0] == released[1]
    assert len(list(tmp_path.glob("died-*"))) == 6
