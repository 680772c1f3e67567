"""The tools: what an agent may ask of a graph, each a page's own answer made short."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Annotated, Any

from mcp.server import MCPServer
from mcp_types import ToolAnnotations
from pydantic import Field

from kg import __version__
from kg.agents.fitting import fitted
from kg.agents.site import Refused, Site, reached

_REF = re.compile(r"(?:\S*/(?:id|page)/)?([a-z][a-z-]*/[^\s?#]+)\Z")
_CLAIM = "/id/claim/"
_SIZE, _OF_SITE, _ROWS = 10, 20, 40  # of an answer; of a page of disagreements; rows of a table

Which = Annotated[str, Field(description="IRI or TYPE/SLUG, as answers give it; or an exact name")]
About = Annotated[str, Field(description="IRI, TYPE/SLUG or exact name; empty: anything")]
Period = Annotated[str, Field(description="2015, 2015-05, 2015-05-12 or 2013/2017; empty: all")]
Type = Annotated[str, Field(description="TYPE of an IRI's id/TYPE/SLUG, as person; empty: any")]
Kind = Annotated[str, Field(description="as Denial; a wrong one is told which there are")]
State = Annotated[str, Field(description="open or settled; empty: both")]
Page = Annotated[int, Field(description="which part of a long list", ge=1, le=1000)]

INSTRUCTIONS = """\
{}: {}

Every statement here has somebody who makes it. To cite one, give the sentence (`says`), the quote
with `where` it stands, the label of `source`, and the IRI of the `claim`; a fact from a register
has no claim, but the IRI of its row as `source`. IRIs can be opened in a browser.
Only what stands as `accepted` is taken as so; `disputed` and `contradicted` have others against
them, and planned, alleged, opinion, denied are no facts: say so when you repeat them.
Begin with `find`. Answers are short: `next_page` and `left_out` tell that there is more."""


class Tools:
    """What an agent may ask of `site`. Docstrings are what the agent reads."""

    def __init__(self, site: Site) -> None:
        self._site = site

    def find(
        self,
        text: Annotated[str, Field(description="a name, or words of a claim or a text")],
        kind: Type = "",
        page: Page = 1,
    ) -> str:
        """Search people, places, events, documents, claims and texts by words. The place to begin:
        it gives the IRIs that the other tools take.
        """
        found = self._site.get("search", q=text, type=kind, page=page, size=_SIZE)
        hits = [{name: each[name] for name in each if name != "url"} for each in found["hits"]]
        told = {"total": found["total"], "corrected": found["corrected"], "hits": hits}
        more = found["total"] > page * _SIZE
        return fitted(told | {"types": found["types"]} | _next(page, more=more))

    def entity(self, thing: Which) -> str:
        """What is known of one thing: each fact with its standing and the passages or rows of
        registers that state it; offices, latest events, and what sources dispute.
        """
        found = self._page(thing)
        claims = len(found.pop("claims", ()))
        told = {name: found.get(name) for name in ("iri", "label", "types", "summary", "facts")}
        return fitted(told | found | {"claims": f"{claims}: ask who_says" if claims else ""})

    def who_says(self, thing: Which, page: Page = 1) -> str:
        """Every claim about a thing, or all that a document says, in its order, or one claim with
        what stands for and against it: who says it, how firmly, in which words, where.
        """
        found = self._page(thing)
        if "claims" not in found:  # one claim
            return fitted(found)
        note = "" if found["claims"] else "no document says anything; entity has its registers"
        told = {"iri": found["iri"], "label": found["label"], "note": note}
        last, total = page * _SIZE, len(found["claims"])
        told |= {"total": total, "claims": found["claims"][last - _SIZE : last]}
        return fitted(told | _next(page, more=last < total))

    def disagreements(
        self,
        about: About = "",
        kind: Kind = "",
        state: State = "",
        period: Period = "",
        page: Page = 1,
    ) -> str:
        """Where sources contradict one another: each side with its claims, and what settles it."""
        about = self._page(about)["iri"] if about else ""
        given = {"about": about, "kind": kind, "state": state, "period": period}
        size = _SIZE // 2
        number, first = divmod((page - 1) * size, _OF_SITE)
        found = self._site.get("disagreements", **given, page=number + 1)
        shown = found["disagreements"][first : first + size]
        more = bool(found["next"]) or len(found["disagreements"]) > first + size
        return fitted({"disagreements": shown} | _next(page, more=more))

    def between(self, one: Which, other: Which, period: Period = "", page: Page = 1) -> str:
        """When and where two met or dealt with one another, and what is claimed of both."""
        refs = "/".join(sorted((self._ref(one), self._ref(other))))
        found = self._site.get(f"between/{refs}", period=period, page=page)
        words = found["words"]
        rows = [
            {name: each[name] for name in ("iri", "label", "date")}
            | {"records": [{"iri": iri, "says": words.get(iri)} for iri in each["records"]]}
            for each in found["rows"]
        ]
        told = {"total": found["total"], "events": rows, "claims": found["claims"][:_SIZE]}
        return fitted(told | _next(page, more=bool(found["next"])))

    def timeline(
        self, about: About = "", period: Period = "", kind: Type = "", page: Page = 1
    ) -> str:
        """What happened, in the order of time (the latest first, where no period is given): all,
        or that in which somebody had a part, or that was in a place. `records` are the rows of
        registers that tell of it; entity has the evidence of each.
        """
        about = self._page(about)["iri"] if about else ""
        found = self._site.get("timeline", about=about, period=period, type=kind, page=page)
        return fitted(found | _next(page, more=found.pop("more")))

    def schema(
        self, term: Annotated[str, Field(description="words of the terms wanted; empty: all")] = ""
    ) -> str:
        """Prefixes, classes and properties that the graph uses, with their counts, for `sparql`;
        of the terms that `term` chooses, also what they mean.
        """
        found = self._site.get("sparql/terms")
        kept = ("name", "label", "count", *(("definition",) if term else ()))
        for kind in ("classes", "properties"):
            chosen = (each for each in found[kind] if term.casefold() in str(each).casefold())
            found[kind] = [{name: each[name] for name in kept} for each in chosen]
        return fitted(found)

    def questions(self) -> str:
        """The saved questions, which answer more than the other tools: names and parameters."""
        return fitted(self._site.get("queries/"))

    def ask(
        self,
        question: Annotated[str, Field(description="the name of a saved question")],
        parameters: Annotated[
            dict[str, str] | None, Field(description="by name; without one, its default")
        ] = None,
        page: Page = 1,
    ) -> str:
        """Ask a saved question, as `questions` lists them. Rows name things, and claims where they
        can: `who_says` and `entity` have the passages of the others.
        """
        known = {each["name"]: each["question"] for each in self._site.get("queries/")["queries"]}
        if question not in known:
            raise Refused(f"found {question!r}; allowed: {', '.join(sorted(known))}")
        given = {**(parameters or {}), "page": page, "per_page": _ROWS}
        told = self._rows(self._site.get(f"queries/{question}.json", **given))
        more = len(told["rows"]) == _ROWS
        return fitted({"question": known[question]} | told | _next(page, more=more))

    def sparql(
        self, query: Annotated[str, Field(description="SPARQL 1.1; give it a LIMIT")]
    ) -> str:
        """Ask the graph itself, read-only, within limits of time and memory. The prefixes that
        `schema` lists are declared already. `?claim rdf:subject ?s ; rdf:predicate ?p ;
        rdf:object ?o ; clm:statedIn ?source ; clm:evidence/oa:hasSelector/oa:exact ?quote` are
        claims; a plain triple is what is accepted. Labels are rdfs:label.
        """
        found = self._site.sparql(query)
        return fitted(self._rows(json.loads(found)) if found[:1] == "{" else {"turtle": found})

    def _page(self, thing: str) -> dict[str, Any]:
        found: dict[str, Any] = self._site.get(f"page/{self._ref(thing)}")
        return found

    def _ref(self, thing: str) -> str:
        """TYPE/SLUG of an IRI, of the address of a page, or of the one thing of that name."""
        if match := _REF.match(thing.strip()):
            return match[1]
        hits = self._site.get("search", q=thing, names="1", size=_SIZE)["hits"]
        wanted = thing.strip().casefold()
        exact = [e["iri"] for e in hits if wanted in map(str.casefold, (e["label"], *e["names"]))]
        if len(exact) == 1 and (match := _REF.match(exact[0])):
            return match[1]
        near = "; ".join(f"{each['label']} ({each['kind']}): {each['iri']}" for each in hits)
        raise Refused(f"found {thing[:200]!r}; allowed: an IRI. Perhaps: {near or 'ask find'}")

    def _rows(self, found: Mapping[str, Any]) -> dict[str, Any]:
        """Results as plain rows, with the sentences of the first claims in them."""
        if "boolean" in found:
            return {"answer": "yes" if found["boolean"] else "no"}
        table = found["results"]["bindings"]
        rows = [{name: each["value"] for name, each in row.items()} for row in table]
        claims = dict.fromkeys(each for row in rows for each in row.values() if _CLAIM in each)
        kept = ("claim", "says", "standing", "source", "passages")
        told = (self._page(each) for each in list(claims)[:_SIZE])
        return {"rows": rows, "claims": [{name: each[name] for name in kept} for each in told]}


def _next(page: int, *, more: bool) -> dict[str, int]:
    return {"next_page": page + 1} if more else {}


def run(where: str) -> None:
    """Serve tools on a project's directory, or a site's address, until stdin ends."""
    with reached(where) as site:
        words = INSTRUCTIONS.format(*site.words)
        server = MCPServer("chancery", version=__version__, instructions=words, log_level="WARNING")
        tools, hint = Tools(site), ToolAnnotations(read_only_hint=True, open_world_hint=False)
        for name in (each for each in vars(Tools) if not each.startswith("_")):
            server.add_tool(getattr(tools, name), annotations=hint, structured_output=False)
        server.run()
