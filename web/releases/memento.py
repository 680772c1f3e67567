"""Releases in time (RFC 7089): `/releases/latest/…` is a TimeGate, each release what it leads to.

A page or a file of a release is a memento of the newest one's.
"""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TypeVar

from flask import Response
from werkzeug.exceptions import BadRequest
from werkzeug.http import http_date
from werkzeug.wrappers import Response as Sent

from kg.store.release import Release
from web.site import Site
from web.site.citing.releases import address

R = TypeVar("R", bound=Sent)


def of(response: R, site: Site, release: Release, name: str) -> R:
    """`response`, with what tells that it is the memento of that release."""
    response.headers["Memento-Datetime"] = http_date(_built(release))
    held = response.headers.get("Link")
    response.headers["Link"] = ", ".join(filter(None, [held, *_links(site, name)]))
    return response


def negotiated(site: Site, name: str, wanted: str | None) -> Response:
    """What leads from the newest release to the one of the time that is `wanted`, or to itself.

    Raises:
        BadRequest: that is no date of HTTP (RFC 7089 §4.5.2).
    """
    found = site.releases.current
    if wanted is not None:
        try:
            moment = parsedate_to_datetime(wanted).astimezone(UTC)
        except (ValueError, OverflowError):
            raise BadRequest(
                f"Accept-Datetime: found {wanted[:80]!r}; allowed: a date as HTTP has it"
            ) from None
        found = site.releases.at(moment.isoformat(timespec="seconds"))
    response = Response(
        status=302, headers={"Location": site.links().at(f"/releases/{found.id}/{name}")}
    )
    response.vary.add("Accept-Datetime")
    response.headers["Link"] = ", ".join(_links(site, name))
    return response


def timemap(site: Site, name: str) -> str:
    """All mementos, the oldest first (RFC 7089 §5); empty where there is none."""
    kept = [
        each
        for each in reversed(site.releases.all)
        if not name or (any(file.name == name for file in each.published) and not each.pruned)
    ]
    links = [f'<{_timemap(site, name)}>; rel="self"; type="application/link-format"']
    links += _links(site, name)[:1]
    for each in kept:
        url = f"{address(site, each.id)}{name}"
        links.append(f'<{url}>; rel="memento"; datetime="{http_date(_built(each))}"')
    return ",\n".join(links) + "\n" if kept else ""


def _links(site: Site, name: str) -> list[str]:
    latest = f"{address(site, 'latest')}{name}"
    return [
        f'<{latest}>; rel="original timegate"',
        f'<{_timemap(site, name)}>; rel="timemap"; type="application/link-format"',
    ]


def _timemap(site: Site, name: str) -> str:
    return f"{site.settings.base}timemap/releases/latest/{name}"


def _built(release: Release) -> datetime:
    return datetime.fromisoformat(release.manifest.built).astimezone(UTC)
