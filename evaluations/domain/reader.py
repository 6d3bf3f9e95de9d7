"""Reading rules that are written as JSON: every value by its key path, every fault collected, nothing unknown passed over."""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from evaluations.domain.decimals import parse_decimal, plain_text
from ledger.domain.reason import Reason, Refused

LONGEST_CODE = 200


class Reader:
    """Faults stand in `faults` as reasons with the key path ("criteria[2].weight"); a faulty value reads as None."""

    def __init__(self, prefix: str = "evaluations.scheme_"):
        self.prefix = prefix
        self.faults: list[Reason] = []

    def fault(self, code: str, path: str, **params: Any) -> None:
        self.faults.append(Reason(self.prefix + code, {"path": path or "$", **params}))

    def refuse_faults(self) -> None:
        if self.faults:
            raise Refused(*self.faults, field=str(self.faults[0].params["path"]))

    def object(self, value: Any, path: str, *, needs: Sequence[str] = (), may: Sequence[str] = ()) -> Mapping[str, Any] | None:
        """The mapping itself once its keys are checked; absent needed keys are faults, and so is every key that is neither."""
        if not isinstance(value, Mapping):
            return self.fault("not_an_object", path)
        for key in value:
            if key not in needs and key not in may:
                self.fault("unknown_key", _join(path, str(key)))
        for key in needs:
            if key not in value:
                self.fault("missing_key", _join(path, key))
        return value

    def list(self, value: Any, path: str) -> Sequence[Any] | None:
        if isinstance(value, (list, tuple)):
            return value
        return self.fault("not_a_list", path)

    def code(self, value: Any, path: str) -> str | None:
        if isinstance(value, str) and len(value.strip()) > 0 and len(value) <= LONGEST_CODE:
            return value
        return self.fault("not_a_code", path)

    def choice(self, value: Any, path: str, choices: Sequence[str]) -> str | None:
        if isinstance(value, str) and value in choices:
            return value
        return self.fault("not_a_choice", path, value=_shown(value), choices=", ".join(choices))

    def flag(self, value: Any, path: str) -> bool | None:
        return value if isinstance(value, bool) else self.fault("not_a_choice", path, value=_shown(value), choices="true, false")

    def count(self, value: Any, path: str, *, most: int = 10_000) -> int | None:
        if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= most:
            return value
        return self.fault("not_a_count", path, value=_shown(value), most=most)

    def decimal(self, value: Any, path: str, *, least: Fraction | int | None = None, most: Fraction | int | None = None) -> Fraction | None:
        """Decimal text or a whole number; a JSON number with a point is a float and therefore a fault."""
        if isinstance(value, int) and not isinstance(value, bool):
            value = str(value)
        number = parse_decimal(value) if isinstance(value, str) else None
        if number is None:
            return self.fault("not_a_decimal", path, value=_shown(value))
        if (least is not None and number < least) or (most is not None and number > most):
            bounds = {"least": _bound(least), "most": _bound(most)}
            return self.fault("out_of_range", path, value=_shown(value), **bounds)
        return number

    def fixed(self, value: Any, path: str, unit: int, **bounds: Any) -> int | None:
        """A decimal in whole `unit`-ths; finer ones are faults."""
        number = self.decimal(value, path, **bounds)
        if number is None:
            return None
        if unit % number.denominator:
            return self.fault("too_fine", path, value=_shown(value), digits=len(str(unit)) - 1)
        return int(number * unit)


def _join(path: str, key: str) -> str:
    return f"{path}.{key}" if path else key


def _shown(value: Any) -> str:
    return str(value)[:LONGEST_CODE]


def _bound(value: Fraction | int | None) -> str:
    return "…" if value is None else plain_text(Fraction(value))
