"""Why something was refused: a code and what fills its words, never a sentence."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, (str, bool, int, float)):
        return value
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    # str() covers Fraction, Decimal, dates and translated lazies alike: a reason outlives the objects it speaks of.
    return str(value)


@dataclass(frozen=True, eq=False)
class Reason:
    """`code` is ``app.noun_fault``; `params` fill the placeholders of its registered text and are plain JSON.

    Equal when code and params are equal as JSON, hashable, and the same after a turn through `as_json` and `from_json`.
    """

    code: str
    params: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self):
        object.__setattr__(self, "params", _plain(self.params))

    def _key(self) -> tuple[str, str]:
        return self.code, json.dumps(self.params, sort_keys=True, ensure_ascii=False)

    def __eq__(self, other: object) -> bool:
        return self._key() == other._key() if isinstance(other, Reason) else NotImplemented

    def __hash__(self) -> int:
        return hash(self._key())

    def __str__(self) -> str:
        return f"{self.code} {json.dumps(self.params, ensure_ascii=False)}" if self.params else self.code

    def as_json(self) -> dict[str, Any]:
        return {"code": self.code, "params": dict(self.params)}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Reason":
        return cls(data["code"], data.get("params") or {})


class Refused(Exception):
    """A service or rule says no. `reasons` is never empty; `field` names the form field at fault, if one is."""

    def __init__(self, *reasons: Reason, field: str | None = None):
        if not reasons:
            raise TypeError("a refusal needs at least one reason")
        super().__init__(*reasons)
        self.reasons: tuple[Reason, ...] = reasons
        self.field = field

    @property
    def reason(self) -> Reason:
        return self.reasons[0]

    def __str__(self) -> str:
        return "; ".join(str(reason) for reason in self.reasons)

    def __reduce__(self):
        return _refused, (type(self), self.reasons, self.field)


def _refused(cls, reasons, field):
    return cls(*reasons, field=field)
