"""The wheel alone is enough: it carries ontology, queries, templates and static files."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import urllib.request
import zipfile
from pathlib import Path

import pytest

from tests.conftest import ROOT

pytestmark = pytest.mark.skipif(
    os.environ.get("CI") != "true", reason="installs from the package index, so CI runs it"
)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("wheel")
    pip(sys.executable, "wheel", "--no-deps", "--wheel-dir", out, ROOT)
    (built,) = out.glob("chancery_kg-*.whl")
    return built


def pip(python: str | Path, *arguments: str | Path) -> None:
    command = [python, "-m", "pip", "--quiet", "--disable-pip-version-check", *arguments]
    subprocess.run(command, check=True, timeout=300)


def test_the_wheel_holds_what_it_reads(wheel: Path) -> None:
    """Every data file of the source tree is in the wheel, and nothing of seeds/ or tests/."""
    packed = set(zipfile.ZipFile(wheel).namelist())
    for folder in ("ontology", "queries"):
        for path in (ROOT / folder).iterdir():
            assert f"kg/packaged/{folder}/{path.name}" in packed
    tracked = subprocess.run(
        ["git", "ls-files", "kg", "web"], check=True, cwd=ROOT, capture_output=True, text=True
    ).stdout.split()
    assert set(tracked) <= packed
    assert not [name for name in packed if name.startswith(("seeds/", "tests/", "benchmarks/"))]


def test_init_and_serve_from_the_wheel(wheel: Path, tmp_path: Path) -> None:
    """`kg init mykg && kg serve mykg` works after the installation of the wheel alone."""
    subprocess.run([sys.executable, "-m", "venv", tmp_path / "venv"], check=True, timeout=120)
    pip(tmp_path / "venv/bin/python", "install", wheel)
    kg = tmp_path / "venv/bin/kg"
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
    subprocess.run([kg, "init", "mykg"], check=True, cwd=tmp_path, env=environment)
    server = subprocess.Popen(
        [kg, "serve", "mykg", "--port", "0"],
        cwd=tmp_path,
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert server.stdout is not None
    found = re.search(r"http://\S+/", server.stdout.readline())
    assert found
    try:
        for path in ("", "page/meeting/lakeside-2024", "ontology", "queries/", "static/page.css"):
            with urllib.request.urlopen(found[0] + path) as answer:
                assert answer.status == 200, path
    finally:
        server.send_signal(signal.SIGINT)
        server.communicate(timeout=20)
    assert server.returncode == 0
