"""What a competition format may hold, as JSON schema (`competition/formats/*.yaml`)."""

from competition.domain.form_schema import DECIMAL, TEXT
from competition.domain.groups import HOW, LEAST, MOST
from competition.domain.publication import ORDERS, SHOWN

NOWHERE = {"not": {}}  # unlike `False` it is refused at its own place
SLUG = {"type": "string", "pattern": "^[a-z][a-z0-9_-]{0,29}$"}
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
            "else": {"properties": {"function": NOWHERE}},
        },
        {
            "if": {"properties": {"kind": {"enum": ["bonus", "veto"]}}},
            "then": {"required": ["given_by"], "properties": {"weight": NOWHERE, "data_item": NOWHERE}},
            "else": {"required": ["weight"], "properties": {"given_by": NOWHERE}},
        },
        {
            "if": {"properties": {"kind": {"const": "bonus"}}},
            "then": {"required": ["min", "max"]},
            "else": {"properties": {"min": NOWHERE}},
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
PUBLICATION = {
    "type": "object",
    "properties": {
        "shown": {"enum": list(SHOWN)},
        "order": {"enum": list(ORDERS)},
        "ranks": {"type": "boolean"},
        "totals": {"type": "boolean"},
    },
    "required": ["shown"],
    "additionalProperties": False,
}
GROUPS = {
    "type": "object",
    "properties": {"most": {"type": "integer", "minimum": LEAST, "maximum": MOST}, "how": {"enum": list(HOW)}},
    "required": ["most"],
    "additionalProperties": False,
}
TRACK = {
    "type": "object",
    "properties": {"code": SLUG, "name": TEXT},
    "required": ["code", "name"],
    "additionalProperties": False,
}
# What a round says of itself in a format and in a replay alike.
ROUND_PROPERTIES = {
    "code": SLUG,
    "name": TEXT,
    "intake": {"enum": ["fresh", "carry"]},
    "seats": {"type": "integer", "minimum": 0, "maximum": 99},
    "kind": {"enum": ["review", "formal_check"]},
    "blind": {"type": "boolean"},
    "groups": GROUPS,
    "publication": PUBLICATION,
}
_ROUND = {
    "type": "object",
    "properties": {
        **ROUND_PROPERTIES,
        "form": {"type": "string"},
        "rubric": {"type": "string"},
        "scheme": {"type": "string"},
        "advancement": {"type": "object", "required": ["take"]},
    },
    "required": ["code", "name", "intake"],
    "additionalProperties": False,
    # Nobody sits in a formal check, and whoever passes goes on; whoever votes marks nothing.
    "if": {"properties": {"kind": {"const": "formal_check"}}, "required": ["kind"]},
    "then": {
        "properties": {"seats": {"const": 0}, "blind": {"const": False}, "scheme": NOWHERE, "advancement": NOWHERE, "groups": NOWHERE}
    },
    "else": {
        "properties": {"seats": {"minimum": 1}},
        "required": ["seats", "advancement"],
        "if": {"properties": {"advancement": {"properties": {"take": {"type": "object", "required": ["vote"]}}}}},
        "then": {"properties": {"rubric": NOWHERE, "scheme": NOWHERE, "groups": NOWHERE}},
        "else": {"required": ["rubric", "scheme"]},
    },
}
SCHEMA = {
    "type": "object",
    "properties": {
        "code": SLUG,
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
        "joint_entries": {"type": "boolean"},
        "tracks": {
            "type": "array",
            "items": TRACK,
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
