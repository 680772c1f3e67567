"""Three releases of a small project, over HTTP: a claim corrected and one withdrawn, then one that
a new record settles. A server runs all the while.
"""

from __future__ import annotations

import gzip
import re
import shutil
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import feedparser
import pytest
import rdflib
import requests
from rdflib.namespace import DCAT, PROV

from kg.build.publish.switch import prune
from kg.model.settings import Settings
from kg.store.release import Release
from tests.conftest import graph_of, served
from web.app import create_app

BASE = "http://localhost:8000/"


@dataclass(frozen=True)
class Three:
    """A project, its releases, the first one first, and a server of it."""

    directory: Path
    ids: tuple[str, ...]
    url: str

    def get(self, path: str, accept: str = "", **headers: str) -> requests.Response:
        """The answer at `path`, redirects not followed."""
        told = {"Accept": accept} if accept else {}
        told |= {name.replace("_", "-"): value for name, value in headers.items()}
        return requests.get(self.url + path, headers=told, timeout=10, allow_redirects=False)

    def release(self, number: int) -> str:
        return f"/releases/{self.ids[number]}/"


def switch(directory: Path, release: str) -> None:
    """As the end of a build does."""
    link = directory / "build" / "next"
    link.symlink_to(Path("releases") / release)
    link.rename(directory / "build" / "current")


@pytest.fixture(scope="module")
def three(evolved: list[Release], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Three]:
    """The third release comes while the second is served."""
    directory = tmp_path_factory.mktemp("three") / "project"
    shutil.copytree(evolved[0].directory.parents[2], directory, symlinks=True)
    ids = tuple(each.id for each in evolved)
    with (directory / "kg.toml").open("a") as more:
        more.write(f'[dois]\nall = "10.5281/zenodo.1"\n{ids[0]} = "10.5281/zenodo.2"\n')
    newest = directory / "build" / "releases" / ids[2]
    newest.rename(directory / "newest")
    switch(directory, ids[1])
    with served(directory, KG_CLIENT_SECONDS="1e6") as url:
        made = Three(directory, ids, url)
        before = made.get("/releases/").json()["releases"]
        assert [each["id"] for each in before] == [ids[1], ids[0]]
        (directory / "newest").rename(newest)
        switch(directory, ids[2])
        deadline = time.monotonic() + 20
        while made.get("/health").json()["release"] != ids[2]:
            assert time.monotonic() < deadline, "the new release is not served"
            time.sleep(0.05)
        yield made


def test_all_are_listed(three: Three) -> None:
    """A running server has each release that was built, the newest first, for people, as JSON, as
    versions of one data set (DCAT 3 §11.1)."""
    listed = three.get("/releases/").json()["releases"]
    assert [each["id"] for each in listed] == [*reversed(three.ids)]
    assert [each["current"] for each in listed] == [True, False, False]
    page = three.get("/releases/", "text/html").text
    assert all(f'href="{three.release(each)}"' in page for each in range(3))
    assert "doi:10.5281/zenodo.1" in page
    graph = rdflib.Graph().parse(data=three.get("/releases/", "text/turtle").text)
    iris = [rdflib.URIRef(f"{BASE}releases/{each}/") for each in three.ids]
    dataset = rdflib.URIRef(f"{BASE}id/dataset/chancery")
    assert graph.value(dataset, rdflib.URIRef(f"{DCAT}hasCurrentVersion")) == iris[2]
    assert graph.value(iris[2], PROV.wasRevisionOf) == iris[1]
    assert graph.value(iris[1], rdflib.URIRef(f"{DCAT}previousVersion")) == iris[0]


def test_what_is_published_is_what_is_summed(three: Three, tmp_path: Path) -> None:
    """`sha256sum -c` passes on the files of the first release, as they are published now."""
    folder = three.release(0)
    page = three.get(folder, "text/html").text
    told = three.get(folder).json()
    for each in told["files"]:
        answer = three.get(urlsplit(each["href"]).path)
        assert (answer.status_code, len(answer.content)) == (200, each["size"])
        assert f'href="{folder}{each["name"]}"' in page
        (tmp_path / each["name"]).parent.mkdir(exist_ok=True)
        (tmp_path / each["name"]).write_bytes(answer.content)
    sums = three.get(f"{folder}SHA256SUMS").text
    assert {line.split("  ")[1] for line in sums.splitlines()} == {
        each["name"] for each in told["files"]
    }
    assert {"manifest.json", "dumps/chancery.nq.gz", "void.ttl"} <= {
        each["name"] for each in told["files"]
    }
    done = subprocess.run(["sha256sum", "-c"], input=sums, cwd=tmp_path, text=True, check=False,
                          capture_output=True)  # fmt: skip
    assert done.returncode == 0, done.stderr


def test_a_dump_stays(three: Three) -> None:
    """Its address answers for a year from any cache; `latest` leads to the newest, or to the one of
    a time (RFC 7089 §4.1)."""
    name = "dumps/chancery.ttl"
    first = three.get(three.release(0) + name)
    assert first.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert b"clm:Attributed" in first.content
    assert three.get(three.release(0) + name, Range="bytes=0-9").content == first.content[:10]
    latest = three.get(f"/releases/latest/{name}")
    assert (latest.status_code, latest.headers["Location"]) == (302, three.release(2) + name)
    assert latest.headers["Vary"] == "Accept-Datetime"
    then = first.headers["Memento-Datetime"]
    past = three.get(f"/releases/latest/{name}", Accept_Datetime=then)
    assert past.headers["Location"] == three.release(0) + name
    before = three.get("/releases/latest/", Accept_Datetime="Thu, 01 Jan 2015 00:00:00 GMT")
    assert before.headers["Location"] == three.release(0)
    assert three.get("/releases/latest/", Accept_Datetime="x").status_code == 400
    links = requests.utils.parse_header_links(first.headers["Link"])
    (timemap,) = [each["url"] for each in links if each["rel"] == "timemap"]
    told = three.get(urlsplit(timemap).path)
    assert told.headers["Content-Type"] == "application/link-format"
    mementos = requests.utils.parse_header_links(told.text.replace(",\n", ", "))
    assert [each["url"] for each in mementos if each["rel"] == "memento"] == [
        f"{BASE}releases/{each}/{name}" for each in three.ids
    ]
    assert {"original timegate", "self"} <= {each["rel"] for each in mementos}


def test_a_release_is_cited(three: Three) -> None:
    """Under its own DOI and its own address, in each format."""
    (item,) = three.get(f"/cite/releases/{three.ids[0]}.csl.json").json()
    assert (item["DOI"], item["version"]) == ("10.5281/zenodo.2", three.ids[0])
    assert item["URL"] == f"{BASE}releases/{three.ids[0]}/"
    assert "doi = {10.5281/zenodo.2}" in three.get(f"/cite/releases/{three.ids[0]}.bib").text
    assert "DO  - 10.5281/zenodo.2" in three.get(f"/cite/releases/{three.ids[0]}.ris").text
    (newest,) = three.get(f"/cite/releases/{three.ids[2]}.csl.json").json()
    assert "DOI" not in newest
    short = three.get(f"/releases/{three.ids[0][:12]}/")
    assert (short.status_code, short.headers["Location"]) == (301, three.release(0))


def test_the_feed_of_releases(three: Three) -> None:
    """A feed reader takes it: an entry a release, the newest first, each at its address."""
    read = feedparser.parse(three.get("/feed.atom").content)
    assert (read.bozo, read.version) == (False, "atom10")
    assert [each.id for each in read.entries] == [
        f"{BASE}releases/{each}/" for each in reversed(three.ids)
    ]
    assert read.entries[0].updated == read.feed.updated


def test_what_a_release_changed(three: Three) -> None:
    """Its page counts and lists claims corrected and withdrawn and what was settled, each narrowed
    by an address; JSON has the counts, `changes.jsonl` each change."""
    assert three.get(three.release(0)).json()["changes"] == {}
    second, third = (three.get(three.release(each)).json()["changes"] for each in (1, 2))
    assert second["claim"] == {"changed": 1, "withdrawn": 1}
    assert third["disagreement"] == {"settled": 1}
    lines = three.get(f"{three.release(1)}changes.jsonl").text.splitlines()
    assert len(lines) == sum(each for of in second.values() for each in of.values())
    page = three.get(three.release(1), "text/html").text
    assert "1 corrected" in page
    assert "says that Freedonia took part" in page
    told = three.get(f"{three.release(1)}?kind=changed&what=claim", "text/html").text
    assert "attributed</bdi></a> → <a" in told
    assert "says that Freedonia took part" not in told
    settled = three.get(three.release(2), "text/html").text
    assert re.search(r"settled</span> by <a href=\"/page/record/register/7\">", settled)
    for given in ("kind=x", "what=x", "source=x", "page=0"):
        assert three.get(f"{three.release(1)}?{given}").status_code == 400


def test_the_feed_of_changes(three: Three) -> None:
    """A feed reader takes it: an entry a change, the newest release first, each under one IRI for
    good; narrowed as the pages are."""
    read = feedparser.parse(three.get("/changes.atom").content)
    assert (read.bozo, read.version) == (False, "atom10")
    titles = [each.title for each in read.entries]
    assert len({each.id for each in read.entries}) == len(titles)
    assert any(each.startswith("Settled: ") for each in titles)
    assert any("Withdrawn: “An example” says that Freedonia" in each for each in titles)
    assert [each.updated for each in read.entries] == sorted(
        (each.updated for each in read.entries), reverse=True
    )
    (corrected,) = feedparser.parse(
        three.get("/changes.atom?kind=changed&what=claim").content
    ).entries
    assert corrected.summary.startswith("Modality: attributed → planned.")
    assert corrected.id.startswith(f"{BASE}releases/{three.ids[1]}/#changed-")
    assert three.get(urlsplit(corrected.link).path).status_code == 200
    assert three.get("/changes.atom?kind=x").status_code == 400


def test_a_selection_stays(three: Three) -> None:
    """The address of a selection gives the rows of its release: what was in Hilltown, and who took
    part, before a record and a correction said otherwise."""
    asked = "/visits?place=place/hilltown"
    assert three.get(asked, "application/json").status_code == 400  # nothing was there
    first = three.get(f"{asked}&release={three.ids[0]}", "application/json").json()
    assert (first["total"], first["release"]) == (1, three.ids[0])
    assert first["permanent"] == f"{BASE}visits?place=place/hilltown&release={three.ids[0]}"
    assert "Freedonia" in [each["label"] for each in first["rows"][0]["values"]["counterpart"]]
    page = three.get(f"{asked}&release={three.ids[0]}", "text/html").text
    assert f'These are the rows of <a href="{three.release(0)}">the release of' in page
    unknown = three.get("/visits?release=0123456789abcdef", "text/html").text
    assert "whose rows are not kept" in unknown


def test_a_pruned_release(evolved: list[Release], tmp_path: Path) -> None:
    """Its page, its manifest and its changes stay, its other files are 410; so does what its
    changes tell of things, and the TimeMap of a dump leaves it out."""
    directory = tmp_path / "project"
    shutil.copytree(evolved[0].directory.parents[2], directory, symlinks=True)
    prune(directory, 1, pytest.fail)
    settings = Settings.load(directory)
    release = Release.current(directory)
    client = create_app(settings, graph_of(release, settings)).test_client()
    second = f"/releases/{evolved[1].id}/"
    assert client.get(second).get_json()["pruned"]
    page = client.get(second, headers={"Accept": "text/html"}).text
    assert "The dumps of this release were not kept" in page
    assert "says that Freedonia took part" in page
    kept = {"manifest.json", "manifest.json.sha256", "changes.jsonl"}
    for name in kept:
        assert client.get(second + name, buffered=True).status_code == 200, name
    for name, status in (("dumps/chancery.ttl", 410), ("void.ttl", 410), ("none", 404)):
        assert client.get(second + name).status_code == status, name
    told = client.get(second + "SHA256SUMS").text.splitlines()
    assert {each.split("  ")[1] for each in told} == kept
    assert client.get("/page/claim/example/1-freedonia").get_json()["withdrawn"]["said"]
    dump = client.get("/timemap/releases/latest/dumps/chancery.ttl").text
    assert (dump.count('rel="memento"'), evolved[2].id in dump) == (1, True)


def test_what_there_is_not(three: Three) -> None:
    """A release or a file that never was is 404; what serves a release is nobody's to have."""
    first = three.release(0)
    names = ("dumps/none.ttl", "search.sqlite", "store/CURRENT", "..%2f..%2fkg.toml")
    paths = ["/releases/none/", "/timemap/releases/latest/none", *(first + each for each in names)]
    for path in paths:
        answer = three.get(path)
        assert answer.status_code == 404, path
        assert answer.headers["Content-Type"] == "application/problem+json"
    assert three.get("/releases/?format=x").status_code == 400
    assert three.get("/releases/", "image/png").status_code == 406


@pytest.mark.parametrize(
    "path", ["id/claim/example/1-freedonia", "page/claim/example/1-freedonia",
             "data/claim/example/1-freedonia.ttl", "cite/claim/example/1-freedonia.bib"]
)  # fmt: skip
def test_a_withdrawn_claim_is_gone(three: Three, path: str) -> None:
    """410, which says when, where it stood last, and all that it said; people read its sentence."""
    answer = three.get(f"/{path}", "application/json")
    assert (answer.status_code, answer.headers["Content-Type"]) == (410, "application/problem+json")
    told = answer.json()["withdrawn"]
    assert (told["release"], told["lastRelease"]) == (three.ids[1], three.ids[0])
    assert told["at"] == three.get(three.release(1)).json()["built"]
    last = three.get(f"{three.release(0)}dumps/chancery.nq.gz").content
    stated = gzip.decompress(last).decode().splitlines()
    assert told["said"]
    assert set(told["said"]) <= set(stated)
    page = three.get(f"/{path}", "text/html")
    assert page.status_code == 410
    said = "“An example” says that Freedonia took part"
    assert f'<h1 class="sentence"><bdi>{said}' in page.text
    assert f'href="{three.release(0)}"' in page.text
    assert f'href="{three.release(1)}"' in page.text


@pytest.mark.parametrize(
    "path", ["id/state/sylvania", "page/state/sylvania", "data/state/sylvania.ttl"]
)
def test_a_withdrawn_entity_leads_on(three: Three, path: str) -> None:
    """410 for what is known by another name now, which the answer names (RFC 5829)."""
    answer = three.get(f"/{path}", "text/turtle, application/json;q=0.5")
    assert answer.status_code == 410
    successor = f"{BASE}id/state/transylvania"
    assert answer.headers["Link"] == f'<{successor}>; rel="successor-version"'
    assert answer.json()["withdrawn"]["replacedBy"] == successor
    assert answer.json()["withdrawn"]["lastRelease"] == three.ids[0]
    page = three.get(f"/{path}", "text/html").text
    assert "<h1" in page
    assert "/page/state/transylvania" in page


def test_what_the_first_release_had_is_answered(three: Three) -> None:
    """Whatever could be cited of it: each IRI leads to what is, or says that it is no more and
    where it stood last; the release that a citation names has an address by its first digits."""
    dump = gzip.decompress(three.get(f"{three.release(0)}dumps/chancery.nq.gz").content).decode()
    named = set(re.findall(rf"^<{BASE}(id/[^>]*)>", dump, re.MULTILINE))
    counted = ("id/side/", "id/disagreement/", "id/dataset/chancery/")  # what follows from the rest
    cited = sorted(each for each in named if not each.startswith(counted))
    answers = {each: three.get(f"/{each}", "text/turtle") for each in cited}
    gone = {each for each, answer in answers.items() if answer.status_code == 410}
    assert {"id/claim/example/1-freedonia", "id/evidence/example/1-freedonia/quote"} < gone
    assert {answers[each].json()["withdrawn"]["lastRelease"] for each in gone} == {three.ids[0]}
    assert [each for each in answers if answers[each].status_code not in (303, 410)] == []
    text = three.get("/cite/claim/example/1.txt").text
    (release,) = set(re.findall(r"release ([0-9a-f]{12})", text))
    assert three.get(f"/releases/{release}/").headers["Location"] == three.release(2)


def test_since_when_and_what_before(three: Three) -> None:
    """A page says since which release it stands, and what a correction took back, with the way to
    both releases; a claim that was never corrected has no more than the first."""
    corrected = three.get("/page/claim/example/2", "text/html").text
    _, _, past = corrected.partition("<h2>Its past</h2>")
    past, _, _ = past.partition("</section>")
    assert past.index(three.release(0)) < past.index("attributed") < past.index("planned")
    assert three.release(1) in past
    event = three.get("/page/meeting/lakeside-2024", "text/html").text
    _, _, past = event.partition("<h2>Its past</h2>")
    assert "Hilltown" in past
    assert three.release(2) in past
    new = three.get("/page/claim/register/7/place", "text/html").text
    assert f'since the release of <a href="{three.release(2)}">' in new
    assert "Corrected" not in new


def test_what_never_was(three: Three) -> None:
    for path in ("id/state/nowhere", "page/state/nowhere", "data/state/nowhere.ttl"):
        assert three.get(f"/{path}", "text/turtle").status_code == 404
