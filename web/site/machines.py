"""Answers for programs, and what a person sees who opens their address in a browser."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from flask import Response, jsonify, request

from web.site.negotiation import HTML, choose, prefers_html
from web.site.pages import html

JSON = "application/json"


@dataclass(frozen=True, slots=True)
class MachinePage:
    """`text` says what `answer`, in the format `written`, is for."""

    title: str
    text: str
    answer: str
    written: str = "JSON"


def wanted() -> bool:
    """Whether the client likes JSON better than the page, which who takes anything gets."""
    return choose(request.headers.get("Accept"), [HTML, JSON]) == JSON


def answer(found: Any, title: str, text: str, template: str = "machine.html") -> Response:
    """`found` as JSON; as a page for who prefers HTML to it."""
    if request.method != "POST" and prefers_html(request.headers.get("Accept"), [JSON]):
        written = json.dumps(found, ensure_ascii=False, indent=2)
        response = html(template, MachinePage(title, text, written))
    else:
        response = jsonify(found)
    response.vary.add("Accept")
    return response
