"""A project of another domain in a browser: docs/examples/votes."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.browser.conftest import Visit, assert_accessible, assert_fits
from tests.conftest import ROOT, served


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The example, built and served in place of the seeds."""
    root: Path = tmp_path_factory.mktemp("votes") / "votes"
    example = ROOT / "docs" / "examples" / "votes"
    shutil.copytree(example, root, ignore=shutil.ignore_patterns("build"))
    with served(root) as url:
        yield url


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("path", ["/", "/page/vote/2021-017", "/disagreements", "/timeline"])
def test_in_a_browser(visit: Visit, path: str, width: int) -> None:
    """Nothing is wider than the window, nothing hard to reach, nothing fails."""
    page = visit(path, width=width)
    assert_fits(page)
    assert_accessible(page)
