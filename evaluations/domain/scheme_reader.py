"""From JSON to a scheme. What the language does not know, or what contradicts itself, is refused with its key path."""

from fractions import Fraction
from typing import Any

from evaluations.domain import scheme as language
from evaluations.domain.decimals import HUNDREDTH, TEN_THOUSANDTH, plain_text
from evaluations.domain.metrics import OPERATORS, Function, Linear, MinMax, Percentile, PerItem, Steps, Threshold, reversible
from evaluations.domain.reader import Reader
from evaluations.domain.scheme import Carry, Criterion, Panel, Rounding, Rung, Scheme, Thresholds

MOST_DIGITS = 6
MOST_CRITERIA = 400
LARGEST = 10**12  # of a weight, maximum or step: the sum of as many weights as criteria may be stays below 2**62
_KEYS = {
    "expert": (("code", "dimension", "kind", "max", "step", "weight", "missing"), ()),
    "mixed": (("code", "dimension", "kind", "max", "step", "weight", "missing"), ()),
    "metric": (("code", "dimension", "kind", "max", "weight", "function"), ("missing", "reverse")),
    "bonus": (("code", "kind", "min", "max"), ("dimension", "missing")),
    "veto": (("code", "kind"), ("dimension", "missing")),
}
_EVERY_KEY = {key for needs, may in _KEYS.values() for key in (*needs, *may)}


def parse_scheme(data: Any) -> Scheme:
    """The scheme that `data` (JSON already loaded) describes; raises Refused with one reason per fault."""
    reader = Reader()
    parts = reader.object(
        data, "", needs=("scale", "order", "criteria", "panel", "rounding"), may=("thresholds", "bonus_cap", "ties", "carry")
    )
    reader.refuse_faults()
    scale = reader.choice(parts["scale"], "scale", language.SCALES)
    order = reader.choice(parts["order"], "order", language.ORDERS)
    rows = reader.list(parts["criteria"], "criteria") or ()
    if len(rows) > MOST_CRITERIA:
        reader.fault("too_many", "criteria", most=MOST_CRITERIA)
        rows = ()
    criteria = tuple(_criterion(reader, row, f"criteria[{place}]") for place, row in enumerate(rows))
    panel = _panel(reader, parts["panel"])
    rounding = _rounding(reader, parts["rounding"], order)
    cap = _bonus_cap(reader, parts.get("bonus_cap"))
    reader.refuse_faults()
    _check_criteria(reader, criteria, scale, panel)
    scheme = Scheme(scale, order, criteria, panel, rounding, bonus_cap=cap)
    thresholds = _thresholds(reader, parts.get("thresholds"), scheme)
    ties = tuple(_rung(reader, row, f"ties[{place}]", scheme) for place, row in enumerate(_optional_list(reader, parts, "ties")))
    carry = tuple(_carry(reader, row, f"carry[{place}]") for place, row in enumerate(_optional_list(reader, parts, "carry")))
    reader.refuse_faults()
    _check_carry(reader, carry, scale)
    reader.refuse_faults()
    return Scheme(scale, order, criteria, panel, rounding, thresholds, cap, ties, carry)


def _optional_list(reader: Reader, parts, key: str):
    return () if parts.get(key) is None else reader.list(parts[key], key) or ()


def _criterion(reader: Reader, data: Any, path: str) -> Criterion | None:
    known = len(reader.faults)
    row = reader.object(data, path, needs=("code", "kind"), may=_EVERY_KEY)
    if len(reader.faults) > known:
        return None
    code = reader.code(row["code"], f"{path}.code")
    kind = reader.choice(row["kind"], f"{path}.kind", language.KINDS)
    if kind is None:
        return None
    needs, may = _KEYS[kind]
    for key in row:
        if key not in needs and key not in may:
            reader.fault("key_not_for_kind", f"{path}.{key}", kind=kind)
    for key in needs:
        if key not in row:
            reader.fault("missing_key", f"{path}.{key}")
    if len(reader.faults) > known:
        return None
    values: dict[str, Any] = {"code": code, "kind": kind}
    if "dimension" in row and not (row["dimension"] is None and "dimension" in may):
        values["dimension"] = reader.code(row["dimension"], f"{path}.dimension")
    if "missing" in row:
        values["missing"] = reader.choice(row["missing"], f"{path}.missing", language.POLICIES)
    elif kind == "metric":
        values["missing"] = "required"
    if kind in language.MARKED or kind == "metric":
        values["maximum"] = _positive(reader, row["max"], f"{path}.max", HUNDREDTH)
        values["weight"] = _positive(reader, row["weight"], f"{path}.weight", TEN_THOUSANDTH)
    if kind in language.MARKED:
        values["step"] = _positive(reader, row["step"], f"{path}.step", HUNDREDTH)
    if kind == "bonus":
        values["least"], values["most"] = (
            reader.fixed(row[key], f"{path}.{key}", HUNDREDTH, least=-LARGEST, most=LARGEST) for key in ("min", "max")
        )
        if None not in (values["least"], values["most"]) and values["least"] > values["most"]:
            reader.fault("bounds_reversed", f"{path}.min")
    if kind == "metric":
        values["function"] = _function(reader, row["function"], f"{path}.function", values["maximum"])
        values["reverse"] = reader.flag(row.get("reverse", False), f"{path}.reverse")
        if values["reverse"] and values["function"] is not None and not reversible(values["function"]):
            reader.fault("reverse_refused", f"{path}.reverse")
    return None if len(reader.faults) > known else Criterion(**values)


def _positive(reader: Reader, value: Any, path: str, unit: int) -> int | None:
    number = reader.fixed(value, path, unit, least=0, most=LARGEST)
    if number == 0:
        return reader.fault("not_positive", path)
    return number


def read_function(data: Any, maximum: int | None, *, reverse: bool = False) -> Function:
    """A scoring function alone; `maximum` in hundredths. Raises Refused with paths below "function", or "reverse"."""
    reader = Reader()
    function = _function(reader, data, "function", maximum)
    if reverse and function is not None and not reversible(function):
        reader.fault("reverse_refused", "reverse")
    reader.refuse_faults()
    return function


def _function(reader: Reader, data: Any, path: str, maximum: int | None) -> Function | None:
    if isinstance(data, str):
        data = {data: {}}
    names = ("linear", "steps", "percentile", "min_max", "threshold", "per_item")
    if (body := reader.object(data, path, may=names)) is None:
        return None
    if len(body) != 1:
        return reader.fault("not_one_function", path, choices=", ".join(names))
    ((name, content),) = body.items()
    if name not in names:
        return None
    path = f"{path}.{name}"
    if name == "steps":
        return _steps(reader, content, path, maximum)
    keys = {"linear": ("floor", "target"), "threshold": ("op", "value"), "per_item": ("points",)}.get(name, ())
    known = len(reader.faults)
    values = reader.object({} if content is None else content, path, needs=keys)
    if len(reader.faults) > known:
        return None
    if name in ("percentile", "min_max"):
        return Percentile() if name == "percentile" else MinMax()
    if name == "per_item":
        points = reader.decimal(values["points"], f"{path}.points")
        return None if points is None else PerItem(points)
    if name == "threshold":
        op = reader.choice(values["op"], f"{path}.op", tuple(OPERATORS))
        value = reader.decimal(values["value"], f"{path}.value")
        return None if op is None or value is None else Threshold(op, value)
    floor, target = (reader.decimal(values[key], f"{path}.{key}") for key in keys)
    if floor is None or target is None:
        return None
    return Linear(floor, target) if floor != target else reader.fault("floor_is_target", path)


def _steps(reader: Reader, content: Any, path: str, maximum: int | None) -> Steps | None:
    known = len(reader.faults)
    rows = reader.list(content, path)
    table = []
    for place, row in enumerate(rows or ()):
        pair = reader.list(row, f"{path}[{place}]")
        if pair is None:
            continue
        if len(pair) != 2:
            reader.fault("not_a_pair", f"{path}[{place}]")
            continue
        most = None if maximum is None else Fraction(maximum, HUNDREDTH)
        table.append((reader.decimal(pair[0], f"{path}[{place}][0]"), reader.decimal(pair[1], f"{path}[{place}][1]", least=0, most=most)))
    if len(reader.faults) > known:
        return None
    if not table or any(first[0] >= second[0] for first, second in zip(table, table[1:], strict=False)):
        return reader.fault("steps_not_ascending", path)
    return Steps(tuple(table))


def _panel(reader: Reader, data: Any) -> Panel | None:
    trimming = ("drop_high", "drop_low", "min_to_trim")
    known = len(reader.faults)
    row = reader.object(data, "panel", needs=("method", "min_panel"), may=trimming)
    if len(reader.faults) > known:
        return None
    method = reader.choice(row["method"], "panel.method", language.METHODS)
    if method == "trimmed":
        row = reader.object(row, "panel", needs=("method", "min_panel", *trimming))
    counts = {key: reader.count(row[key], f"panel.{key}") for key in ("min_panel", *trimming) if key in row}
    if len(reader.faults) > known:
        return None
    if method == "trimmed" and counts["min_to_trim"] <= counts["drop_high"] + counts["drop_low"]:
        return reader.fault("trims_everything", "panel.min_to_trim", **{key: counts[key] for key in trimming})
    # Counts that the method does not use are no part of the scheme: they must not change its digest.
    return Panel(method, **counts) if method == "trimmed" else Panel(method, counts["min_panel"])


def _rounding(reader: Reader, data: Any, order: str | None) -> Rounding | None:
    stage = "weighted" if order == "criterion" else "sheet"
    row = reader.object(data, "rounding", needs=("panel", "total", stage), may=("sheet", "weighted"))
    if row is None:
        return None
    digits = {}
    for key in ("sheet", "panel", "weighted", "total"):
        if row.get(key) is not None:
            digits[key] = reader.count(row[key], f"rounding.{key}", most=MOST_DIGITS)
    return Rounding(**digits)


def _bonus_cap(reader: Reader, data: Any) -> tuple[int, int] | None:
    if data is None or (pair := reader.list(data, "bonus_cap")) is None:
        return None
    if len(pair) != 2:
        return reader.fault("not_a_pair", "bonus_cap")
    least, most = (reader.fixed(value, f"bonus_cap[{place}]", HUNDREDTH, least=-LARGEST, most=LARGEST) for place, value in enumerate(pair))
    if least is None or most is None:
        return None
    return (least, most) if least <= most else reader.fault("bounds_reversed", "bonus_cap")


def _check_criteria(reader: Reader, criteria: tuple[Criterion, ...], scale: str, panel: Panel) -> None:
    """Something has a weight, but in a check of veto items alone, where nobody sits."""
    seen = set()
    for place, criterion in enumerate(criteria):
        if criterion.code in seen:
            reader.fault("code_repeated", f"criteria[{place}].code", value=criterion.code)
        seen.add(criterion.code)
    weights = [criterion.weight for criterion in criteria if criterion.weighted]
    if not weights:
        if not criteria or panel.min_panel or any(criterion.kind != "veto" for criterion in criteria):
            reader.fault("nothing_weighted", "criteria")
    elif scale == "percent" and sum(weights) != language.WEIGHT_TOTAL:
        reader.fault("weights_sum", "criteria", sum=plain_text(Fraction(sum(weights), TEN_THOUSANDTH)))
    reader.refuse_faults()


def _thresholds(reader: Reader, data: Any, scheme: Scheme) -> Thresholds:
    if data is None:
        return Thresholds()
    row = reader.object(data, "thresholds", may=("total", "dimensions", "criteria"))
    if row is None:
        return Thresholds()
    total = None if row.get("total") is None else reader.decimal(row["total"], "thresholds.total")
    parts = {}
    for key in ("dimensions", "criteria"):
        codes = _rankable_codes(scheme, key)
        body = {} if row.get(key) is None else reader.object(row[key], f"thresholds.{key}", may=codes) or {}
        values = {code: reader.decimal(body[code], f"thresholds.{key}.{code}") for code in codes if code in body}
        parts[key] = tuple(values.items())
    return Thresholds(total, **parts)


def _rankable_codes(scheme: Scheme, key: str) -> tuple[str, ...]:
    """Dimensions, or criteria with a weight: a bonus or a veto is neither a threshold nor a rung."""
    return scheme.dimensions if key == "dimensions" else tuple(criterion.code for criterion in scheme.weighted)


def _rung(reader: Reader, value: Any, path: str, scheme: Scheme) -> Rung | None:
    if value in ("untrimmed_mean", "median", "lot"):
        return Rung(value)
    kind, _, code = value.partition(":") if isinstance(value, str) else ("", "", "")
    if kind not in ("dimension", "criterion"):
        return reader.fault("not_a_choice", path, value=str(value)[:200], choices="dimension:X, criterion:X, untrimmed_mean, median, lot")
    if code not in _rankable_codes(scheme, "dimensions" if kind == "dimension" else "criteria"):
        return reader.fault("code_unknown", path, value=code)
    return Rung(kind, code)


def _carry(reader: Reader, data: Any, path: str) -> Carry | None:
    known = len(reader.faults)
    row = reader.object(data, path, needs=("round", "weight"))
    if len(reader.faults) > known:
        return None
    code, weight = reader.code(row["round"], f"{path}.round"), _positive(reader, row["weight"], f"{path}.weight", TEN_THOUSANDTH)
    return None if code is None or weight is None else Carry(code, weight)


def _check_carry(reader: Reader, carry: tuple[Carry, ...], scale: str) -> None:
    if len({row.round for row in carry}) < len(carry):
        reader.fault("code_repeated", "carry", value=", ".join(row.round for row in carry))
    total = sum(row.weight for row in carry)
    if scale == "percent" and total > language.WEIGHT_TOTAL:
        reader.fault("carry_over", "carry", sum=plain_text(Fraction(total, TEN_THOUSANDTH)))
