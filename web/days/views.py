"""`/on/PERIOD`"""

from __future__ import annotations

from flask import Blueprint, Response, request
from werkzeug.exceptions import NotFound

from web.days.page import SIZE, days_page
from web.site import site
from web.site.pages import html, versioned
from web.site.paging import Paging

blueprint = versioned(Blueprint("days", __name__, template_folder="templates"))


@blueprint.get("/on/<period>")
def days(period: str) -> Response:
    """What happened in a year, in a month, on a day: `2015`, `2015-05-12`, `05-12` of any year."""
    paging = Paging.read(request.args, SIZE)
    try:
        return html("days/page.html", days_page(site(), period, paging))
    except ValueError as error:
        raise NotFound(f"/on/{period[:80]}: {error}") from error
