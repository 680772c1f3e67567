"""Errors as answers: RFC 9457 for machines, a page for people, and a page on each kind."""

from web.problems.kinds import KINDS, Kind
from web.problems.responses import Problem, of_http, of_query, plain, register, respond

__all__ = ["KINDS", "Kind", "Problem", "of_http", "of_query", "plain", "register", "respond"]
