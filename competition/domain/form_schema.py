"""What a form definition may hold, as JSON Schema, and the check of one."""

from collections.abc import Sequence

from competition.domain.figures import reads
from ledger.domain.reason import Reason, Refused

TEXT = {
    "type": "object",
    "properties": {"zh": {"type": "string", "minLength": 1}, "en": {"type": "string", "minLength": 1}},
    "required": ["zh", "en"],
    "additionalProperties": False,
}
_CODE = {"type": "string", "pattern": "^[a-z][a-z0-9_]{0,39}$"}
DECIMAL = {"type": "string", "pattern": r"^-?[0-9]{1,15}(\.[0-9]{1,6})?$"}
_ITEM = {
    "type": "object",
    "properties": {
        "code": _CODE,
        "group": {"type": "string", "maxLength": 20},
        "label": TEXT,
        "unit": TEXT,
        "note": TEXT,
        "decimals": {"type": "integer", "minimum": 0, "maximum": 6},
        "min": DECIMAL,
        "max": DECIMAL,
        "jump": {"type": "array", "items": DECIMAL, "minItems": 2, "maxItems": 2},
        "at_most": _CODE,
        "required": {"type": "boolean"},
        "computed": {
            "oneOf": [
                {
                    "type": "object",
                    "properties": {
                        "sum": {
                            "type": "array",
                            "minItems": 1,
                            "items": {
                                "type": "object",
                                "properties": {"item": _CODE, "times": DECIMAL},
                                "required": ["item"],
                                "additionalProperties": False,
                            },
                        }
                    },
                    "required": ["sum"],
                    "additionalProperties": False,
                },
                {
                    "type": "object",
                    "properties": {
                        "ratio": {
                            "type": "object",
                            "properties": {"of": _CODE, "by": _CODE, "times": DECIMAL},
                            "required": ["of", "by"],
                            "additionalProperties": False,
                        }
                    },
                    "required": ["ratio"],
                    "additionalProperties": False,
                },
                {"type": "object", "properties": {"growth": _CODE}, "required": ["growth"], "additionalProperties": False},
            ]
        },
    },
    "required": ["code", "label", "unit"],
    "additionalProperties": False,
}
_FIELD = {
    "type": "object",
    "properties": {
        "code": _CODE,
        "type": {"enum": ["text", "long_text", "credit_code", "number", "choice", "undertaking", "attachment", "table"]},
        "label": TEXT,
        "help": TEXT,
        "required": {"type": "boolean"},
        "identifying": {"type": "boolean"},  # tells who applies: kept from the evaluators of a blind round
        "max_words": {"type": "integer", "minimum": 1},
        "min_words": {"type": "integer", "minimum": 1},
        "unit": TEXT,
        "decimals": {"type": "integer", "minimum": 0, "maximum": 6},
        "min": DECIMAL,
        "max": DECIMAL,
        "options": {
            "type": "array",
            "minItems": 2,
            "items": {"type": "object", "properties": {"code": _CODE, "label": TEXT}, "required": ["code", "label"]},
        },
        "multiple": {"type": "boolean"},
        "types": {"type": "array", "minItems": 1, "items": {"type": "string"}},
        "max_mb": {"type": "integer", "minimum": 1},
        "max_files": {"type": "integer", "minimum": 1},
        "items": {"type": "array", "minItems": 1, "items": _ITEM},
        # what a table's groups are called; a group without a name shows its code
        "groups": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {"code": {"type": "string", "maxLength": 20}, "label": TEXT},
                "required": ["code", "label"],
                "additionalProperties": False,
            },
        },
    },
    "required": ["code", "type", "label"],
    "additionalProperties": False,
    "allOf": [
        {"if": {"properties": {"type": {"const": kind}}}, "then": {"required": needs}}
        for kind, needs in (("choice", ["options"]), ("attachment", ["types", "max_mb"]), ("table", ["items"]))
    ],
}
SCHEMA = {
    "type": "object",
    "properties": {
        "title": TEXT,
        "years": {"type": "integer", "minimum": 1, "maximum": 10},
        "sections": {
            "type": "array",
            "minItems": 1,
            "items": {
                "type": "object",
                "properties": {"code": _CODE, "label": TEXT, "help": TEXT, "fields": {"type": "array", "minItems": 1, "items": _FIELD}},
                "required": ["code", "label", "fields"],
                "additionalProperties": False,
            },
        },
    },
    "required": ["title", "years", "sections"],
    "additionalProperties": False,
}


def check_definition(definition) -> None:
    """`Refused` where a definition is malformed: shape, a code given twice, an item that reads one that is not there."""
    import jsonschema

    fault = jsonschema.exceptions.best_match(jsonschema.Draft202012Validator(SCHEMA).iter_errors(definition))
    if fault is not None:
        place = ".".join(str(part) for part in fault.absolute_path)
        raise Refused(Reason("competition.form_malformed", {"place": place or "form", "fault": fault.message[:300]}))
    found = [field for section in definition["sections"] for field in section["fields"]]
    _refuse_twice([section["code"] for section in definition["sections"]])
    _refuse_twice([field["code"] for field in found])
    for field in found:
        if field["type"] == "table":
            _check_items(field["items"])


def _check_items(items) -> None:
    _refuse_twice([item["code"] for item in items])
    before: set[str] = set()
    known = {item["code"] for item in items}
    for item in items:
        for other in reads(item):
            if other not in before:
                raise Refused(Reason("competition.form_item_unknown", {"item": item["code"], "reads": other}))
        if "at_most" in item and item["at_most"] not in known:
            raise Refused(Reason("competition.form_item_unknown", {"item": item["code"], "reads": item["at_most"]}))
        before.add(item["code"])


def _refuse_twice(codes: Sequence[str]) -> None:
    for code in codes:
        if codes.count(code) > 1:
            raise Refused(Reason("competition.form_code_twice", {"code": code}))
