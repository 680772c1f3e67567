"""The app factory: a Flask app over one published graph."""

from __future__ import annotations

from io import BytesIO
from typing import IO

from flask import Flask, Request

from kg.model.settings import Settings
from kg.store import Graph
from web import queries, reconcile, search, site, sparql, views
from web.citing.views import blueprint as citations
from web.claims.sentences import called
from web.claims.views import blueprint as claims
from web.compare.views import blueprint as compare
from web.data.views import blueprint as data
from web.days.views import blueprint as days
from web.disagreements.views import blueprint as disagreements
from web.discovery.views import blueprint as discovery
from web.documents.views import blueprint as documents
from web.dumps.views import blueprint as dumps
from web.dumps.views import files as dump_files
from web.entities.views import blueprint as entities
from web.explorer import views as explorer
from web.home.views import blueprint as home
from web.lists.views import blueprint as lists
from web.operations.views import blueprint as operations
from web.problems.views import blueprint as kinds
from web.releases.feeds import blueprint as release_feeds
from web.releases.views import blueprint as releases
from web.releases.views import files as release_files
from web.review.views import blueprint as review
from web.site import errors, metrics, pages, parameters
from web.site.citing import chicago
from web.site.mount import Mounted, root_of
from web.tables.views import blueprint as tables
from web.tables.views import sent as table_files
from web.terms.views import blueprint as terms

BLUEPRINTS = (
    sparql.blueprint,
    home,
    lists,
    entities,
    claims,
    compare,
    citations,
    documents,
    data,
    dumps,
    dump_files,
    tables,
    table_files,
    releases,
    release_files,
    release_feeds,
    terms,
    disagreements,
    days,
    discovery,
    operations,
    queries.blueprint,
    search.blueprint,
    views.blueprint,
    reconcile.blueprint,
    review,
    kinds,
)


class _Request(Request):
    """A request whose uploads stay in memory, since a child that serves may write no file; the
    server bounds the whole body.
    """

    def _get_file_stream(self, *_: object, **__: object) -> IO[bytes]:
        return BytesIO()


def create_app(settings: Settings, graph: Graph) -> Flask:
    """An app that publishes `graph`.

    Its views find both as `current_app.config["SETTINGS"]` and `current_app.config["GRAPH"]`, and
    as "PROCESSES" what tells how many are busy, idle and waited for: a server of several sets it.
    """
    app = Flask("web", static_folder="static", template_folder="templates")
    app.request_class = _Request
    app.wsgi_app = Mounted(app.wsgi_app, root_of(settings.base))  # type: ignore[method-assign]
    app.config.update(SETTINGS=settings, GRAPH=graph, PROCESSES=lambda: (1, 0, 0))
    site.register(app, claimed=called)
    pages.register(app)
    errors.register(app)
    parameters.register(app)
    chicago.register(app)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    app.register_blueprint(explorer.blueprint(app.extensions["chancery"].ontology))
    metrics.register(app)
    return app
