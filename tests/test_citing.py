"""Citations: of the original with its passage, and of what the graph states, apart."""

from __future__ import annotations

import json
import os
import re
import subprocess
from html import unescape
from pathlib import Path
from typing import Any

import bibtexparser
import citeproc
import pytest
import rispy
from bibtexparser.middlewares import LatexDecodingMiddleware
from citeproc.source.json import CiteProcJSON
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from kg.store.release import Release
from tests.conftest import ROOT
from web.site.citing import chicago, formats
from web.site.citing.dates import csl_date, ris_date
from web.site.citing.reference import Author, Locator, Reference, line

PATHS = {
    "document": "document/csis-kerry-in-russia",
    "record": "record/travels/3568",
    "claim": "claim/another-reset/9",
    "entity": "visit/kerry-russia-2015-05",
}
each_kind = pytest.mark.parametrize("path", PATHS.values(), ids=PATHS)
NODE = ROOT / "build" / "node" / "node_modules"


def items(client: FlaskClient, path: str) -> list[dict[str, Any]]:
    answer = client.get(f"/cite/{path}.csl.json")
    assert answer.content_type == "application/vnd.citationstyles.csl+json"
    found: list[dict[str, Any]] = json.loads(answer.data)
    return found


@each_kind
def test_csl_json(client: FlaskClient, release: Release, path: str) -> None:
    """A CSL processor takes each item without a warning; the last is the graph's own."""
    found = items(client, path)
    CiteProcJSON(found)  # warns of what CSL does not know, and warnings fail
    assert all({"id", "type", "title"} <= set(each) for each in found)
    own = found[-1]
    assert (own["type"], own["version"]) == ("dataset", release.id)
    assert own["URL"] == f"http://localhost:8000/id/{path}"
    assert own["publisher"] == "Chancery"
    assert len(found) == (1 if path == PATHS["entity"] else 2)
    assert client.get(f"/cite/{path}.json").data == client.get(f"/cite/{path}.csl.json").data


@each_kind
def test_bibtex(client: FlaskClient, path: str) -> None:
    """BibTeX is read by a parser of it, with what CSL-JSON has."""
    answer = client.get(f"/cite/{path}.bib")
    assert answer.content_type == "application/x-bibtex; charset=utf-8"
    library = bibtexparser.parse_string(answer.text)
    assert not library.failed_blocks
    for entry, item in zip(library.entries, items(client, path), strict=True):
        assert entry.key == item["id"]
        assert entry["title"] == f"{{{item['title']}}}"
        assert entry.get("url") is None or entry["url"] == item["URL"]


@each_kind
def test_ris(client: FlaskClient, path: str) -> None:
    """RIS is read by a parser of it, with what CSL-JSON has."""
    answer = client.get(f"/cite/{path}.ris")
    assert answer.content_type == "application/x-research-info-systems; charset=utf-8"
    for entry, item in zip(rispy.loads(answer.text), items(client, path), strict=True):
        assert entry["title"] == item["title"]
        assert entry.get("publisher", "") == item.get("publisher", "")
        assert entry.get("urls", [None])[0] == item.get("URL")


def test_the_original_is_credited(client: FlaskClient) -> None:
    """A document is its author's and publisher's; what it does not state is said, not filled in."""
    original, _ = items(client, PATHS["document"])
    assert original["author"] == [{"family": "Mankoff", "given": "Jeffrey"}]
    assert original["publisher"] == "Center for Strategic and International Studies"
    assert original["issued"] == {"date-parts": [[2015]]}
    assert "Not stated: address" in original["note"]
    silent, _ = items(client, "document/another-reset")
    assert not {"author", "publisher", "issued", "URL"} & set(silent)
    text = client.get("/cite/document/another-reset.txt").text
    assert "n.d." in text
    assert "Not stated: author, publisher, date, address" in text


def test_a_passage_is_cited(client: FlaskClient) -> None:
    """A claim's citation leads to its paragraph and its words, in each format."""
    path = PATHS["claim"]
    text = client.get(f"/cite/{path}.txt").text
    assert text.startswith("The original:\n“Kerry in Russia for Another Reset,” n.d., para. 2.\n")
    assert "Passage: “traveled to Moscow”, paragraph 2, characters 65–83" in text
    for form in ("bib", "ris", "csl.json"):
        assert "“traveled to Moscow”, paragraph 2" in client.get(f"/cite/{path}.{form}").text


def test_a_row_is_cited_by_its_register(client: FlaskClient) -> None:
    """A row has its number, its register, its publisher and licence; a claim its column."""
    original, _ = items(client, PATHS["record"])
    assert original["number"] == "3568"
    assert original["container-title"] == "Travels Abroad of Secretaries of State and Presidents"
    assert original["publisher"] == "Office of the Historian, US Department of State"
    assert original["URL"].startswith("https://history.state.gov/")
    assert "publicdomain/zero" in original["note"]
    assert "col. locale" in client.get("/cite/claim/travels/3568/place.txt").text


def in_quotes(rendered: str) -> str:
    """Commas and periods within the quotation marks, as "punctuation-in-quote" of CSL wants."""
    return re.sub(r"(’?”)([.,])", r"\2\1", rendered)


@each_kind
def test_chicago_is_the_processors_own(client: FlaskClient, path: str) -> None:
    """The page says, in the same words, what citeproc-py makes of the CSL-JSON."""
    style = citeproc.CitationStylesStyle(str(chicago.STYLE), validate=False)
    page = re.sub(r"\s+", " ", unescape(client.get(f"/page/{path}").text))
    text = client.get(f"/cite/{path}.txt").text
    found = items(client, path)
    if path == PATHS["claim"]:
        found = found[1:]  # the first has a locator, which is no part of CSL-JSON
    for item in found:
        item["title"] = item["title"].translate({0x201C: "‘", 0x201D: "’"})  # within a title
        bibliography = citeproc.CitationStylesBibliography(
            style, CiteProcJSON([item]), citeproc.formatter.html
        )
        citation = citeproc.Citation([citeproc.CitationItem(item["id"])])
        bibliography.register(citation)
        note = in_quotes(str(bibliography.cite(citation, print)))
        entry = in_quotes(str(bibliography.bibliography()[0]))
        assert f">{unescape(note)}</p>" in page
        assert re.sub("</?i>", "", unescape(note)) in text
        assert re.sub("</?i>", "", unescape(entry)) in text


REFERENCE = Reference(iri="http://x/id/a/b", key="a-b", type="webpage", title="A long way home")
VARIANTS = [
    {},
    {"authors": (Author.of("Jeffrey Mankoff", "Mankoff, Jeffrey"),), "issued": "2015"},
    {"authors": (Author.of("A B", "B, A"), Author.of("C D", "D, C")), "issued": "2015-05"},
    {"authors": (Author.of("Office of the Historian"),), "issued": "2015-05-12/2016-06-01"},
    {"issued": "-0043", "publisher": "P & Co."},
    {"issued": "1964~", "container": "Annals", "type": "dataset"},
    {"issued": "199X", "publisher": "Printers"},
    {"issued": "1964/..", "url": "https://example.org/a?b=c&d=%20e"},
    {"issued": "2015-05-12", "container": "Register", "number": "12", "type": "dataset"},
    {"version": "0123456789abcdef", "issued": "2026-01-02", "publisher": "Graph"},
    {"title": "On “Quotes” within"},
    {"title": "Ends in “a quote”"},
    {"title": "Über den Frieden", "language": "de"},
    {"title": "50% of {braces} & more"},
    {"locator": Locator("paragraph", "7"), "issued": "2015"},
    {"locator": Locator("paragraph", "7, 9"), "issued": "2015"},
    {"locator": Locator("column", "locale"), "container": "Register", "type": "dataset"},
    {"title": "زيارة إلى موسكو", "language": "ar", "publisher": "دار"},
]  # fmt: skip


def test_chicago_is_that_of_citeproc_js(app: Flask) -> None:
    """citeproc-js, which Zotero uses, makes the same notes and entries."""
    if not (NODE / "citeproc").exists():
        message = "citeproc-js is absent: run `make test`, which installs it in build/node"
        pytest.fail(message) if os.environ.get("CI") else pytest.skip(message)
    locale = Path(citeproc.LOCALES_PATH, "locales-en-US.xml")
    asked, expected = [], []
    with app.app_context():
        for number, variant in enumerate(VARIANTS):
            fields = {name: getattr(REFERENCE, name) for name in REFERENCE.__slots__}
            reference = Reference(**fields | {"key": f"r{number}"} | variant)
            place = reference.locator
            cite = {"locator": place.number, "label": place.label} if place else {}
            asked.append({"item": reference.csl, "cite": cite})
            expected.append(
                [chicago.plain(each(reference)) for each in (chicago.note, chicago.entry)]
            )
    done = subprocess.run(
        ["node", ROOT / "tests/node/cite.js", NODE / "citeproc", chicago.STYLE, locale],
        input=json.dumps(asked), check=False, capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert not done.stderr
    assert json.loads(done.stdout) == expected


def test_the_order_of_citations_changes_none(app: Flask) -> None:
    """The style is shared by all requests, and each leaves it as it was."""
    with app.app_context():
        first = [chicago.note(Reference(**{**made(), **each})) for each in VARIANTS]
        again = [chicago.note(Reference(**{**made(), **each})) for each in reversed(VARIANTS)]
    assert first == again[::-1]


def made() -> dict[str, Any]:
    return {name: getattr(REFERENCE, name) for name in REFERENCE.__slots__}


@pytest.mark.parametrize(
    ("edtf", "csl", "ris"),
    [
        ("2015-05-12", {"date-parts": [[2015, 5, 12]]}, "2015/05/12/"),
        ("2015-05", {"date-parts": [[2015, 5]]}, "2015/05//"),
        ("2015", {"date-parts": [[2015]]}, "2015///"),
        ("-0043", {"date-parts": [[-44]]}, "///44 BC"),
        ("0000", {"date-parts": [[-1]]}, "///1 BC"),
        ("1964~", {"date-parts": [[1964]], "circa": True}, "1964///about 1964"),
        ("1964?", {"date-parts": [[1964]], "circa": True}, "1964///1964 (uncertain)"),
        ("1964/2008", {"date-parts": [[1964], [2008]]}, "1964///1964 – 2008"),
        ("1964/..", {"literal": "from 1964"}, "1964///from 1964"),
        ("../1945", {"literal": "until 1945"}, "///until 1945"),
        ("199X", {"literal": "1990s"}, "///1990s"),
        ("1943-21", {"date-parts": [[1943]], "season": 1}, "1943///spring 1943"),
        ("2015-XX", {"date-parts": [[2015]]}, "2015///2015"),
        ("2015-05-12T15:30:00", {"date-parts": [[2015, 5, 12]]}, "2015///12 May 2015, 15:30"),
        ("Y-17000", {"date-parts": [[-17001]]}, "///17001 BC"),
        ("soon", {"literal": "soon"}, "///soon"),
    ],
)
def test_dates(edtf: str, csl: dict[str, Any], ris: str) -> None:
    """Each kind of EDTF date that a sheet may have is one of CSL, and one of RIS."""
    assert csl_date(edtf) == csl
    assert ris_date(edtf) == ris


AWKWARD = st.text(min_size=1, max_size=60) | st.sampled_from(
    ["{", "}", "}{", "100 % & $5 #1 a_b ~ ^ \\", '"quoted"', "@misc{x,}", "a\r\nER  - \r\nTY  - X",
     "line\u2028end\x85\x0b", "שלום עולם", "\u202bقمة\u202c", "e\u0301 🕊", "<b>&amp;</b>", "\\{"]
)  # fmt: skip


LINES = AWKWARD.map(line).filter(bool)


@given(title=LINES, publisher=LINES, author=LINES)
def test_any_text_survives(title: str, publisher: str, author: str) -> None:
    """What stands in a title, a name or a publisher comes out of each format as it went in."""
    reference = Reference(
        iri="http://x/id/a", key="a", type="document", title=title, publisher=publisher,
        authors=(Author(author),),
    )  # fmt: skip
    (item,) = json.loads(formats.csl_json([reference]))
    assert (item["title"], item["publisher"]) == (title, publisher)
    assert item["author"] == [{"literal": author}]
    (entry,) = rispy.loads(formats.ris([reference]))
    assert (entry["title"], entry["publisher"]) == (title, publisher)
    assert entry["authors"] == [author]
    decoding = LatexDecodingMiddleware(allow_inplace_modification=True, keep_braced_groups=False)
    library = bibtexparser.parse_string(formats.bibtex([reference]), append_middleware=[decoding])
    assert not library.failed_blocks
    (found,) = library.entries  # pylatexenc reads \\textasciicircum as a modifier letter
    read = tuple(found[name].replace("ˆ", "^") for name in ("title", "publisher", "author"))
    assert read == tuple(each.replace("ˆ", "^") for each in (title, publisher, author))


@given(text=AWKWARD)
def test_any_title_is_cited(app: Flask, text: str) -> None:
    """The processor takes any title, and its markup is inert."""
    with app.app_context():
        rendered = chicago.note(Reference(iri="x", key="x", type="document", title=text))
        same = {**made(), "title": text, "issued": "2026-01-02", "type": "dataset", "version": "v"}
        stated = chicago.note(Reference(**{**same, "url": "https://x/?a&b"}))
        whole = chicago.note(Reference(**same))  # one without an address is rendered each time
    assert stated.replace(", https://x/?a&amp;b", "") == whole
    assert not re.search(r"<(?!/?(?:i|b|sup|sub)>)", rendered)


def test_a_copy_needs_no_script(client: FlaskClient) -> None:
    """Each form stands on the page as text; the language of a passage is marked."""
    page = client.get(f"/page/{PATHS['claim']}").text
    assert [*re.findall(r"<summary>([^<]*)</summary>", page)][-4:] == [
        "BibTeX", "RIS", "CSL-JSON", "Plain text",
    ]  # fmt: skip
    assert '<q lang="en" dir="auto">traveled to Moscow</q>' in page
    assert "@misc{document-another-reset" in page


@pytest.mark.parametrize("path", ["claim/another-reset/999", "visit/nobody", "claim/x"])
@pytest.mark.parametrize("form", ["bib", "ris", "csl.json", "txt", "json"])
def test_nothing_is_cited_that_is_not_there(client: FlaskClient, path: str, form: str) -> None:
    assert client.get(f"/cite/{path}.{form}").status_code == 404
