"""Reconciliation for OpenRefine: names in a spreadsheet to entities of the graph."""

from web.reconcile.views import blueprint

__all__ = ["blueprint"]
