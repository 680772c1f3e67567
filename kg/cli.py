"""The commands. Each parses, calls, prints and sets the exit code: 0 done, 1 the data is at
fault, 2 the call is.

A command imports what it runs, so that `--help` answers at once.
"""

from __future__ import annotations

import os
import sys
import traceback
import warnings
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, TypeVar

import click

from kg import __version__
from kg.model.errors import ChanceryError
from kg.model.formats import FORMATS, Holds
from kg.model.settings import Settings, declared, default_of
from kg.store.release import NoRelease, Release

Item = TypeVar("Item")
_SHOWN = 20  # changes of each kind that a person is shown unasked

directory = click.argument(
    "directory",
    metavar="[DIR]",
    default=".",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
)
project = click.option(
    "--directory",
    "-d",
    default=".",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="The project; default: here.",
)
source = click.option(
    "--source",
    "sources",
    metavar="NAME=PATH",
    multiple=True,
    help="A data set besides the sheets; adds to [sources] of kg.toml.",
)


class Commands(click.Group):
    """Turns our own errors into one message and the exit code that they carry."""

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Run as a program: what Python tells of its tidying up is not for a user."""
        sys.unraisablehook = lambda each: click.echo(f"kg: {each.exc_value}", err=True)
        warnings.simplefilter("default" if sys.warnoptions else "ignore")
        try:
            return super().__call__(*args, **kwargs)
        except SystemExit:
            sys.stderr = Path(os.devnull).open("w")  # noqa: SIM115 - to the end; all is said
            raise

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except ChanceryError as error:
            click.echo(f"kg: {error}", err=True)
            ctx.exit(error.exit_code)
        except BrokenPipeError:
            raise  # click ends quietly when nobody reads on
        except (OSError, ImportError, MemoryError) as error:
            said = " ".join(str(error).split()) or "there is no memory left"
            if not getattr(error, "filename", None):  # as where a module is loaded
                said += f", in {traceback.extract_tb(error.__traceback__)[-1].filename}"
            click.echo(f"kg: {said}", err=True)
            ctx.exit(2)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="kg")
def main() -> None:
    """Chancery: publish documents about diplomacy as a graph that can be cited."""


@main.command()
@directory
@source
def build(directory: Path, sources: tuple[str, ...]) -> None:
    """Build a release of the project in DIR and switch to it."""
    from kg.build.processes import prepare

    prepare()
    from kg.build import pipeline, telling  # takes as long as what the other core now does

    settings = _settings(directory, sources)
    release = pipeline.build(settings, _Shown())
    counts = release.manifest.counts
    click.echo(f"Release {release.id}: {counts.triples:,} triples, {counts.facts}")
    for line in telling.since(release, _SHOWN):
        click.echo(line)


@main.command()
@directory
@source
@click.option("--host", help="Address to listen on.")
@click.option("--port", type=click.IntRange(0, 65535), help="Port to listen on.")
@click.option("--workers", type=click.IntRange(1), help="Query processes.")
def serve(
    directory: Path,
    sources: tuple[str, ...],
    host: str | None,
    port: int | None,
    workers: int | None,
) -> None:
    """Serve the project in DIR; builds it first where there is no release."""
    from kg.installation import require_own

    require_own("web")
    from kg.build import pipeline, processes
    from web.serving.server import serve as run

    settings = _settings(directory, sources, host=host, port=port, query_processes=workers)
    try:
        Release.current(settings.directory)
    except NoRelease:
        pipeline.build(settings, _Shown())
        processes.dismiss()
    run(settings)


@main.command()
@click.argument("release", metavar="[ID]", default="")
@project
def verify(release: str, directory: Path) -> None:
    """Check every file of a release against its manifest; default: the current one."""
    releases = Settings.load(directory).directory / "build" / "releases"
    found = Release.open(releases / release) if release else Release.current(releases.parent.parent)
    found.verify()
    click.echo(f"Release {found.id}: {len(found.manifest.files)} files, all as they were built")


@main.command()
@click.argument("one", metavar="[A]", default="")
@click.argument("other", metavar="[B]", default="")
@project
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json"]),
    default="text",
    help="json: one document, a change a line; default: text.",
)
@click.option("--all", "everything", is_flag=True, help="Show all changes, not the first of each.")
def diff(one: str, other: str, directory: Path, form: str, everything: bool) -> None:
    """What release B says otherwise than A: claims and entities that came, went or were corrected,
    and what became accepted, contested or settled. Default: the current release, and the one before
    it; of A alone, what changed since.
    """
    from kg.build import difference, telling

    first, last = difference.pair(Settings.load(directory).directory, one, other)
    found = difference.differences(first, last)
    lines = (
        telling.as_json(found, first, last)
        if form == "json"
        else telling.tell(found, first, last, None if everything else _SHOWN)
    )
    for line in lines:
        click.echo(line)


@main.command()
@directory
@click.option(
    "--texts",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Folder with all of the documents' texts; default: the setting texts.",
)
@click.option(
    "--graph",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Check this graph instead (.nq or .trig, or with .gz), such as a dump of a release.",
)
def check(directory: Path, texts: Path | None, graph: Path | None) -> None:
    """Check the sheets and saved queries of DIR; show every fault with file, line, field, found
    and allowed. With --graph, hold a graph to all rules that a release of DIR must satisfy.
    """
    from kg.build import pipeline
    from kg.ontology.project import project_ontology

    settings = Settings.load(directory)
    ontology = project_ontology(settings)
    if graph:
        from kg.build.validate.rehearse import examine

        click.echo(f"{graph}: {examine(graph, ontology):,} triples: no rule is broken")
        return
    checked = pipeline.check(settings, ontology, texts)
    claims = sum(len(sheet.claims) for sheet in checked.sheets.documents)
    proof = checked.proof
    for note in checked.sheets.notes:
        click.echo(f"note: {note}")
    click.echo(
        f"{checked.sheets.files} files, {claims} claims: no fault; "
        f"{proof.proven} claims proven against their texts; {len(checked.queries)} queries fit"
    )
    if proof.unproven:
        click.echo(f"{claims - proof.proven} claims not proven:")
        for each in proof.unproven:
            click.echo(f"  {each}")


@main.command()
@click.argument("query", metavar="FILE|NAME|-", required=False)
@click.option("--list", "listing", is_flag=True, help="List the saved queries of the project.")
@project
@click.option(
    "--format",
    "extension",
    type=click.Choice(
        ["table", *(each.extension for each in FORMATS if each.holds is not Holds.QUADS)]
    ),
    help="Default: a table for rows, Turtle for graphs.",
)
@click.option(
    "--param",
    "-p",
    "parameters",
    metavar="NAME=VALUE",
    multiple=True,
    help="A value for a parameter of a saved query.",
)
def query(
    query: str | None,
    listing: bool,
    directory: Path,
    extension: str | None,
    parameters: tuple[str, ...],
) -> None:
    """Run a SPARQL query on the current release: one in FILE, a saved one by its NAME, or - for
    standard input.
    """
    from kg.ask import listed, run_query

    settings = Settings.load(directory)
    if listing:
        for line in listed(settings):
            click.echo(line)
        return
    if query is None:
        raise click.UsageError("name a file or a saved query; 'kg query --list' lists those")
    given = _pairs(parameters, "--param")
    click.echo(run_query(settings, query, extension, given), nl=False)


@main.command()
@click.argument("out", metavar="OUT", type=click.Path(path_type=Path))
@project
@click.option("--force", is_flag=True, help="Also where the setting base leads to nobody's site.")
def freeze(out: Path, directory: Path, force: bool) -> None:
    """Write the current release into the folder OUT as files that any web space can hold: pages,
    Turtle, JSON-LD, dumps. What was written there before is replaced at the end.
    """
    from kg.installation import require_own

    require_own("web")
    from kg.ontology.project import project_ontology
    from kg.store.embedded.graph import EmbeddedGraph
    from kg.store.embedded.opening import open_store
    from web.app import create_app
    from web.freezing.freeze import freeze as copy

    settings = Settings.load(directory)
    if not force:
        settings.require_public()
    release, ontology = Release.current(settings.directory), project_ontology(settings)
    with release.hold():
        store = open_store(release, settings)
        graph = EmbeddedGraph(release, settings, ontology.prefixes, store, ontology.former)
        count = copy(create_app(settings, graph), graph.open, release, out, _Shown())
    click.echo(f"Release {release.id}: {count:,} addresses in {out}")


@main.command()
@click.argument("where", metavar="[DIR|URL]", default=".")
def mcp(where: str) -> None:
    """Serve tools for an agent (Model Context Protocol) over standard input and output, on the
    project in DIR or on a site that is published at URL.
    """
    from kg.installation import require_extra

    require_extra("mcp", "mcp")
    from kg.agents.tools import run

    run(where)


@main.command()
@click.argument("directory", metavar="DIR", type=click.Path(path_type=Path))
def init(directory: Path) -> None:
    """Start a project in DIR: folders, kg.toml, a commented sheet."""
    from kg import scaffold

    for path in scaffold.create(directory):
        click.echo(f"created {path}")
    click.echo(f"Next: kg serve {directory}")


@main.command()
@directory
def settings(directory: Path) -> None:
    """List every setting with its value in DIR, its default and its meaning."""
    current = Settings.load(directory)
    for each in declared():
        value, default = getattr(current, each.name), default_of(each)
        origin = "" if value == default else f"  (default {_shown(default)})"
        click.echo(f"{each.name} = {_shown(value)}{origin}")
        variable = "" if each.name == "sources" else f"; KG_{each.name.upper()}"
        click.echo(f"    {each.metadata['help']}{variable}")


def _shown(value: Any) -> str:
    return f'"{value}"' if isinstance(value, str) else str(value)


def _settings(directory: Path, sources: tuple[str, ...], **overrides: Any) -> Settings:
    paths = {name: str(Path(path).absolute()) for name, path in _pairs(sources, "--source").items()}
    settings = Settings.load(directory, **overrides)
    return settings.with_sources(paths) if paths else settings


def _pairs(given: tuple[str, ...], option: str) -> dict[str, str]:
    pairs = {}
    for each in given:
        name, equals, value = each.partition("=")
        if not name or not equals or not value:
            raise click.BadParameter(f"{each!r} is not NAME=VALUE", param_hint=option)
        pairs[name] = value
    return pairs


class _Shown:
    """Progress as a bar on a terminal and as plain lines in a log."""

    def stage(self, title: str) -> None:
        click.echo(f"{title} …", err=True)

    def track(self, items: Iterable[Item], total: int | None, unit: str) -> Iterator[Item]:
        if not sys.stderr.isatty():
            yield from items
            return
        with click.progressbar(
            items, length=total, label=f"  {unit}", file=sys.stderr, show_pos=True, show_eta=True
        ) as bar:
            yield from bar

    def warn(self, text: str) -> None:
        click.echo(f"kg: {text}", err=True)
