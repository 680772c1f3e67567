"""The vocabulary of the seeds, as tests name its terms."""

from __future__ import annotations

from rdflib import Namespace

from kg.model.resources import resource
from kg.ontology import Ontology

DIP = Namespace("https://w3id.org/chancery/ns#")
ONTOLOGY = Ontology.load(resource("ontology"))
PREFIXES = ONTOLOGY.prefixes
