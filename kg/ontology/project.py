"""The ontology of one project: the base, the vocabulary that it uses, and its own terms."""

from __future__ import annotations

from kg.model.resources import resource
from kg.model.settings import SettingError, Settings
from kg.ontology import Ontology

# The vocabularies that come with the package, by the name that `kg.toml` gives them.
PACKAGED = {"diplomacy": "ontology"}
NONE = "none"


def project_ontology(settings: Settings) -> Ontology:
    """Read the ontology of the project that `settings` belong to.

    Raises:
        SettingError: `vocabulary` names none.
        DataError: a file is at fault.
    """
    if settings.vocabulary not in (*PACKAGED, NONE):
        allowed = ", ".join((*PACKAGED, NONE))
        raise SettingError(f"vocabulary: found {settings.vocabulary!r}; allowed: {allowed}")
    packaged = PACKAGED.get(settings.vocabulary)
    folders = [resource(packaged)] if packaged else []
    own = settings.directory / "ontology"
    if own.is_dir():
        folders.append(own)
    return Ontology.load(*folders, namespaces=settings.own_namespace)
