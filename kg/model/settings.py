"""Every setting, declared once: its default, its help, its place in `kg.toml` and in `KG_…`.

A value comes from the first of: a command's option, the environment (`KG_QUERY_TIMEOUT=5`),
`kg.toml` (`query_timeout = 5`), the default.
"""

from __future__ import annotations

import difflib
import ipaddress
import math
import os
import re
import tomllib
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import MISSING, Field, dataclass, field, fields, replace
from pathlib import Path
from typing import Any, get_type_hints
from urllib.parse import urlsplit

from kg.model import limits
from kg.model.errors import ChanceryError
from kg.model.files import Unreadable, read_file
from kg.model.iris import is_absolute
from kg.model.texts import fault_in_words

FILE = "kg.toml"
# A host without a user's name, and perhaps a port and a path.
_BASE = re.compile(r"https?://(?:\[[^]]+\]|[^/?#@:]+)(?::[0-9]{1,5})?/(?:[^?#]*/)?")
_PREFIX = re.compile(r"[a-z][a-z0-9-]*")  # SPARQL 1.1 §19.8 [168], in lower case
_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8})*")  # RFC 5646 §2.1
# RFC 6068 §2; no other braces than those of the two words.
_REPORTS = re.compile(
    r"mailto:[^\s{}<>\"?#@]+@[^\s{}<>\"?#@]+"
    r"|https://[^\s{}<>\"/?#@]+(?:[/?#](?:[^\s{}<>\"]|\{subject\}|\{body\})*)?"
)
Network = ipaddress.IPv4Network | ipaddress.IPv6Network
_DOI = re.compile(r"10\.[0-9]{4,9}/[!-~]{1,200}")  # DOI Handbook §2.2, in ASCII
# RFC 6761, RFC 6762, and what routers and companies call their own.
_OWN = {"home", "internal", "invalid", "lan", "local", "localdomain", "localhost", "test"}
_TRIPLE = 700  # bytes of memory that one takes, measured


class SettingError(ChanceryError):
    """A setting has a name or a value that cannot be used."""


def setting(
    default: Any,
    text: str,
    least: float = 0,
    most: float = math.inf,
    choices: tuple[str, ...] = (),
) -> Any:
    """Declare one setting. `text` is the help that `kg settings` prints; numbers are bounded, and
    words may be one of some `choices`.
    """
    metadata = {"help": text, "least": least, "most": most, "choices": choices}
    if isinstance(default, dict):
        return field(default_factory=dict, metadata=metadata)
    return field(default=default, metadata=metadata)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The settings of one project directory."""

    directory: Path = Path()

    base: str = setting(
        "http://localhost:8000/", "absolute IRI, ending in /, under which the graph is published"
    )
    title: str = setting("Chancery", "name of the published graph")
    description: str = setting(
        "A knowledge graph in which every statement leads to its source.",
        "one sentence on what the graph holds",
    )
    publisher: str = setting(
        "", "who publishes the graph, as catalogues name them; empty: its title"
    )
    language: str = setting(
        "en", "language that names are told in, where a reader prefers none that the graph has"
    )
    licence: str = setting(
        "https://creativecommons.org/licenses/by/4.0/", "IRI of the licence of the graph"
    )
    sources: Mapping[str, Mapping[str, Any]] = setting(
        {},
        "data sets besides the sheets, in the table [sources]: name = path; or [sources.NAME] with "
        "use, path and other options",
    )
    vocabulary: str = setting(
        "diplomacy", "packaged vocabulary that the graph is written in; none: the base alone"
    )
    namespace: Mapping[str, str] = setting(
        {}, "the project's own terms (ontology/*.ttl): prefix and iri, in the table [namespace]"
    )
    dois: Mapping[str, str] = setting(
        {},
        "DOIs by which releases are cited, in the table [dois]: the id of a release = its DOI, and "
        "all = the one that stands for all of them",
    )
    broken_files: str = setting(
        "stop",
        "what a file of a register that cannot be read does: stop the build, or leave-out, which "
        "leaves it out and reports it",
        choices=("stop", "leave-out"),
    )
    texts: str = setting(
        "",
        "folder with the full texts of restricted documents, to be shown to readers and to prove "
        "claims by; empty: none",
    )
    keep: int = setting(
        0,
        "releases that stay whole on disk, and any that is served; of older ones only what they "
        "changed stays; 0: all stay",
    )
    withdrawals: str = setting(
        "tell",
        "claims and things of the sheets that the last release had and this one has not: the build "
        "tells them, or asks for a reason in the sheets and stops without",
        choices=("tell", "reason"),
    )
    report_to: str = setting(
        "",
        "where readers report errors: mailto: and an address, or an https address with {subject} "
        "and {body}, which are filled in; empty: pages have no such link",
    )
    host: str = setting("127.0.0.1", "address that the server listens on")
    port: int = setting(8000, "port that the server listens on", most=65535)

    request_timeout: float = setting(30.0, "seconds in which a request must arrive", least=0.001)
    query_timeout: float = setting(30.0, "seconds that a query may run", least=0.001)
    query_memory: int = setting(
        1024, "megabytes that a query may use beyond the open graph", least=1
    )
    result_size: int = setting(256, "megabytes that an answer may have", least=1)
    query_bytes: int = setting(262_144, "bytes that the text of a query may have", least=1)
    query_depth: int = setting(64, "levels that the brackets of a query may nest", least=1)
    query_operators: int = setting(4000, "operators and keywords that a query may hold", least=1)
    query_processes: int = setting(0, "queries that may run at once; 0: eight a core")
    query_queue: int = setting(64, "queries that may wait for a process")
    queue_timeout: float = setting(5.0, "seconds that a query may wait for a process")
    store_memory: int = setting(
        2048, "megabytes that the graph may take in memory; a larger one is read from its directory"
    )
    connections: int = setting(
        8192, "connections held at once, as far as there are descriptors", least=8
    )
    client_connections: int = setting(
        2048, "connections of one client; past that, those that have been idle longest end", least=1
    )
    client_queries: int = setting(
        8,
        "requests that take long, and large answers on their way, that one client may have at once",
        least=1,
    )
    client_seconds: float = setting(60.0, "seconds of computing that one client has a minute")
    client_header: str = setting(
        "",
        "header in which a reverse proxy names the client: forwarded, x-forwarded-for or another "
        "list of addresses; empty: none",
    )
    proxies: str = setting(
        "127.0.0.0/8, ::1", "addresses or networks of the reverse proxies that are believed"
    )
    cache_size: int = setting(64, "megabytes of answers kept in memory")
    access_log: str = setting(
        "", "file that gets a line of JSON for each request; -: standard error; empty: none"
    )

    @classmethod
    def load(cls, directory: Path, **overrides: Any) -> Settings:
        """Read the settings of `directory`.

        Overrides that are None count as not given.

        Raises:
            SettingError: `kg.toml` or a `KG_…` variable has an unknown name or an unusable value.
        """
        given = {
            **_from_file(directory / FILE),
            **_from_environment(os.environ),
            **{name: value for name, value in overrides.items() if value is not None},
        }
        if "sources" in given:
            given["sources"] = _sources(given["sources"])
        loaded = cls(directory=directory.absolute(), **given)
        if not _is_base(loaded.base):
            raise SettingError(
                f"base: found {loaded.base!r}; allowed: an http(s) IRI that ends in '/', without a "
                "user's name"
            )
        if not is_absolute(loaded.licence):
            raise SettingError(f"licence: found {loaded.licence!r}; allowed: an http(s) IRI")
        for name in ("title", "description"):
            if fault := fault_in_words(getattr(loaded, name), limits.NAME):
                raise SettingError(f"{name}: found {fault.found}; allowed: {fault.allowed}")
        if not _LANGUAGE.fullmatch(loaded.language):
            raise SettingError(f"language: found {loaded.language!r}; allowed: a tag, as pt-BR")
        if loaded.report_to and not _REPORTS.fullmatch(loaded.report_to):
            raise SettingError(
                f"report_to: found {loaded.report_to!r}; allowed: mailto:NAME@HOST, or an https "
                "address, with {subject} and {body} where these belong"
            )
        loaded._check_namespace()
        for name, doi in loaded.dois.items():
            if not (isinstance(doi, str) and _DOI.fullmatch(doi)):
                raise SettingError(f"dois: {name}: found {doi!r}; allowed: a DOI, as 10.5281/zen.1")
        _ = loaded.trusted
        return loaded

    def _check_namespace(self) -> None:
        prefix, iri = self.namespace.get("prefix", ""), self.namespace.get("iri", "")
        if not self.namespace:
            return
        if set(self.namespace) != {"prefix", "iri"} or not (
            _PREFIX.fullmatch(prefix) and is_absolute(iri) and iri.endswith(("#", "/"))
        ):
            raise SettingError(
                f"namespace: found {dict(self.namespace)}; allowed: prefix = a short name in "
                "lower case, iri = an http(s) IRI that ends in '#' or '/'"
            )

    @property
    def own_namespace(self) -> Mapping[str, str]:
        """The namespace of the project's own terms by its prefix; empty without one."""
        return {self.namespace["prefix"]: self.namespace["iri"]} if self.namespace else {}

    def with_sources(self, named: Mapping[str, str]) -> Settings:
        """The same settings with more data sets, or other paths of them."""
        paths = {name: {**self.sources.get(name, {}), "path": path} for name, path in named.items()}
        return replace(self, sources={**self.sources, **paths})

    def source_path(self, name: str) -> Path:
        """Where the data set `name` lies."""
        return self.directory / Path(self.sources[name]["path"]).expanduser()

    @property
    def texts_path(self) -> Path | None:
        """Where the texts of restricted documents lie, if anywhere."""
        return self.directory / Path(self.texts).expanduser() if self.texts else None

    @property
    def trusted(self) -> tuple[Network, ...]:
        """The networks of the proxies that may name a client.

        Raises:
            SettingError: `proxies` holds what is no address and no network.
        """
        try:
            given = [each.strip() for each in self.proxies.split(",")]
            return tuple(ipaddress.ip_network(each) for each in given if each)
        except ValueError as error:
            raise SettingError(
                f"proxies: {error}; allowed: addresses or networks with commas between them, "
                "as 127.0.0.1, 10.0.0.0/8"
            ) from None

    def require_public(self) -> None:
        """Refuse to publish IRIs that would lead others to a machine or a network of their own.

        Raises:
            SettingError: `base` does.
        """
        host = (urlsplit(self.base).hostname or "").rstrip(".")
        public = "." in host and host.rpartition(".")[2] not in _OWN
        with suppress(ValueError):
            public = ipaddress.ip_address(host).is_global
        if not public:
            raise SettingError(
                f"base: found {self.base!r}, where others find nothing; set it to the address at "
                "which the graph is to stay (docs/publishing.md), and build again; --force "
                "publishes all the same"
            )

    def holds(self, triples: int) -> bool:
        """Whether a graph of that many triples is held in memory, not read from its directory."""
        return triples * _TRIPLE <= self.store_memory << 20


def declared() -> Iterator[Field[Any]]:
    """The settings in the order of their declaration."""
    return (each for each in fields(Settings) if each.name != "directory")


def default_of(each: Field[Any]) -> Any:
    return each.default_factory() if each.default_factory is not MISSING else each.default


def convert(name: str, value: object, origin: str) -> Any:
    """Give `value` the type that the setting declares.

    Raises:
        SettingError: it cannot be read as that type.
    """
    kind = get_type_hints(Settings)[name]
    declaration = next(each for each in declared() if each.name == name)
    least, most = declaration.metadata["least"], declaration.metadata["most"]
    choices = declaration.metadata["choices"]
    if kind is str and isinstance(value, str) and (not choices or value in choices):
        return value
    if kind in (int, float):
        # In TOML a number of its kind; `true` is a number to Python alone.
        given = isinstance(value, (str, kind, int)) and not isinstance(value, bool)
        with suppress(ValueError):
            if given and least <= (number := kind(value)) <= most and math.isfinite(number):
                return number
    elif isinstance(value, Mapping):
        return dict(value)
    allowed = {str: "text", int: "a whole number", float: "a number"}.get(
        kind, "a table of name = path"
    )
    allowed = " or ".join(choices) or allowed
    if kind in (int, float):
        allowed += f" from {least}" + (f" to {most}" if math.isfinite(most) else "")
    raise SettingError(f"{origin}: found {value!r}; allowed: {allowed}")


def _is_base(iri: str) -> bool:
    try:
        urlsplit(iri).port  # noqa: B018 - it is read to be checked
    except ValueError:
        return False
    return is_absolute(iri) and _BASE.fullmatch(iri) is not None


def _sources(table: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    """Each source with its options, of which `NAME = "PATH"` gives one."""
    found: dict[str, Mapping[str, Any]] = {}
    for name, given in table.items():
        options = {"path": given} if isinstance(given, str) else given
        if not isinstance(options, Mapping):
            raise SettingError(
                f"sources: {name}: found {given!r}; allowed: a path, or a table of options"
            )
        for key in ("use", "path"):
            if not isinstance(options.get(key, ""), str):
                raise SettingError(f"sources: {name}: {key}: found {options[key]!r}; allowed: text")
        found[name] = options
    return found


def _from_file(path: Path) -> dict[str, Any]:
    if not path.exists() and not path.is_symlink():
        return {}
    try:
        table = tomllib.loads(read_file(path, limits.SHEET_BYTES).decode("utf-8"))
    except Unreadable as error:
        raise SettingError(str(error)) from None
    except RecursionError:
        raise SettingError(f"{path.name}: found brackets within brackets without end") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingError(f"{path.name}: {error}") from error
    names = [each.name for each in declared()]
    for name in table:
        if name not in names:
            near = difflib.get_close_matches(name, names, 1)
            hint = f"did you mean {near[0]!r}?" if near else "see 'kg settings'"
            raise SettingError(f"{path.name}: unknown setting {name!r}; {hint}")
    return {name: convert(name, value, f"{path.name}: {name}") for name, value in table.items()}


def _from_environment(environment: Mapping[str, str]) -> dict[str, Any]:
    given = {}
    for each in declared():
        variable = f"KG_{each.name.upper()}"
        if variable in environment and each.name != "sources":
            given[each.name] = convert(each.name, environment[variable], variable)
    return given
