"""To be replaced by annotations of the ontology."""

from rdflib import Namespace

DIP = Namespace("https://w3id.org/chancery/ns#")
