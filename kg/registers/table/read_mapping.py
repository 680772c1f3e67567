"""Reading a mapping: every fault of it with line, what was found, and what is allowed."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable, Mapping
from decimal import Decimal, InvalidOperation
from pathlib import Path

from kg.model.errors import DataError
from kg.model.facts import Ref, Url
from kg.model.iris import is_iri, parse_ref
from kg.model.nodes import Node, NodeReader, choice
from kg.ontology import Ontology, Property
from kg.registers.table.cells import BASES, Datatype, date_pattern
from kg.registers.table.mapping import Column, Described, Dialect, Table
from kg.registers.table.templates import Template

TABLE = (
    "url", "title", "publisher", "license", "homepage", "lang", "null", "dialect", "tableSchema",
    "short", "page", "words", "label", "entities", "maxBad", "notes",
)  # fmt: skip
SCHEMA = ("columns", "primaryKey", "aboutUrl")
COLUMN = (
    "name", "titles", "datatype", "required", "null", "default", "separator", "lang",
    "propertyUrl", "aboutUrl", "valueUrl", "virtual", "suppressOutput", "onError",
)  # fmt: skip
DIALECT = ("delimiter", "quoteChar", "encoding", "header", "skipRows", "commentPrefix")
FORMATS = {
    ".csv": "csv", ".tsv": "tsv", ".tab": "tsv", ".jsonl": "jsonl", ".ndjson": "jsonl",
    ".parquet": "parquet",
}  # fmt: skip
# The datatypes that the value of a property may have, by the kind of the property.
_LITERALS = {
    "integer": ("integer",),
    "decimal": ("decimal", "number", "double", "float", "integer"),
    "date": ("date", "gYearMonth", "gYear"),
    "boolean": ("boolean",),
    "url": ("anyURI",),
    "text": ("string",),
    "string": ("string", "NMTOKEN"),
    "concept": ("string", "NMTOKEN"),
}


def read_mapping(path: Path, ontology: Ontology) -> Table:
    """The mapping in the YAML file at `path`, in the terms of `ontology`.

    Raises:
        DataError: with every fault of it.
    """
    reader = NodeReader(path.name)
    root = reader.load(path)
    table = _Mapping(reader, ontology, path.parent).table(root) if root else None
    if reader.problems or table is None:
        raise DataError(reader.problems)
    return table


class _Mapping:
    """Reads nodes; what is wrong goes to the reader's problems."""

    def __init__(self, reader: NodeReader, ontology: Ontology, folder: Path) -> None:
        self._reader, self._ontology, self._folder = reader, ontology, folder
        self._names: tuple[str, ...] = ()
        self._null = frozenset({""})
        self._language = "en"

    def table(self, root: Node) -> Table | None:
        reader = self._reader
        parts = reader.members(root, TABLE, ("url", "title", "tableSchema"))
        schema_node = parts.get("tableSchema")
        schema = reader.members(schema_node, SCHEMA, ("columns", "primaryKey", "aboutUrl"))
        self._null = self._nulls(parts.get("null"), self._null)
        self._language = self._text(parts, "lang", "en")
        nodes = [reader.members(each, COLUMN) for each in reader.items(schema.get("columns"))]
        self._names = tuple(
            self._name(each) for each in nodes if not self._true(each.get("virtual"))
        )
        columns = tuple(self._column(each) for each in nodes)
        key = schema.get("primaryKey")
        keys = (
            [reader.text(each) for each in reader.items(key)]
            if key and isinstance(key.value, tuple)
            else [reader.text(key)]
        )
        for each in keys:
            if key and each and each not in self._names:
                reader.fault(key, choice(each, self._names), repr(each))
        words = self._text(parts, "words", "")
        if words and words not in self._names:
            reader.fault(parts["words"], choice(words, self._names), f"the column {words!r}")
        data = self._folder / self._text(parts, "url", "")
        if "url" in parts and data.suffix.lower() not in FORMATS:
            reader.fault(parts["url"], f"a file that ends in {', '.join(FORMATS)}")
        elif "url" in parts and not data.is_file():
            reader.fault(parts["url"], f"a file below {self._folder}")
        if reader.problems:
            return None
        title = self._text(parts, "title", "")
        return Table(
            file=reader.file,
            data=data,
            format=FORMATS[data.suffix.lower()],
            dialect=self._dialect(parts.get("dialect"), FORMATS[data.suffix.lower()]),
            title=title,
            publisher=self._ref(parts.get("publisher")),
            licence=self._url(parts.get("license")),
            homepage=self._url(parts.get("homepage")),
            language=self._language,
            short=self._text(parts, "short", ""),
            page=self._template(parts["page"]) if "page" in parts else None,
            words=words,
            key=tuple(filter(None, keys)),
            about=self._template(schema["aboutUrl"], ref=True),
            label=self._template(parts["label"]) if "label" in parts
            else Template(f"{title}: {{{keys[0]}}}"),
            columns=columns,
            entities=tuple(self._entity(each) for each in reader.items(parts.get("entities"))),
            bad=self._share(parts.get("maxBad")),
        )  # fmt: skip

    def _name(self, parts: Mapping[str, Node]) -> str:
        """A column goes by its name; by its title where that is all it has (CSVW §5.6)."""
        return self._text(parts, "name", "") or self._text(parts, "titles", "")

    def _column(self, parts: Mapping[str, Node]) -> Column:
        reader, name = self._reader, self._name(parts)
        virtual = self._true(parts.get("virtual"))
        if not virtual and not re.fullmatch(r"[^{}]+", name):
            for node in [*parts.values()][:1]:
                reader.fault(node, "a column with a name without braces, or titles", repr(name))
        about, value = (
            self._template(parts[key], ref=True) if key in parts else None
            for key in ("aboutUrl", "valueUrl")
        )
        datatype = self._datatype(parts.get("datatype"))
        named = self._property(parts.get("propertyUrl"))
        if named and "propertyUrl" in parts:
            self._fits(
                parts["propertyUrl"], named, datatype, value, virtual and "default" not in parts
            )
        error = self._text(parts, "onError", "row")
        if error not in {"row", "cell"}:
            reader.fault(parts["onError"], "row or cell")
        return Column(
            name=name,
            title=self._text(parts, "titles", name),
            datatype=datatype,
            required=self._true(parts.get("required")),
            null=self._nulls(parts.get("null"), self._null),
            default=self._text(parts, "default", ""),
            separator=self._text(parts, "separator", ""),
            language=self._text(parts, "lang", ""),
            property=named.name if named else "",
            about=about,
            value=value,
            kind=named.kind if named else "any",
            concepts=self._ontology.concepts(named.scheme) if named and named.scheme else (),
            virtual=virtual,
            lenient=error == "cell",
            suppressed=self._true(parts.get("suppressOutput")),
        )

    def _property(self, node: Node | None) -> Property | None:
        name = self._reader.text(node)
        if name is None or node is None:
            return None
        found = self._ontology.named(name)
        if isinstance(found, Property):
            return found
        self._reader.fault(node, choice(name, self._ontology.properties), repr(name))
        return None

    def _fits(
        self, node: Node, named: Property, datatype: Datatype, value: Template | None, bare: bool
    ) -> None:
        """Whether a column can state what the property says."""
        entity = named.kind == "entity"
        if entity and value is None:
            self._reader.fault(node, f"{named.name} with a valueUrl, as TYPE/{{column}}")
        elif value is not None and named.kind not in ("entity", "any"):
            self._reader.fault(node, f"{named.name} without a valueUrl: it states a {named.kind}")
        elif value is None and bare:
            self._reader.fault(node, "a valueUrl or a default, for a virtual column")
        elif value is not None:
            self._in_class(node, value, named.range, named.name)
        elif (allowed := _LITERALS.get(named.kind)) and datatype.base not in allowed:
            self._reader.fault(node, f"{named.name} with the datatype {' or '.join(allowed)}")

    def _in_class(self, node: Node, template: Template, allowed: frozenset[str], name: str) -> None:
        cls = self._ontology.segments.get(template.text.partition("/")[0])
        if cls and allowed and not allowed & cls.lineage:
            listed = ", ".join(sorted(allowed))
            self._reader.fault(node, f"as object of {name}: {listed}", repr(template.text))

    def _template(self, node: Node, *, ref: bool = False) -> Template:
        reader = self._reader
        template = Template(reader.text(node) or "")
        if template.broken:
            reader.fault(node, "braces in pairs, as visit/{id}")
        for each in template.columns:
            if each not in self._names:
                reader.fault(node, choice(each, self._names), f"the column {each!r}")
        types = self._ontology.segments
        if ref and (named := template.text.partition("/")[0]) not in types:
            reader.fault(node, f"a type among {choice(named, types)}", repr(template.text))
        return template

    def _datatype(self, node: Node | None) -> Datatype:
        reader = self._reader
        if node is None:
            return Datatype()
        if isinstance(node.value, str):
            return Datatype(base=self._base(node))
        parts = reader.members(node, ("base", "format", "minimum", "maximum"), ("base",))
        base = self._base(parts.get("base"))
        low, high = (self._number(parts.get(key)) for key in ("minimum", "maximum"))
        return Datatype(base, self._format(parts.get("format"), base), low, high)

    def _base(self, node: Node | None) -> str:
        base = self._reader.text(node) or "string"
        if node and base not in BASES:
            self._reader.fault(node, choice(base, BASES))
            return "string"
        return base

    def _format(self, node: Node | None, base: str) -> str | tuple[str, str]:
        reader = self._reader
        if node is None:
            return ""
        if isinstance(node.value, dict):
            parts = reader.members(node, ("decimalChar", "groupChar"))
            return self._text(parts, "decimalChar", "."), self._text(parts, "groupChar", "")
        text = reader.text(node) or ""
        if not _is_format(text, base):
            allowed = {
                "string": "a regular expression",
                "boolean": "YES|NO",
                "date": "a date's format of yyyy, MM or M, dd or d, as dd.MM.yyyy",
            }
            reader.fault(node, allowed.get(base, "decimalChar and groupChar, for a number"))
        return text

    def _entity(self, node: Node) -> Described:
        parts = self._reader.members(node, ("aboutUrl", "label", "lang"), ("aboutUrl", "label"))
        nothing = Template("")
        return Described(
            about=self._template(parts["aboutUrl"], ref=True) if "aboutUrl" in parts else nothing,
            label=self._template(parts["label"]) if "label" in parts else nothing,
            language=self._text(parts, "lang", self._language),
        )

    def _dialect(self, node: Node | None, kind: str) -> Dialect:
        reader = self._reader
        parts = reader.members(node, DIALECT)
        encoding = self._text(parts, "encoding", "utf-8")
        try:
            codecs.lookup(encoding)
        except LookupError:
            reader.fault(parts["encoding"], "an encoding, as utf-8 or windows-1252")
        delimiter = self._text(parts, "delimiter", "\t" if kind == "tsv" else ",")
        delimiter = {"\\t": "\t", "tab": "\t"}.get(delimiter, delimiter)
        quote = self._text(parts, "quoteChar", '"')
        for key, mark in (("delimiter", delimiter), ("quoteChar", quote)):
            if len(mark) != 1:
                reader.fault(parts[key], "one character")
        return Dialect(
            delimiter=delimiter,
            quote=quote,
            encoding=encoding,
            header="header" not in parts or self._true(parts["header"]),
            skip_rows=reader.whole(parts.get("skipRows")) or 0,
            comment=self._text(parts, "commentPrefix", ""),
        )

    def _share(self, node: Node | None) -> Decimal:
        share = self._number(node)
        if share is not None and node and not 0 <= share <= 1:
            self._reader.fault(node, "a share of the rows from 0 to 1")
        return Decimal("0.01") if share is None else share

    def _number(self, node: Node | None) -> Decimal | None:
        words = self._reader.text(node)
        if words is None or node is None:
            return None
        try:
            return Decimal(words)
        except InvalidOperation:
            self._reader.fault(node, "a number")
            return None

    def _nulls(self, node: Node | None, otherwise: frozenset[str]) -> frozenset[str]:
        """Words that stand for nothing; an empty cell does so always."""
        if node is None:
            return otherwise
        listed: Iterable[Node] = node.value if isinstance(node.value, tuple) else (node,)
        return frozenset({"", *(each.value for each in listed if isinstance(each.value, str))})

    def _true(self, node: Node | None) -> bool:
        if node is not None and node.value not in {"true", "false"}:
            self._reader.fault(node, "true or false")
        return node is not None and node.value == "true"

    def _text(self, parts: Mapping[str, Node], key: str, default: str) -> str:
        return (self._reader.text(parts[key]) or default) if key in parts else default

    def _ref(self, node: Node | None) -> Ref | None:
        words = self._reader.text(node)
        if words is None or node is None:
            return None
        try:
            return parse_ref(words)
        except ValueError:
            self._reader.fault(node, "TYPE/SLUG, as in organization/assembly")
            return None

    def _url(self, node: Node | None) -> Url | None:
        words = self._reader.text(node)
        if words is None or node is None or is_iri(words):
            return Url(words) if words else None
        self._reader.fault(node, "an absolute http(s) IRI")
        return None


def _is_format(text: str, base: str) -> bool:
    try:
        if base == "string":
            re.compile(text)
        elif base in {"date", "gYearMonth", "gYear"}:
            date_pattern(text)
        else:
            return base == "boolean" and text.count("|") == 1
    except (ValueError, re.error):
        return False
    return True
