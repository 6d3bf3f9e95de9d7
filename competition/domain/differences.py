"""What changed between two sets of answers to a form, answer by answer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from competition.domain.forms import fields


@dataclass(frozen=True)
class Difference:
    """`path` as in `competition.domain.forms`; `before` and `after` are the answers, None for none."""

    path: str
    before: object
    after: object


def flat(definition: Mapping, data: Mapping, years: Sequence[int]) -> dict[str, object]:
    """Every answer that is there by its path, in the order of the form."""
    found: dict[str, object] = {}
    for field in fields(definition):
        value = data.get(field["code"])
        if field["type"] != "table":
            found[field["code"]] = value
            continue
        for item in field["items"]:
            row = (value or {}).get(item["code"]) or {}
            path = f"{field['code']}.{item['code']}"
            for year in years:
                found[f"{path}.{year}"] = (row.get("values") or {}).get(str(year))
            for part in ("source", "explanation"):
                found[f"{path}.{part}"] = row.get(part)
    return {path: value for path, value in found.items() if value not in (None, "", [], False)}


def differences(definition: Mapping, before: Mapping, after: Mapping, years: Sequence[int]) -> list[Difference]:
    """In the order of the form; empty where nothing changed."""
    old, new = flat(definition, before, years), flat(definition, after, years)
    order = {path: place for place, path in enumerate(_paths(definition, years))}
    changed = [path for path in {**old, **new} if old.get(path) != new.get(path)]
    return [Difference(path, old.get(path), new.get(path)) for path in sorted(changed, key=lambda path: order[path])]


def _paths(definition, years):
    for field in fields(definition):
        if field["type"] != "table":
            yield field["code"]
            continue
        for item in field["items"]:
            for part in (*years, "source", "explanation"):
                yield f"{field['code']}.{item['code']}.{part}"
