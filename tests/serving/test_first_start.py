"""`kg serve` where there is no release yet."""

from __future__ import annotations

import json
import os
import urllib.request
from pathlib import Path

from tests.conftest import copy_of_project, served


def test_nothing_of_the_build_stays(tmp_path: Path) -> None:
    """It builds and then serves, with the processes of a server alone."""
    project = copy_of_project(tmp_path)
    with served(project) as server:
        with urllib.request.urlopen(f"{server}/health") as response:
            assert json.load(response)["ready"] is True
        [front] = _children(os.getpid(), "serve", str(project))
        assert [_name(each) for each in _children(front)] == ["kg-nursery"]


def _children(process: int, *arguments: str) -> list[int]:
    """Those of them that were started with the arguments."""
    listed = Path(f"/proc/{process}/task/{process}/children").read_text().split()
    found = {int(each): Path(f"/proc/{each}/cmdline").read_bytes().split(b"\0") for each in listed}
    return [each for each, given in found.items() if {*map(str.encode, arguments)} <= {*given}]


def _name(process: int) -> str:
    return Path(f"/proc/{process}/comm").read_text().strip()
