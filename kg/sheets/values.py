"""Values of a sheet: references, concepts, dates, words, as the property's range asks."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation

from kg.model.dates import Date, Edtf, read_date
from kg.model.facts import Concept, Quantity, Ref, Statement, Text, Url, Value
from kg.model.faults import fault_in, fault_in_number
from kg.model.iris import parse_ref
from kg.model.nodes import Node, NodeReader, choice
from kg.model.texts import is_language
from kg.ontology import Ontology, Property

ID = re.compile(r"[a-z0-9][a-z0-9-]*\Z")  # of a document, of a claim in its sheet
QUANTITY = "schema:QuantitativeValue"
_COUNTED = ("number", "unit", "of", "approximate")
_NAMED = ("entity", "concept", "url")


class Values:
    """Reads values from nodes; what is wrong goes to the reader's problems."""

    def __init__(self, reader: NodeReader, ontology: Ontology, language: str = "en") -> None:
        self.reader = reader
        self.ontology = ontology
        self.language = language

    @classmethod
    def of_document(cls, reader: NodeReader, ontology: Ontology, head: Node) -> Values:
        """The values of a document's sheet, whose words are in its language."""
        node = head.value.get("language") if isinstance(head.value, dict) else None
        language = reader.text(node) or "en"
        if node is not None and not is_language(language):
            reader.fault(node, "a language tag (BCP 47), such as en")
            language = "en"
        return cls(reader, ontology, language)

    def ref(self, node: Node | None) -> Ref | None:
        words = self.reader.text(node)
        if words is None or node is None:
            return None
        try:
            found = parse_ref(words)
        except ValueError:
            self.reader.fault(node, "TYPE/SLUG, as in person/john-kerry")
            return None
        if found.type not in self.ontology.segments:
            self.reader.fault(node, "a type among " + choice(found.type, self.ontology.segments))
            return None
        return found

    def claim(self, node: Node | None, document: Ref) -> Ref | None:
        """A claim: by its id in the sheet of `document`, or of any as claim/DOCUMENT/ID."""
        words = self.reader.text(node)
        if words is None or node is None:
            return None
        if ID.match(words):
            return Ref(f"claim/{document.slug}/{words}")
        found = self.ref(node)
        if found is not None and found.type != "claim":
            self.reader.fault(node, "a claim: its id in this sheet, or claim/DOCUMENT/ID")
            return None
        return found

    def refs(self, node: Node | None) -> tuple[Ref, ...]:
        found = (self.ref(item) for item in self.reader.items(node))
        return tuple(each for each in found if each is not None)

    def concept(self, node: Node | None, scheme: str) -> Concept | None:
        words = self.reader.text(node)
        if words is None or node is None:
            return None
        allowed = self.ontology.concepts(scheme)
        if words not in allowed:
            self.reader.fault(node, choice(words, allowed))
            return None
        return Concept(words)

    def date(self, node: Node | None, *, julian: bool = False) -> Date | Edtf | None:
        """A date as EDTF writes it; see docs/dates.md."""
        words = self.reader.text(node)
        if words is None or node is None:
            return None
        try:
            return read_date(words, julian=julian)
        except ValueError as error:
            allowed = "a date that exists, as YYYY, YYYY-MM, YYYY-MM-DD or EDTF (docs/dates.md)"
            self.reader.fault(node, allowed, str(error))
            return None

    def url(self, node: Node | None) -> Url | None:
        words = self.reader.text(node)
        if words is None or node is None:
            return None
        if fault := fault_in(url := Url(words)):
            self.reader.fault(node, fault.allowed)
            return None
        return url

    def decimal(self, node: Node | None, low: float, high: float) -> Decimal | None:
        words = self.reader.text(node)
        if words is None or node is None:
            return None
        try:
            number = Decimal(words)
        except InvalidOperation:
            number = Decimal("NaN")
        if not number.is_finite() or not low <= number <= high:
            self.reader.fault(node, f"a decimal number from {low:g} to {high:g}")
            return None
        if fault := fault_in_number(number):
            self.reader.fault(node, fault.allowed)
            return None
        return number

    def boolean(self, node: Node | None, default: bool) -> bool:
        words = self.reader.text(node)
        if words is None or node is None:
            return default
        if words not in ("true", "false"):
            self.reader.fault(node, "true or false")
            return default
        return words == "true"

    def tagged(self, node: Node | None) -> Text | None:
        """Words, with a language after the last `@` where it is not the sheet's: `Сочи@ru`."""
        words = self.reader.text(node)
        if words is None or node is None:
            return None
        name, mark, tag = words.rpartition("@")
        if not mark:
            return Text(words, self.language)
        if not is_language(tag):
            self.reader.fault(node, "words, or words@LANGUAGE with a tag such as ru or zh-Hant")
            return None
        return Text(name, tag)

    def prose(self, node: Node | None) -> Text | None:
        """A sentence of ours: as `tagged`, but an `@` before no language stands for itself."""
        words = self.reader.text(node)
        if words is None:
            return None
        name, mark, tag = words.rpartition("@")
        return Text(name, tag) if mark and is_language(tag) else Text(words, self.language)

    def quantity(self, node: Node) -> Quantity | None:
        """`{number: 84, unit: votes, of: the motion, approximate: true}`; or a number alone."""
        if not isinstance(node.value, dict):
            node = Node(node.line, node.path, {"number": node})
        members = self.reader.members(node, _COUNTED, required=("number",))
        number = self.decimal(members.get("number"), float("-inf"), float("inf"))
        unit, of = self.reader.text(members.get("unit")), self.reader.text(members.get("of"))
        approximate = self.boolean(members.get("approximate"), default=False)
        if number is None:
            return None
        return Quantity(number, unit or "", of or "", approximate, self.language)

    def property(self, node: Node | None) -> Property | None:
        """The property that a claim or a record's statement names."""
        words = self.reader.text(node)
        if words is None or node is None:
            return None
        found = self.ontology.named(words)
        if isinstance(found, Property) and self.ontology.is_former(words):
            self.reader.note(node, f"{words} is {found.name} now")
        if not isinstance(found, Property) or not found.claimable:
            claimable = [each.name for each in self.ontology.properties.values() if each.claimable]
            self.reader.fault(node, choice(words, claimable))
            return None
        return found

    def statement(self, node: Node, members: dict[str, Node], subject: Ref) -> Statement | None:
        """`property` with its `object` (a reference or a concept) or `value` (a literal)."""
        declared = self.property(members.get("property"))
        if declared is None:
            return None
        counted = QUANTITY in declared.range
        key = "object" if declared.kind in _NAMED and not counted else "value"
        if key not in members:
            self.reader.fault(node, f"the key {key!r} for {declared.name}", "none")
            return None
        self._class_of(members.get("subject", node), subject, declared.domain, declared.name)
        if "julian" in members and declared.kind != "date":
            self.reader.fault(members["julian"], "it beside a date alone")
        julian = self.boolean(members.get("julian"), default=False)
        value = (
            self.quantity(members[key])
            if counted
            else self._value(members[key], declared, julian=julian)
        )
        return None if value is None else Statement(subject, declared.name, value)

    def _value(self, node: Node, declared: Property, *, julian: bool) -> Value | None:
        match declared.kind:
            case "entity":
                found = self.ref(node)
                if found is not None:
                    self._class_of(node, found, declared.range, declared.name)
                return found
            case "concept":
                return self.concept(node, declared.scheme)
            case "date":
                return self.date(node, julian=julian)
            case "text":
                return self.tagged(node)
            case "boolean":
                return self.boolean(node, default=False)
            case "url":
                return self.url(node)
            case "decimal":
                return self.decimal(node, float("-inf"), float("inf"))
            case "integer":
                return self.reader.whole(node)
            case _:
                return self.reader.text(node)

    def _class_of(self, node: Node, ref: Ref, allowed: frozenset[str], name: str) -> None:
        """The class of `ref` must be one that the ontology allows there, or a subclass of it."""
        if allowed and not allowed & self.ontology.segments[ref.type].lineage:
            side = "object" if ref == node.value else "subject"
            self.reader.fault(node, f"as {side} of {name}: {', '.join(sorted(allowed))}", repr(ref))
