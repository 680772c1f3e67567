"""Values of facts as RDF terms."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from rdflib.namespace import XSD

from kg.model.facts import Concept, Date, Edtf, Quantity, Ref, Statement, Text, Url, Value
from kg.model.iris import Minter
from kg.model.namespaces import CLM, EDTF
from kg.model.rdf import Iri, Literal, Quad, Term

# XML Schema 1.1 part 2, §3.3.9 to §3.3.11: a date is as precise as its datatype.
_DATATYPES = {"day": str(XSD.date), "month": str(XSD.gYearMonth), "year": str(XSD.gYear)}
_TIME, _JULIAN = str(XSD.dateTime), str(CLM.julianDate)


@dataclass(frozen=True, slots=True)
class Terms:
    """Turns references, names of properties and concepts, and values into terms.

    `minter` mints under the base IRI of the publication; `iris` are the IRIs of properties and
    concepts by the short names that facts use (`kg.ontology.Ontology.iris`).
    """

    minter: Minter
    iris: Mapping[str, Iri]

    def term(self, value: Value) -> Term:
        match value:
            case Ref():
                return self.minter.entity(value)
            case Concept():
                return self.iris[value]
            case Url():
                return str(value)
            case Text():
                return Literal(value.value, language=value.language)
            case Quantity():
                return self.minter.quantity(value)
            case Date() | Edtf():
                return _date(value)
            case bool():
                return Literal("true" if value else "false", str(XSD.boolean))
            case int():
                return Literal(str(value), str(XSD.integer))
            case Decimal():
                return Literal(format(value, "f"), str(XSD.decimal))
            case _:
                return Literal(value)

    def quad(self, statement: Statement, graph: Iri) -> Quad:
        """The plain triple of a statement, in `graph`."""
        return Quad(
            self.minter.entity(statement.subject),
            self.iris[statement.property],
            self.term(statement.value),
            graph,
        )


def _date(value: Date | Edtf) -> Literal:
    if isinstance(value, Date):
        return Literal(value.iso, _DATATYPES[value.precision])
    of_time = _TIME if "T" in value.text else EDTF
    return Literal(value.text, _JULIAN if value.julian else of_time)
