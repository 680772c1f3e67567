"""`/`"""

from __future__ import annotations

from flask import Blueprint, Response, g

from web.home.page import home_page
from web.site import site
from web.site.pages import html, versioned

blueprint = versioned(Blueprint("home", __name__, template_folder="templates"), daily=True)


@blueprint.get("/")
def home() -> Response:
    """The first page."""
    return html("home/page.html", home_page(site(), g.day))
