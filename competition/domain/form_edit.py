"""Editing a form definition: which fields stand in it, in which order, and one field at a time. Definitions are never changed in
place."""

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass


@dataclass(frozen=True)
class Choice:
    """What the editor decides for a field: in the form or not, to be answered or not, and its place in the section."""

    used: bool
    required: bool
    order: int


def offered(definition: Mapping, library: Mapping) -> list[dict]:
    """The sections of the form with their fields, then what the library has and the form has not: each section with `section` and
    `fields`, a list of (field, is it in the form)."""
    present = {field["code"] for section in definition["sections"] for field in section["fields"]}
    spare = {section["code"]: [field for field in section["fields"] if field["code"] not in present] for section in library["sections"]}
    lines = [
        {
            "section": section,
            "fields": [(field, True) for field in section["fields"]] + [(field, False) for field in spare.pop(section["code"], [])],
        }
        for section in definition["sections"]
    ]
    rest = [section for section in library["sections"] if spare.get(section["code"])]
    return lines + [{"section": section, "fields": [(field, False) for field in spare[section["code"]]]} for section in rest]


def rebuilt(definition: Mapping, lines: list[dict], choices: Mapping[str, Choice]) -> dict:
    """The definition after the editor's choices; a section without a field falls away."""
    sections = []
    for line in lines:
        kept = [field for field, _used in line["fields"] if choices[field["code"]].used]
        kept.sort(key=lambda field: choices[field["code"]].order)
        fields = [_required(deepcopy(field), choices[field["code"]].required) for field in kept]
        if fields:
            sections.append({**deepcopy(line["section"]), "fields": fields})
    return {**deepcopy(dict(definition)), "sections": sections}


def _required(field: dict, required: bool) -> dict:
    field.pop("required", None)
    return field if required else field | {"required": False}


def field_of(definition: Mapping, code: str) -> dict | None:
    return next((field for section in definition["sections"] for field in section["fields"] if field["code"] == code), None)


def with_field(definition: Mapping, field: Mapping) -> dict:
    """The field of the same code replaced."""
    sections = [
        {**section, "fields": [dict(field) if row["code"] == field["code"] else row for row in section["fields"]]}
        for section in definition["sections"]
    ]
    return {**definition, "sections": sections}


def with_new_field(definition: Mapping, section: Mapping, field: Mapping) -> dict:
    """The field at the end of a section, which is added where the form has none of its code."""
    if any(row["code"] == section["code"] for row in definition["sections"]):
        sections = [
            {**row, "fields": [*row["fields"], dict(field)]} if row["code"] == section["code"] else row for row in definition["sections"]
        ]
    else:
        sections = [*definition["sections"], {**section, "fields": [dict(field)]}]
    return {**definition, "sections": sections}
