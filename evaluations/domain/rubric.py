"""A rubric as it is edited: plain JSON, checked and brought into whole numbers before it is stored.

A dimension: code, name_zh, name_en, criteria. A criterion: code, name_zh, name_en, kind, weight, max, step, missing, function,
data_item, guidance_zh, guidance_en; numbers are decimal text."""

from collections.abc import Mapping, Sequence
from fractions import Fraction

from evaluations.domain.decimals import HUNDREDTH, TEN_THOUSANDTH, parse_fixed, plain_text
from ledger.domain.reason import Reason, Refused

KINDS = ("expert", "mixed", "metric")  # bonus and veto are marked in another way
POLICIES = ("required", "exclude", "zero")
MOST = {"weight": 100 * TEN_THOUSANDTH, "max": 1000 * HUNDREDTH, "step": 1000 * HUNDREDTH}
DEFAULTS = {
    "guidance_zh": "",
    "guidance_en": "",
    "max": "100",
    "step": "1",
    "missing": "required",
    "function": None,
    "data_item": "",
}


def read_rubric(dimensions: Sequence[Mapping]) -> list[dict]:
    """The dimensions with `weight` in ten-thousandths, `maximum` and `step` in hundredths. `Refused` with every fault, each with
    the code of the criterion or dimension; `field` names the place of the first: "A1.weight"."""
    faults: list[tuple[str, Reason]] = []
    known: set[str] = set()
    seen: set[str] = set()
    read = []
    for dimension in dimensions:
        code = dimension["code"]
        if code in seen:
            faults.append((code, _fault("code_twice", code)))
        seen.add(code)
        if not dimension["criteria"]:
            faults.append((code, _fault("dimension_empty", code)))
        rows = []
        for row in dimension["criteria"]:
            row = {**DEFAULTS, **row}
            if row["code"] in known:
                faults.append((f"{row['code']}.code", _fault("code_twice", row["code"])))
            known.add(row["code"])
            rows.append(_read_criterion(row, faults))
        read.append({**dimension, "criteria": rows})
    if faults:
        raise Refused(*(reason for _, reason in faults), field=faults[0][0])
    return read


def _read_criterion(row, faults):
    code = row["code"]
    if row["kind"] not in KINDS:
        faults.append((f"{code}.kind", _fault("kind_unknown", code)))
    if row["missing"] not in POLICIES:
        faults.append((f"{code}.missing", _fault("missing_unknown", code)))
    numbers = {}
    for name, unit in (("weight", TEN_THOUSANDTH), ("max", HUNDREDTH), ("step", HUNDREDTH)):
        number = parse_fixed(str(row[name]), unit)
        if number is None or not 0 < number <= MOST[name]:
            faults.append((f"{code}.{name}", _fault(f"{name}_wrong", code)))
        numbers["maximum" if name == "max" else name] = number
    if None not in (numbers["maximum"], numbers["step"]) and numbers["step"] > numbers["maximum"]:
        faults.append((f"{code}.step", _fault("step_wrong", code)))
    if row["kind"] == "metric":
        if not row["data_item"]:
            faults.append((f"{code}.data_item", _fault("data_item_missing", code)))
        if not isinstance(row["function"], Mapping) or len(row["function"]) != 1:
            faults.append((f"{code}.floor", _fault("function_missing", code)))
    kept = {name: value for name, value in row.items() if name not in ("weight", "max", "step")}
    return {**kept, **numbers, "function": row["function"] if row["kind"] == "metric" else None}


def weights_sum(dimensions: Sequence[Mapping]) -> str:
    """Of decimal texts that are numbers; the others count as nothing."""
    found = (parse_fixed(str(row["weight"]), TEN_THOUSANDTH) for dimension in dimensions for row in dimension["criteria"])
    return plain_text(Fraction(sum(number or 0 for number in found), TEN_THOUSANDTH))


def _fault(name: str, code: str) -> Reason:
    return Reason(f"evaluations.rubric_{name}", {"criterion": code})
