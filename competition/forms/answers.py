"""What came in for a form's answers, by path, made into the JSON of a draft. Nothing is refused here: a draft keeps what
was typed, and `competition.domain.forms` says what is wrong with it."""

import json
from collections.abc import Mapping, Sequence

from competition.domain.forms import fields


def from_post(definition: Mapping, post, years: Sequence[int]) -> dict:
    """From a posted page: inputs are named by their path."""
    return _build(definition, years, text=lambda name: post.get(name, ""), several=post.getlist)


def from_values(definition: Mapping, values, years: Sequence[int]) -> dict:
    """From an autosave: an object of the same names; several choices are a list, a ticked box is "on"."""
    values = values if isinstance(values, Mapping) else {}

    def text(name):
        value = values.get(name, "")
        return value if isinstance(value, str) else ""

    def several(name):
        value = values.get(name, [])
        return value if isinstance(value, list) else [value] if value else []

    return _build(definition, years, text=text, several=several)


def _build(definition, years, *, text, several) -> dict:
    data: dict = {}
    for field in fields(definition):
        code = field["code"]
        if field["type"] == "table":
            data[code] = {
                item["code"]: {
                    "values": {str(year): text(f"{code}.{item['code']}.{year}") for year in years},
                    "source": text(f"{code}.{item['code']}.source"),
                    "explanation": text(f"{code}.{item['code']}.explanation"),
                }
                for item in field["items"]
                if "computed" not in item
            }
        elif field["type"] == "undertaking":
            data[code] = text(code) == "on"
        elif field["type"] == "choice" and field.get("multiple"):
            data[code] = [value for value in several(code) if value]
        elif field["type"] != "attachment":
            data[code] = text(code)
    return data


def values_of(definition: Mapping, data: Mapping, years: Sequence[int]) -> dict:
    """The other way round: what each input holds, by name."""
    values: dict = {}
    for field in fields(definition):
        code, value = field["code"], data.get(field["code"])
        if field["type"] == "table":
            for item in field["items"]:
                if "computed" in item:
                    continue
                row = (value or {}).get(item["code"]) or {}
                for year in years:
                    values[f"{code}.{item['code']}.{year}"] = (row.get("values") or {}).get(str(year), "")
                for part in ("source", "explanation"):
                    values[f"{code}.{item['code']}.{part}"] = row.get(part, "")
        elif field["type"] == "undertaking":
            values[code] = "on" if value else ""
        elif field["type"] == "choice" and field.get("multiple"):
            values[code] = value or []
        elif field["type"] != "attachment":
            values[code] = value or ""
    return values


def parse_autosave(body: bytes) -> tuple[int, dict] | None:
    """(version, values), or None where the body is no such thing."""
    try:
        sent = json.loads(body)
    except (ValueError, RecursionError):  # a thousand brackets
        return None
    if not isinstance(sent, dict) or not isinstance(sent.get("values"), dict):
        return None
    version = sent.get("version")
    return (version, sent["values"]) if isinstance(version, int) and not isinstance(version, bool) and 0 <= version < 2**31 else None
