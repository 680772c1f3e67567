"""What stands in a typed column is a number, a date or a thing, beside the words of the row."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import requests

from kg.model.settings import Settings
from kg.store.release import Release

from .conftest import Ask
from .test_contributed import build

CODE = """
from decimal import Decimal
from kg.model.facts import Url

class Own:
    def __init__(self, path): self.path = path
    def partitions(self): return [self.path]
    def read(self, partition):
        yield Entity(ref=Ref("dataset/own"), label=Text("Own"))
        for number in (1, 2, 4):
            event = Ref(f"event/e-{number}")
            yield Entity(ref=event, label=Text(f"Event {number}"))
            yield Record(
                ref=Ref(f"record/own/{number}"), label=Text("Row"), about=event, statements=(),
                fields=(
                    ("name", f"row {number}"), ("yes", number), ("share", Decimal("0.5")),
                    ("month", Date("1990-05")), ("held", number > 1), ("where", Ref("place/kenya")),
                    ("page", Url("https://example.org/x")), ("gloss", Text("oui", "fr")),
                ),
            )
"""


def test_numbers_are_numbers(
    tmp_path: Path,
    asking: Callable[[Release, Settings], Ask],
    serving: Callable[..., str],
) -> None:
    """They are averaged as they are; the words stay; each column can be cited."""
    done = build(tmp_path, CODE)
    assert done.returncode == 0, done.stderr
    release, settings = Release.current(tmp_path), Settings.load(tmp_path)
    ask = asking(release, settings)
    field = f"{settings.base}id/field/own/"
    assert ask(f"SELECT (AVG(?yes) AS ?mean) WHERE {{ ?row <{field}yes> ?yes }}")[0][0].startswith(
        "2.33"
    )
    row = f"<{settings.base}id/record/own/1>"
    words = ask(f"SELECT ?words WHERE {{ {row} clm:field ?words }} ORDER BY ?words")
    assert [each for (each,) in words] == [
        "gloss: oui", "held: false", "month: 1990-05", "name: row 1", "page: https://example.org/x",
        "share: 0.5", "where: place/kenya", "yes: 1",
    ]  # fmt: skip
    typed = ask(
        f"SELECT ?name ?value (DATATYPE(?value) AS ?type) WHERE {{ {row} ?p ?value . "
        f"?p rdfs:isDefinedBy <{settings.base}id/dataset/own> ; rdfs:label ?name }} ORDER BY ?name"
    )
    assert {name: (value, *kind) for name, value, *kind in typed} == {
        "gloss": ("oui", "http://www.w3.org/1999/02/22-rdf-syntax-ns#langString"),
        "held": ("false", "http://www.w3.org/2001/XMLSchema#boolean"),
        "month": ("1990-05", "http://www.w3.org/2001/XMLSchema#gYearMonth"),
        "page": ("https://example.org/x",),
        "share": ("0.5", "http://www.w3.org/2001/XMLSchema#decimal"),
        "where": (f"{settings.base}id/place/kenya",),
        "yes": ("1", "http://www.w3.org/2001/XMLSchema#integer"),
    }
    url = serving(tmp_path)
    page = requests.get(f"{url}/id/field/own/yes", headers={"Accept": "text/html"}, timeout=20)
    assert page.status_code == 200
    assert page.url == f"{url}/page/field/own/yes"
    assert '<bdi lang="en">yes</bdi>' in page.text
    data = requests.get(f"{url}/id/field/own/yes", headers={"Accept": "text/turtle"}, timeout=20)
    assert "rdf:Property" in data.text
    row_page = requests.get(f"{url}/page/record/own/1", timeout=20).text
    assert "<dt>share</dt>" in row_page.lower()
