"""Pages and data made beside the store, in processes where a query costs no change of process.

The store runs `prepare` there; `web.serving.front` sends requests. A page that takes too long, or
breaks the engine, is lost with its process and nothing else.
"""

from __future__ import annotations

import json
import struct
from functools import partial
from mmap import mmap

from flask import Flask
from granian.rsgi import Scope
from werkzeug.test import run_wsgi_app

from kg.model.settings import Settings
from kg.store import Graph, Handler
from web.app import create_app
from web.serving import bridge
from web.site.http import Response

_HEAD = struct.Struct("!I")  # the length of a response's head, before its body


def prepare(settings: Settings, graph: Graph) -> Handler:
    """An app over `graph`, to be shared by the processes that are forked from here."""
    app = create_app(settings, graph)
    for name in app.jinja_env.list_templates():
        app.jinja_env.get_template(name)  # compiled now, it is in every process
    return partial(respond, app)


def request(scope: Scope, sender: str) -> bytes:
    """What asks for the page that `sender` wants."""
    return json.dumps(bridge.described(scope, sender)).encode()


def respond(app: Flask, request: bytes) -> bytes:
    """The response of `app` to a `request`."""
    parts, status, headers = run_wsgi_app(app, bridge.environ(json.loads(request)), buffered=True)
    release = app.config["GRAPH"].release.id
    head = json.dumps([int(status[:3]), headers.to_wsgi_list(), release]).encode()
    return b"".join([_HEAD.pack(len(head)), head, *parts])


def read(reply: bytes | mmap) -> Response:
    """The response that `respond` has written."""
    start = _HEAD.size + _HEAD.unpack_from(reply)[0]
    status, headers, release = json.loads(reply[_HEAD.size : start])
    return Response(
        status=status,
        headers=tuple((name, value) for name, value in headers),
        body=reply[start:],
        log={"release": release},
    )
