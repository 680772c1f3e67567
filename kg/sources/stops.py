"""What stops abroad and visits to the United States have in common: people, posts, states."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from kg.facts import Entity, Record, Ref, Statement, Text, Url
from kg.iris import slugify
from kg.sources import Known
from kg.sources.names import fold
from kg.sources.people import SINGLE
from kg.sources.pocom_people import pocom_name
from kg.sources.survey import Named, Survey

PUBLISHER = Ref("organization/office-of-the-historian")
CC0 = Url("https://creativecommons.org/publicdomain/zero/1.0/")
# Offices that tell a post: the holder of one has it, not stands in, hopes for or has left it.
_POSTS = SINGLE | {"vice", "heir", "defense"}
# An office told this many times less often than another is taken for a slip, and not stated.
_SLIP = 10
_NOT_YET = re.compile(
    r"\b(?:Acting|Interim|Former|Provisional|Caretaker)\b|then-|outgoing|-(?:elect|designate)",
    re.IGNORECASE,
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
    return Record(
        ref=record.ref, label=row.label, about=record.about, statements=merged, fields=record.fields
    )


class Stops:
    """Makes facts of the people and states that a survey found."""

    def __init__(self, survey: Survey) -> None:
        self._survey = survey
        self._labels = {person.ref: person.label for person in survey.people if person.ref}
        self._posts = {
            fold(text.value): ref
            for ref, entity in survey.known.entities.items()
            if ref.type == "post"
            for text in (entity.label, *entity.alt_labels)
        }

    def label(self, person: Ref, otherwise: str = "") -> str:
        """What a person is called: the sheets' word, else the commonest full one."""
        sheet = self._survey.known.entities.get(person)
        return sheet.label.value if sheet else otherwise or self._labels.get(person, otherwise)

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
        if not pocom_name(self._survey.known.paths.get("pocom"), pocom):
            yield self.person(ref, name, {name})

    def people(self) -> Iterator[Entity]:
        """Everybody whom a row names, save travellers and presidents: see `official`."""
        survey = self._survey
        own = set(survey.travellers)
        own |= {survey.traveller(term.id, "president") for term in survey.terms}
        named = {each.person.ref: each.person for names in survey.named.values() for each in names}
        for ref, person in sorted(named.items(), key=lambda item: str(item[0])):
            if ref is None or ref in own:
                continue
            full = [name for name in person.names if len(name.split()) > 1]
            name = person.label
            if not full:
                # Known by one name: the title or the nation tells who is meant.
                title = min(person.titles, key=lambda each: (-person.titles[each], each))
                name = f"{title} {name} of {survey.gazetteer.name(person.nation)}"
            yield self.person(ref, name, full or person.names, person.nation)
        yield from self._posts_named()

    def _posts_named(self) -> Iterator[Entity]:
        posts = {
            (each.nation, _plain(each.mention.title))
            for names in self._survey.named.values()
            for each in names
            if self._tells_post(each)
        }
        for nation, title in sorted(posts):
            yield from self.post_entity(nation, title)

    def _tells_post(self, named: Named) -> bool:
        mention = named.mention
        state = "/" not in named.nation and self._survey.gazetteer.is_state(named.nation)
        if mention.kind not in _POSTS or not state or _NOT_YET.search(mention.title):
            return False
        # "Prime Minister Lavrov", once among thirty-five rows, is a slip of the record.
        times = {kind: len(days) for kind, days in named.person.seen.items() if kind}
        return _SLIP * times.get(mention.kind, 1) > max(times.values(), default=0)

    def post(self, nation: str, title: str) -> Ref:
        """The post of that title in a state: the sheets' where one is called so."""
        label = self._post_label(nation, title)
        return self._posts.get(fold(label)) or Ref(f"post/{nation}/{slugify(title)}")

    def _post_label(self, nation: str, title: str) -> str:
        name = self._survey.gazetteer.name(nation)
        the = (
            "the "
            if re.match(r"United|Netherlands|Philippines|Bahamas|Czech R|Dominican R|Soviet", name)
            else ""
        )
        return f"{title} of {the}{name}"

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

    def participants(self, row: Ref, event: Ref, without: Ref | None = None) -> list[Statement]:
        """Who took part besides the travellers, and the posts that their titles say they hold."""
        found: list[Statement] = []
        for named in self._survey.named.get(row, ()):
            person = named.person.ref
            if person is None or person == without:
                continue
            found.append(Statement(event, "traveller" if named.visitor else "participant", person))
            if self._tells_post(named):
                post = self.post(named.nation, _plain(named.mention.title))
                found.append(Statement(person, "positionHeld", post))
        return list(dict.fromkeys(found))

    def countries(self) -> Iterator[Entity]:
        """The states and territories of all rows, and the United States."""
        gazetteer = self._survey.gazetteer
        raw = self._survey.countries
        for country in sorted({gazetteer.country(each) for each in raw} | {"united-states"}):
            yield from gazetteer.country_entities(country)


def _plain(title: str) -> str:
    """A title without the honorifics that follow it: one post, however it is written."""
    return re.sub(r"\s+", " ", title.partition(" and ")[0]).strip()
