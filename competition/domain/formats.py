"""A competition format: the data from which an organiser starts a new competition (`competition/formats/*.yaml`).

What a rubric's functions and a scheme mean is the judging's business; here their place and sums are checked."""

from collections.abc import Mapping
from fractions import Fraction

from competition.domain.advancement import parse_rule
from competition.domain.form_schema import DECIMAL, TEXT, check_definition
from competition.domain.forms import fields
from competition.domain.publication import ORDERS, SHOWN
from ledger.domain.reason import Reason, Refused

_SLUG = {"type": "string", "pattern": "^[a-z][a-z0-9_-]{0,29}$"}
_CRITERION = {
    "type": "object",
    "properties": {
        "code": {"type": "string", "minLength": 1, "maxLength": 20},
        "name": TEXT,
        "guidance": TEXT,
        "weight": DECIMAL,
        "kind": {"enum": ["expert", "mixed", "metric", "bonus", "veto"]},
        "given_by": {"enum": ["organiser", "panel"]},
        "data_item": {"type": "string", "maxLength": 40},
        "function": {"type": "object", "minProperties": 1, "maxProperties": 1},
        "min": {"type": "string", "pattern": r"^-?[0-9]+(\.[0-9]+)?$"},
        "max": DECIMAL,
        "step": DECIMAL,
        "missing": {"enum": ["required", "exclude", "zero"]},
    },
    "required": ["code", "name", "kind"],
    "additionalProperties": False,
    "allOf": [
        {
            "if": {"properties": {"kind": {"const": "metric"}}},
            "then": {"required": ["data_item", "function"]},
            "else": {"properties": {"function": False}},
        },
        {
            "if": {"properties": {"kind": {"enum": ["bonus", "veto"]}}},
            "then": {"required": ["given_by"], "properties": {"weight": False, "data_item": False}},
            "else": {"required": ["weight"], "properties": {"given_by": False}},
        },
        {
            "if": {"properties": {"kind": {"const": "bonus"}}},
            "then": {"required": ["min", "max"]},
            "else": {"properties": {"min": False}},
        },
    ],
}
_DIMENSION = {
    "type": "object",
    "properties": {
        "code": {"type": "string", "minLength": 1, "maxLength": 20},
        "name": TEXT,
        "criteria": {"type": "array", "minItems": 1, "items": _CRITERION},
    },
    "required": ["code", "name", "criteria"],
    "additionalProperties": False,
}
_ROUND = {
    "type": "object",
    "properties": {
        "code": _SLUG,
        "name": TEXT,
        "judging": {"enum": ["desk"]},
        "intake": {"enum": ["fresh", "carry"]},
        "seats": {"type": "integer", "minimum": 0, "maximum": 99},
        "kind": {"enum": ["review", "formal_check"]},
        "blind": {"type": "boolean"},
        "publication": {
            "type": "object",
            "properties": {
                "shown": {"enum": list(SHOWN)},
                "order": {"enum": list(ORDERS)},
                "ranks": {"type": "boolean"},
                "totals": {"type": "boolean"},
            },
            "required": ["shown"],
            "additionalProperties": False,
        },
        "form": {"type": "string"},
        "rubric": {"type": "string"},
        "scheme": {"type": "string"},
        "advancement": {"type": "object"},
    },
    "required": ["code", "name", "judging", "intake", "seats", "form", "rubric", "scheme", "advancement"],
    "additionalProperties": False,
}
SCHEMA = {
    "type": "object",
    "properties": {
        "code": _SLUG,
        "name": TEXT,
        "level": {"enum": ["nation", "province"]},
        "publicity": {
            "type": "object",
            "properties": {
                "days": {"type": "integer", "minimum": 1, "maximum": 60},
                "unit": {"enum": ["working", "calendar"]},
                "order": {"enum": ["region", "rank"]},
                "ranks": {"type": "boolean"},
                "not_chosen": {"type": "boolean"},
            },
            "required": ["days", "unit", "order", "ranks", "not_chosen"],
            "additionalProperties": False,
        },
        "valid_years": {"type": "integer", "minimum": 1, "maximum": 50},
        "tracks": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {"code": _SLUG, "name": TEXT},
                "required": ["code", "name"],
                "additionalProperties": False,
            },
        },
        "rounds": {"type": "array", "minItems": 1, "items": _ROUND},
        "schemes": {"type": "object", "additionalProperties": {"type": "object"}},
        "rubrics": {
            "type": "object",
            "additionalProperties": {
                "type": "object",
                "properties": {"dimensions": {"type": "array", "minItems": 1, "items": _DIMENSION}},
                "required": ["dimensions"],
                "additionalProperties": False,
            },
        },
    },
    "required": ["code", "name", "level", "publicity", "valid_years", "tracks", "rounds", "schemes", "rubrics"],
    "additionalProperties": False,
}


def check_format(data, forms: Mapping[str, Mapping]) -> None:
    """`Refused` where a format is malformed. `forms` are the form definitions by name. Refused too: a round that names
    what is not there, a code given twice, weights that do not add up to 100 under `percent`, a criterion that reads an
    item its round's form does not ask for, an impossible advancement rule."""
    import jsonschema

    fault = jsonschema.exceptions.best_match(jsonschema.Draft202012Validator(SCHEMA).iter_errors(data))
    if fault is not None:
        place = ".".join(str(part) for part in fault.absolute_path)
        raise _malformed(place or "format", fault.message[:300])
    for name, codes in (("tracks", data["tracks"]), ("rounds", data["rounds"])):
        _refuse_twice(name, [row["code"] for row in codes])
    for position, row in enumerate(data["rounds"]):
        place = f"rounds.{position}"
        for part, known in (("form", forms), ("rubric", data["rubrics"]), ("scheme", data["schemes"])):
            if row[part] not in known:
                raise _malformed(f"{place}.{part}", f"there is no {part} {row[part]!r}")
        check_definition(forms[row["form"]])
        criteria = [item for dimension in data["rubrics"][row["rubric"]]["dimensions"] for item in dimension["criteria"]]
        _refuse_twice(f"rubrics.{row['rubric']}", [item["code"] for item in criteria])
        total = sum((Fraction(item["weight"]) for item in criteria if "weight" in item), Fraction(0))
        if data["schemes"][row["scheme"]].get("scale") == "percent" and total != 100:
            raise Refused(Reason("competition.weights_off", {"total": str(total), "rubric": row["rubric"]}))
        items = {item["code"] for field in fields(forms[row["form"]]) for item in field.get("items", ())}
        for item in criteria:
            if "data_item" in item and item["data_item"] not in items:
                raise Refused(Reason("competition.form_item_unknown", {"item": item["code"], "reads": item["data_item"]}))
        parse_rule(row["advancement"])


def _malformed(place: str, fault: str) -> Refused:
    return Refused(Reason("competition.format_malformed", {"place": place, "fault": fault}))


def _refuse_twice(place: str, codes: list[str]) -> None:
    for code in codes:
        if codes.count(code) > 1:
            raise _malformed(place, f"{code!r} stands twice")
