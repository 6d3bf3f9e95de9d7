"""The API's addresses of all apps, its schema, and the page that shows what programs can ask."""

from functools import cache

from django.shortcuts import render
from django.urls import include, path
from django.views.decorators.http import require_safe
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.views import SpectacularAPIView

from accounts.access import public

METHODS = ("get", "post", "put", "patch", "delete")


@cache
def schema() -> dict:
    """It changes with the code only."""
    return SchemaGenerator().get_schema(request=None, public=True)


def operations() -> list[tuple[str, list[dict]]]:
    """By what they are about: method, address, words, parameters, the body's and the answer's fields, faults."""
    found: dict[str, list[dict]] = {}
    components = schema()["components"]["schemas"]
    for address, methods in schema()["paths"].items():
        for method in METHODS:
            if operation := methods.get(method):
                row = {
                    "id": operation["operationId"],
                    "method": method.upper(),
                    "address": address,
                    "words": operation.get("description", ""),
                    "parameters": [row for row in operation.get("parameters", []) if not row.get("x-response")],
                    "body": _fields(operation.get("requestBody"), components),
                    "answers": {code: _fields(body, components) for code, body in operation["responses"].items() if code < "300"},
                    "faults": [code for code in operation["responses"] if code >= "400"],
                }
                found.setdefault(operation["tags"][0], []).append(row)
    return sorted(found.items())


def _fields(body, components) -> list[dict]:
    content = ((body or {}).get("content") or {}).get("application/json")
    if content is None:
        return []
    shape = _resolved(content["schema"], components)
    if "results" in shape.get("properties", {}):  # a page of a list
        shape = _resolved(shape["properties"]["results"]["items"], components)
    rows = []
    for name, rule in shape.get("properties", {}).items():
        rule = _resolved(rule["allOf"][0] if "allOf" in rule else rule, components) | {k: v for k, v in rule.items() if k == "description"}
        kind = rule.get("type") or ("string" if "enum" in rule or "oneOf" in rule else "object")
        rows.append({"name": name, "kind": rule.get("format") or kind, "words": rule.get("description", "").partition("\n\n*")[0]})
    return rows


def _resolved(shape, components) -> dict:
    return components[shape["$ref"].rpartition("/")[2]] if "$ref" in shape else shape


@public
@require_safe
def docs(request):
    return render(request, "config/api_docs.html", {"groups": operations()})


urlpatterns = [
    path("v1/", include("accounts.api.urls")),
    path("v1/", include("competition.api.urls")),
    path("v1/", include("evaluations.api.urls")),
    path("schema/", public(SpectacularAPIView.as_view(permission_classes=[], authentication_classes=[])), name="api_schema"),
    path("docs/", docs, name="api_docs"),
]
