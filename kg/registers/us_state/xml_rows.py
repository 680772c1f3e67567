"""XML of public records, read so that every element is accounted for and every fault has a line.

Parsing is the C parser's; lines are looked up only where there is something to report, which
costs another pass over that one file and nothing elsewhere.
"""

from __future__ import annotations

import codecs
from array import array
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import astuple, dataclass, field
from functools import cached_property, lru_cache
from io import BytesIO
from pathlib import Path
from xml.etree import ElementTree
from xml.etree.ElementTree import Element
from xml.parsers import expat

from kg.model import limits
from kg.model.errors import DataError, Problem
from kg.model.facts import Date
from kg.model.files import Unreadable, read_file
from kg.model.iris import is_slug
from kg.model.sources import Issue
from kg.model.texts import fault_in_words
from kg.registers.us_state.elements import Element as Declared
from kg.registers.us_state.elements import Table


@dataclass(frozen=True, slots=True)
class Report:
    """What one partition, known to readers as `name`, could not use or ignored on purpose.

    `leave_out`: a file that cannot be read is one of these, and not the end of the build.
    """

    name: str
    leave_out: bool = False
    issues: list[Issue] = field(default_factory=list)
    ignored: Counter[tuple[str, str]] = field(default_factory=Counter)

    def file(self, path: Path, name: str, roots: Collection[str]) -> XmlFile | None:
        """The file at `path`, or None where it cannot be read and is left out.

        Raises:
            DataError: it cannot be read; see `XmlFile.read`.
        """
        try:
            return XmlFile.read(path, name, self, roots)
        except DataError as error:
            if not self.leave_out:
                raise
            for file, line, place, found, allowed in map(astuple, error.problems):
                reason = f"the file is left out; allowed: {allowed}"
                self.issues.append(Issue(file, line, place, found, reason))
            return None

    def all(self) -> Iterator[Issue]:
        """Each fault, then one issue for each name ignored, with how often it stands there."""
        yield from self.issues
        for (name, reason), count in sorted(self.ignored.items()):
            yield Issue(self.name, 0, name, f"{count} values", f"ignored: {reason}", count)


@dataclass
class XmlFile:
    """One file, called `name` in its partition's `report`; well-formed, and of a known kind.

    `tag` is the element that is its root. What is read of the file is counted by `_first`, the
    number of the element at which `_tree`, the root or the row at hand, begins.
    """

    name: str
    tag: str
    partition: Report
    _data: bytes
    _first: int = 0
    _tree: Element = field(default_factory=lambda: Element(""))

    @classmethod
    def read(cls, path: Path, name: str, partition: Report, roots: Collection[str]) -> XmlFile:
        """Look whether `path` is a file of XML whose root is one of `roots`.

        Raises:
            DataError: it is no file, not UTF-8, not well-formed, has another root (the same name
                in another namespace is another), or declares a document type: entities can stand
                for exponentially much, and the records have no use for them.
        """

        def refuse(line: int, found: str, allowed: str) -> DataError:
            return DataError([Problem(name, line, "", found, allowed)])

        try:
            data = read_file(path, limits.REGISTER_BYTES).removeprefix(codecs.BOM_UTF8)
            data.decode("utf-8")
        except Unreadable as error:
            raise refuse(0, error.found, error.allowed) from None
        except UnicodeDecodeError as error:
            line = error.object.count(b"\n", 0, error.start) + 1
            raise refuse(line, f"byte 0x{error.object[error.start]:02x}", "UTF-8") from None
        if (at := data.find(b"<!DOCTYPE")) >= 0:
            raise refuse(data.count(b"\n", 0, at) + 1, "a DOCTYPE", "XML without one")
        tags: list[str] = []
        # The encoding is settled above, whatever the declaration says (XML 1.0 §4.3.3).
        parser = expat.ParserCreate("utf-8", namespace_separator="}")

        def begin(tag: str, _: object) -> None:
            tags.extend([tag, str(parser.CurrentLineNumber)])
            parser.StartElementHandler = None

        parser.StartElementHandler = begin
        try:
            parser.Parse(data, True)
        except expat.ExpatError as error:
            found = expat.ErrorString(error.code)
            raise refuse(error.lineno, found, "well-formed XML") from None
        if tags[0] not in roots:
            found = f"the root {{{tags[0]}" if "}" in tags[0] else f"the root {tags[0]}"
            raise refuse(int(tags[1]), found, " or ".join(sorted(roots)) + ", in no namespace")
        return cls(name, tags[0], partition, data)

    @cached_property
    def root(self) -> Element:
        """The file as a tree."""
        self._tree = ElementTree.fromstring(self._data, _parser())  # noqa: S314 - no DOCTYPE, so no entities
        return self._tree

    def rows(self, tag: str, ignored: Mapping[str, str]) -> Iterator[Element]:
        """The rows below the root, one at a time. An element by another name is reported, or
        counted where it is `ignored`, for a reason.
        """
        depth = count = 0
        root = Element("")
        source = BytesIO(self._data)
        events = ElementTree.iterparse(source, ("start", "end"), _parser())  # noqa: S314 - no DOCTYPE
        for event, element in events:
            if event == "start":
                root = element if depth == 0 else root
                self._first = count if depth == 1 else self._first
                depth, count = depth + 1, count + 1
                continue
            depth -= 1
            if depth != 1:
                continue
            self._tree = element
            if element.tag == tag:
                yield element
            elif element.tag in ignored:
                self.partition.ignored[element.tag, ignored[element.tag]] += 1
            else:
                self.report(element, words(element), "unknown element")
            root.clear()  # of the rows that are done, which would fill the memory

    @property
    def place(self) -> int:
        """The number of the element that the row at hand is; see `line_at`."""
        return self._first

    def line(self, element: Element) -> int:
        """The line on which `element`, of the row at hand or of the root, begins."""
        within = next(at for at, each in enumerate(self._tree.iter()) if each is element)
        return self.line_at(self._first + within)

    def line_at(self, place: int) -> int:
        """The line on which the element of that number begins."""
        return self._lines[place]

    @cached_property
    def _lines(self) -> array[int]:
        starts = array("L")
        parser = expat.ParserCreate("utf-8")
        parser.StartElementHandler = lambda *_: starts.append(parser.CurrentLineNumber)
        parser.Parse(self._data, True)
        return starts

    def report(self, element: Element, found: str, reason: str, name: str | None = None) -> None:
        """Say that a value of `element` could not be used."""
        issue = Issue(self.name, self.line(element), name or element.tag, found[:500], reason)
        self.partition.issues.append(issue)

    def account(
        self, element: Element, table: Table, ignored: Mapping[str, str], path: str = ""
    ) -> bool:
        """Hold all that is below `element` to its table, and report what it does not allow.

        What is `ignored`, for a reason, is counted. Of what stands twice and may not, the first is
        read. What has another type is read as if it were not there. Words that no graph can hold
        leave the row out: then the answer is False.
        """
        sound = True
        seen: dict[str, Element] = {}
        for key, value in element.items():
            name = f"{path}@{key}"
            if name in ignored:
                self.partition.ignored[name, ignored[name]] += 1
            elif declared := table.elements.get(name):
                seen[name] = element
                sound &= self._check(element, value, declared, name)
            else:
                self.report(element, value, "unknown attribute", name)
        for child in element:
            name = path + child.tag
            declared = table.elements.get(name)
            if declared is None:
                self._unknown(child, name, ignored)
            elif name in seen and not declared.repeatable:
                reason = f"given twice: the one of line {self.line(seen[name])} is read"
                self.report(child, words(child), reason, name)
            else:
                seen[name] = child
                sound &= self._check(child, words(child), declared, name)
                holds = len(child) or child.keys() or name in table.required
                if holds and declared.type != "rows":
                    sound &= self.account(child, table, ignored, name + "/")
        for name in table.required.get(path.removesuffix("/"), ()):
            if name not in seen:
                self.report(element, "nothing", "missing", name)
        return sound

    def _unknown(self, child: Element, name: str, ignored: Mapping[str, str]) -> None:
        if name not in ignored:
            self.report(child, words(child), "unknown element", name)
        elif child.text or len(child):
            self.partition.ignored[name, ignored[name]] += 1

    def _check(self, element: Element, value: str, declared: Declared, name: str) -> bool:
        """Report a value that is not of its type; False for one that no graph can hold."""
        if declared.type in ("parts", "rows"):
            return True
        most = limits.NAME if declared.type == "name" else limits.WORDS
        if not value:
            if declared.type in ("id", "name") and declared.required:
                self.report(element, "nothing", "empty", name)
        elif declared.type == "id" and not _is_id(value):
            allowed = f"at most {limits.ID} letters, digits, '.', '_' and '-'"
            self.report(element, value, f"not an identifier of {allowed}", name)
        elif declared.type == "date" and _date(value) is None:
            self.report(element, value, "not a date that exists", name)
        elif fault := fault_in_words(value, most):
            self.report(element, fault.found, f"left out with its row: not {fault.allowed}", name)
            return False
        return True


def _parser() -> ElementTree.XMLParser:
    return ElementTree.XMLParser(encoding="utf-8")  # noqa: S314 - no DOCTYPE


def identifier(element: Element | None, attribute: str = "") -> str:
    """The identifier in `element`, or in its attribute; "" where there is none that an IRI can
    hold, which `account` reports.
    """
    if element is None:
        return ""
    text = element.get(attribute, "") if attribute else words(element)
    return text if _is_id(text) else ""


def _is_id(text: str) -> bool:
    return len(text) <= limits.ID and is_slug(text)


def date(element: Element | None) -> Date | None:
    """The date in `element`; None where it is empty, or unreadable, which `account` reports."""
    return _date(text) if (text := words(element)) else None


@lru_cache(maxsize=1 << 14)
def _date(text: str) -> Date | None:
    """One value for all rows of a day."""
    try:
        return Date(text)
    except ValueError:
        return None


def first(element: Element, path: str) -> Element | None:
    """The first element at the end of `path`, a tag or two with a slash between.

    `Element.find` looks for a single tag in C, for more of them in Python.
    """
    tag, _, rest = path.partition("/")
    found = element.find(tag)
    return found.find(rest) if rest and found is not None else found


def below(element: Element, path: str) -> list[Element]:
    """All that is at the end of `path`, a tag or several with slashes between, in order."""
    found = [element]
    for tag in path.split("/"):
        found = [child for each in found for child in each.findall(tag)]
    return found


def words(element: Element | None) -> str:
    """The text of an element and all below it, its line breaks and runs of spaces made one."""
    if element is None:
        return ""
    if len(element) == 0:
        return " ".join(element.text.split()) if element.text else ""
    return " ".join("".join(element.itertext()).split())
