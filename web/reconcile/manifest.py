"""What the service says of itself, and what it calls the ontology's terms.

Source: Reconciliation Service API 0.2, §3 (service definition), §5 (suggest), §7 (extend).
"""

from __future__ import annotations

from typing import Any

from kg.ontology import Class, Property
from web.site import Site


def manifest(site: Site) -> dict[str, Any]:
    """The service manifest. Its addresses are below the published base."""
    service = f"{site.settings.base}reconcile"
    suggest = {
        name: {"service_url": service, "service_path": f"/suggest/{name}"}
        for name in ("entity", "type", "property")
    }
    return {
        "versions": ["0.2"],
        "name": site.settings.title,
        "identifierSpace": site.minter.entity(""),
        "schemaSpace": site.ontology.project.namespace,
        "view": {"url": f"{site.minter.entity('')}{{{{id}}}}"},
        "preview": {"url": f"{service}/preview?id={{{{id}}}}", "width": 400, "height": 220},
        "defaultTypes": [typed(each) for each in types(site) if each.superclasses == ()],
        "suggest": suggest,
        "extend": {
            "propose_properties": {"service_url": service, "service_path": "/properties"},
            "property_settings": [],
        },
    }


def types(site: Site) -> list[Class]:
    """The classes that have instances to be reconciled with."""
    return sorted(site.ontology.segments.values(), key=lambda each: each.name)


def typed(each: Class) -> dict[str, str]:
    return {"id": each.name, "name": each.label}


def properties(site: Site, kind: str = "") -> list[Property]:
    """The properties that the instances of a class may have; all without one."""
    found = site.ontology.classes.get(kind)
    lineage = found.lineage if found else frozenset()
    return sorted(
        (
            each
            for each in site.ontology.properties.values()
            if site.ontology.names.owns(each.iri)
            and (not kind or not each.domain or each.domain & lineage)
        ),
        key=lambda each: each.name,
    )
