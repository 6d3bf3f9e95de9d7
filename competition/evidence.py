"""Which values of a row may stand in a record as they are, and which only as a salted digest."""

import json
import re
from datetime import date, time

from django.db import models

OPEN_FIELDS = (
    models.BooleanField,
    models.IntegerField,
    models.DecimalField,
    models.DateField,
    models.TimeField,
    models.DurationField,
    models.UUIDField,
    models.ForeignKey,
)
DIGEST = re.compile(r"[0-9a-f]{64}")
CODE = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")


def split(row, names) -> tuple[dict, dict[str, str]]:
    """The named fields of a row as (open, closed): numbers, moments, ids, codes and digests are open;
    every other text is closed, since it may be personal or free."""
    shown, closed = {}, {}
    for name in names:
        field = row._meta.get_field(name)
        value = getattr(row, field.attname)
        if value is None or value == "":
            shown[name] = None
        elif isinstance(field, OPEN_FIELDS) or _is_code(field, value):
            shown[name] = _plain(value)
        else:
            closed[name] = value if isinstance(value, str) else json.dumps(value, sort_keys=True, ensure_ascii=False, default=str)
    return shown, closed


def _is_code(field, value) -> bool:
    if not isinstance(field, models.CharField) or not isinstance(value, str):
        return False
    return bool(field.choices or DIGEST.fullmatch(value) or CODE.fullmatch(value))


def _plain(value):
    if isinstance(value, (date, time)):
        return value.isoformat()
    return value if isinstance(value, (bool, int)) else str(value)
