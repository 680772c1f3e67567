"""`/sparql`: the endpoint as a blueprint, and its page for people."""

from web.sparql.views import PATH, blueprint

__all__ = ["PATH", "blueprint"]
