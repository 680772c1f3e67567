"""Saved queries: a question in plain words, its parameters, and the SPARQL that answers it."""

from kg.queries.parameters import TYPES, Parameter, ParameterError
from kg.queries.project import Questions, project_queries, read_query
from kg.queries.saved import SavedQuery

__all__ = [
    "TYPES",
    "Parameter",
    "ParameterError",
    "Questions",
    "SavedQuery",
    "project_queries",
    "read_query",
]
