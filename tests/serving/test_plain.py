"""Where the system is not Linux, which these tests only pretend."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from kg.store.release import Release

# What `kg` does there: nothing that asks for the system is imported yet.
PRETEND = """
import sys
sys.platform = "other"
from kg.cli import main
main(["serve", sys.argv[1], "--port", "0"])
"""


@pytest.fixture
def elsewhere(release: Release, project: Path) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """A server's URL, and its process."""
    assert release.id
    process = subprocess.Popen(
        [sys.executable, "-c", PRETEND, project], text=True, stdout=-1, stderr=subprocess.PIPE
    )
    assert process.stdout is not None
    found = re.search(r"http://\S+(?=/)", process.stdout.readline())
    assert found
    yield found[0], process
    process.terminate()
    process.communicate(timeout=20)


def test_it_serves(elsewhere: tuple[str, subprocess.Popen[str]]) -> None:
    """Pages and queries are answered; the start says what is missing; SIGTERM ends it."""
    url, process = elsewhere
    with urllib.request.urlopen(f"{url}/sparql?query=ASK%20%7B%7D") as response:
        assert json.load(response)["boolean"] is True
    with urllib.request.urlopen(f"{url}/page/visit/kerry-russia-2015-05") as response:
        assert "Kerry" in response.read().decode()
    process.terminate()
    _, said = process.communicate(timeout=20)
    assert said.startswith("kg: queries are less confined than they could be: this is not Linux")
    assert process.returncode == 0
