"""Pages and data made beside the store, in children where a query costs no change of process.

The store forks the children; `web.serving.front` sends them requests. A page that takes too long,
or breaks the engine, is lost with its child and nothing else.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from flask import Flask
from granian.rsgi import Scope
from werkzeug.test import run_wsgi_app

from kg.model.settings import Settings
from kg.store import Graph
from kg.store.embedded.dialogue import content
from kg.store.embedded.frames import Frame
from kg.store.embedded.worker import handed
from web.app import create_app
from web.serving import bridge
from web.site.http import Response


def prepare(settings: Settings, graph: Graph) -> Callable[[Frame], Frame]:
    """An app over `graph`, to be shared by the children that are forked from here."""
    app = create_app(settings, graph)
    for name in app.jinja_env.list_templates():
        app.jinja_env.get_template(name)  # compiled now, it is in every child
    return partial(respond, app)


def ask(scope: Scope, sender: str) -> Frame:
    """The frame that asks for what `sender` wants."""
    return Frame({"environ": bridge.described(scope, sender)})


def respond(app: Flask, request: Frame) -> Frame:
    """The frame with the response of `app`."""
    parts, status, headers = run_wsgi_app(
        app, bridge.environ(request.fields["environ"]), buffered=True
    )
    fields = {
        "status": int(status[:3]),
        "headers": headers.to_wsgi_list(),
        "release": app.config["GRAPH"].release.id,
    }
    return handed(fields, b"".join(parts))


def read(reply: Frame) -> Response:
    """The response in a frame."""
    fields = reply.fields
    return Response(
        status=fields["status"],
        headers=tuple((name, value) for name, value in fields["headers"]),
        body=content(reply),
        log={"release": fields["release"]},
    )
