"""A rubric as it is edited: plain JSON, checked and brought into whole numbers before it is stored.

A dimension: code, name_zh, name_en, criteria. A criterion: code, name_zh, name_en, kind, weight, max, step, missing, function,
reverse, data_item, guidance_zh, guidance_en; numbers are decimal text. A bonus has `min` and no weight, a veto neither weight nor
bounds; both say `given_by`: the organiser once after checking, or the panel on its sheets."""

from collections.abc import Mapping, Sequence
from fractions import Fraction

from evaluations.domain.decimals import HUNDREDTH, TEN_THOUSANDTH, parse_fixed, plain_text
from evaluations.domain.scheme_reader import read_function
from ledger.domain.reason import Reason, Refused

WEIGHTED = ("expert", "mixed", "metric")
KINDS = (*WEIGHTED, "bonus", "veto")
GIVERS = ("organiser", "panel")
POLICIES = ("required", "exclude", "zero")
MOST = {"weight": 100 * TEN_THOUSANDTH, "max": 1000 * HUNDREDTH, "step": 1000 * HUNDREDTH}
MOST_BONUS = 100 * HUNDREDTH
PASSED, FAILED = HUNDREDTH, 0  # how a veto is marked, in hundredths
DEFAULTS = {
    "guidance_zh": "",
    "guidance_en": "",
    "weight": "",
    "min": "0",
    "max": "100",
    "step": "1",
    "missing": "required",
    "function": None,
    "reverse": False,
    "data_item": "",
    "given_by": "organiser",
}


def read_rubric(dimensions: Sequence[Mapping]) -> list[dict]:
    """The dimensions with `weight` in ten-thousandths, `least`, `maximum` and `step` in hundredths, None where the kind has none.
    `Refused` with every fault, each with the code of the criterion or dimension; `field` names the place of the first: "A1.weight"."""
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
    code, kind = row["code"], row["kind"]
    if kind not in KINDS:
        faults.append((f"{code}.kind", _fault("kind_unknown", code)))
    if row["missing"] not in POLICIES:
        faults.append((f"{code}.missing", _fault("missing_unknown", code)))
    read = {"weight": None, "least": None, "function": None, "reverse": False, "given_by": ""}
    if kind == "bonus":
        read |= _bonus(row, faults) | _giver(row, faults)
    elif kind == "veto":
        read |= {"maximum": PASSED, "step": PASSED, "data_item": ""} | _giver(row, faults)
        if read.get("missing", row["missing"]) == "zero":
            faults.append((f"{code}.missing", _fault("veto_blank", code)))
    else:
        read |= _weighted(row, faults)
    kept = {name: value for name, value in row.items() if name not in ("min", "max", "step", *read)}
    return {**kept, **read}


def _weighted(row, faults) -> dict:
    code, read = row["code"], {}
    for name, unit in (("weight", TEN_THOUSANDTH), ("max", HUNDREDTH), ("step", HUNDREDTH)):
        number = parse_fixed(str(row[name]), unit)
        if number is None or not 0 < number <= MOST[name]:
            faults.append((f"{code}.{name}", _fault(f"{name}_wrong", code)))
        read["maximum" if name == "max" else name] = number
    if None not in (read["maximum"], read["step"]) and read["step"] > read["maximum"]:
        faults.append((f"{code}.step", _fault("step_wrong", code)))
    if row["kind"] == "metric":
        if not row["data_item"]:
            faults.append((f"{code}.data_item", _fault("data_item_missing", code)))
        if not isinstance(row["function"], Mapping) or len(row["function"]) != 1:
            faults.append((f"{code}.shape", _fault("function_missing", code)))
        else:
            faults += _function_faults(row, code, read["maximum"])
        read |= {"function": row["function"], "reverse": bool(row["reverse"]), "missing": "required"}
    return read


def _function_faults(row, code: str, maximum: int | None) -> list[tuple[str, Reason]]:
    try:
        read_function(row["function"], maximum, reverse=bool(row["reverse"]))
    except Refused as refused:
        return [
            (f"{code}.{reason.params['path']}", Reason(reason.code, {**reason.params, "criterion": code})) for reason in refused.reasons
        ]
    return []


def _bonus(row, faults) -> dict:
    """0 always lies within: whoever is given nothing gains and loses nothing."""
    code = row["code"]
    least, most, step = (parse_fixed(str(row[name]), HUNDREDTH) for name in ("min", "max", "step"))
    if least is None or not -MOST_BONUS <= least <= 0:
        faults.append((f"{code}.min", _fault("min_wrong", code)))
    elif most is None or not 0 <= most <= MOST_BONUS or least == most:
        faults.append((f"{code}.max", _fault("bonus_max_wrong", code)))
    elif step is None or not 0 < step <= max(-least, most):
        faults.append((f"{code}.step", _fault("bonus_step_wrong", code)))
    return {"least": least, "maximum": most, "step": step, "data_item": ""}


def _giver(row, faults) -> dict:
    """What the organiser gives once has no sheet on which it could be left blank."""
    if row["given_by"] not in GIVERS:
        faults.append((f"{row['code']}.given_by", _fault("giver_unknown", row["code"])))
    return {"given_by": row["given_by"]} | ({"missing": "exclude"} if row["given_by"] == "organiser" else {})


def weights_sum(dimensions: Sequence[Mapping]) -> str:
    """Of decimal texts that are numbers; the others, and criteria without weight, count as nothing."""
    rows = (row for dimension in dimensions for row in dimension["criteria"] if row.get("kind") not in ("bonus", "veto"))
    found = (parse_fixed(str(row["weight"]), TEN_THOUSANDTH) for row in rows)
    return plain_text(Fraction(sum(number or 0 for number in found), TEN_THOUSANDTH))


def weighted(dimension: Mapping) -> bool:
    """Whether anything of a dimension has a weight: else it is no part of the total and of no threshold or rung."""
    return any(row["kind"] in WEIGHTED for row in dimension["criteria"])


def _fault(name: str, code: str) -> Reason:
    return Reason(f"evaluations.rubric_{name}", {"criterion": code})
