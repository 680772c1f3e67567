"""A short form of `make torture`: builds that fail at random points harm nothing."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from kg import scaffold
from tests.torture.harness import Torture

SEED = 1648


@pytest.fixture
def torture(tmp_path: Path) -> Torture:
    list(scaffold.create(tmp_path / "project"))
    made = Torture(tmp_path / "project", random.Random(SEED))  # noqa: S311 - no secret
    made.prepare()
    return made


def test_faults(torture: Torture) -> None:
    """Twenty system calls that fail: what is served stays whole, the next build is clean, and one
    line names the file."""
    wrong = [each for fault in torture.faults(20) for each in torture.harm(fault)]
    assert not wrong
    assert torture.outcomes["refused"] >= 5


def test_kills(torture: Torture) -> None:
    """Ten kills at random moments: what is served stays whole, and the next build is clean."""
    wrong = [each for kill in torture.kills(10) for each in torture.harm(kill)]
    assert not wrong
    assert torture.outcomes["killed"] >= 3
