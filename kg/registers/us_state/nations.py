"""Adjectives of nations and organizations, by the raw identifiers of the travel records."""

from __future__ import annotations

import re

from kg.model.iris import slugify

US = "united-states"

_ADJECTIVES = """
afghanistan Afghan, Afghani
albania Albanian
algeria Algerian
angola Angolan
argentina Argentine, Argentinian
armenia Armenian
australia Australian
austria Austrian
azerbaijan Azerbaijani, Azeri
bahrain Bahraini
bangladesh Bangladeshi
belarus Belarusian, Byelorussian
belgium Belgian
bolivia Bolivian
bosnia-herzegovina Bosnian, Bosnian Serb, Bosnian Croat, Bosnian Muslim
brazil Brazilian
bulgaria Bulgarian
burma Burmese
cambodia Cambodian
canada Canadian
chile Chilean
china Chinese, PRC
colombia Colombian
congo-democratic-republic Congolese
costa-rica Costa Rican
croatia Croatian
cuba Cuban
cyprus Cypriot, Greek Cypriot, Turkish Cypriot
czech-republic Czech
czechoslovakia Czechoslovak
denmark Danish
dominican-republic Dominican
ecuador Ecuadorian, Ecuadoran
egypt Egyptian
el-salvador Salvadoran
eritrea Eritrean
estonia Estonian
ethiopia Ethiopian
fiji Fijian
finland Finnish
france French
georgia Georgian
germany German, West German
german-democratic-republic East German
ghana Ghanaian
greece Greek
guatemala Guatemalan
guyana Guyanese
haiti Haitian
honduras Honduran
hungary Hungarian
iceland Icelandic
india Indian
indonesia Indonesian
iran Iranian
iraq Iraqi
ireland Irish
israel Israeli
italy Italian
jamaica Jamaican
japan Japanese
jordan Jordanian
kazakhstan Kazakh, Kazakhstani
kenya Kenyan
korea-north North Korean
korea-south South Korean, Korean, ROK
kosovo Kosovar, Kosovo
kuwait Kuwaiti
kyrgyzstan Kyrgyz
laos Laotian, Lao
latvia Latvian
lebanon Lebanese
liberia Liberian
libya Libyan
lithuania Lithuanian
luxembourg Luxembourg
macedonia Macedonian
malaysia Malaysian
mali Malian
malta Maltese
mexico Mexican
moldova Moldovan
mongolia Mongolian
montenegro Montenegrin
morocco Moroccan
namibia Namibian
nepal Nepalese
netherlands Dutch
new-zealand New Zealand
nicaragua Nicaraguan
nigeria Nigerian
norway Norwegian
oman Omani
pakistan Pakistani
palestinian-authority Palestinian Authority, Palestinian, PLO, PA
panama Panamanian
paraguay Paraguayan
peru Peruvian
philippines Philippine, Filipino
poland Polish
portugal Portuguese
qatar Qatari
romania Romanian
russia Russian, Soviet
rwanda Rwandan
saudi-arabia Saudi, Saudi Arabian
senegal Senegalese
serbia Serbian, Serb
singapore Singaporean
slovakia Slovak
slovenia Slovenian
somalia Somali
south-africa South African
spain Spanish
sri-lanka Sri Lankan
sudan Sudanese
sweden Swedish
switzerland Swiss
syria Syrian
taiwan Taiwanese
tanzania Tanzanian
thailand Thai
tunisia Tunisian
turkey Turkish
uganda Ugandan
ukraine Ukrainian
united-arab-emirates Emirati, UAE
united-kingdom British, UK
united-states American, U.S., US
uruguay Uruguayan
uzbekistan Uzbek
venezuela Venezuelan
vietnam Vietnamese, South Vietnamese, North Vietnamese
yemen Yemeni
yugoslavia Yugoslav
zambia Zambian
zimbabwe Zimbabwean
organization/united-nations UN, U.N., United Nations
organization/nato NATO
organization/european-union EU, European Union, EC, European Community, European Commission
organization/european-union European Council, European Parliament
organization/arab-league Arab League
organization/african-union African Union, AU, African Union Commission
organization/oas OAS
organization/asean ASEAN
organization/gulf-cooperation-council Gulf Cooperation Council, GCC
organization/quartet Quartet
organization/iaea IAEA
organization/osce OSCE
"""


def _table() -> dict[str, str]:
    table: dict[str, str] = {}
    for line in _ADJECTIVES.strip().splitlines():
        nation, _, adjectives = line.partition(" ")
        table |= dict.fromkeys(adjectives.split(", "), nation)
    return table


def adjective(nation: str) -> str:
    """What is of the nation: French."""
    return next((each for each, known in NATION_OF.items() if known == nation), "")


def plain_name(nation: str) -> str:
    """What a raw identifier says: `organization/nato` is NATO, `costa-rica` Costa Rica."""
    slug = nation.rpartition("/")[2]
    spelt = (each for each, known in NATION_OF.items() if known == nation)
    return next((each for each in spelt if slugify(each) == slug), slug.replace("-", " ").title())


NATION_OF = _table()
ADJECTIVE = "|".join(re.escape(each) for each in sorted(NATION_OF, key=len, reverse=True))
