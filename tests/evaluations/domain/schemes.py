"""Short ways to write schemes and marks in these tests."""

import numpy as np

from evaluations.domain.aggregate import collapse
from evaluations.domain.cube import build_cube
from evaluations.domain.decimals import parse_fixed
from evaluations.domain.scheme_reader import parse_scheme


def scheme_json(weights, **changes):
    """A percent scheme of expert criteria C1, C2, … each in a dimension of its own (D1, D2, …)."""
    criteria = [
        {
            "code": f"C{n}",
            "dimension": f"D{n}",
            "kind": "expert",
            "max": "100",
            "step": "0.01",
            "weight": str(weight),
            "missing": "required",
        }
        for n, weight in enumerate(weights, 1)
    ]
    missing = changes.pop("missing", None)
    for criterion in criteria if missing else ():
        criterion["missing"] = missing
    data = {
        "scale": "percent",
        "order": "sheet",
        "criteria": criteria,
        "panel": {"method": "mean", "min_panel": 1},
        "rounding": {"sheet": 2, "panel": None, "weighted": None, "total": 2},
    }
    return data | changes


def trimmed(high=1, low=1, min_to_trim=5, min_panel=1):
    return {"method": "trimmed", "drop_high": high, "drop_low": low, "min_to_trim": min_to_trim, "min_panel": min_panel}


def rounding(sheet=None, panel=None, weighted=None, total=2):
    return {"sheet": sheet, "panel": panel, "weighted": weighted, "total": total}


def cube_of(scheme, sheets):
    """{entry: {evaluator: [mark or None or "abstain", in the order of the scheme's criteria]}} as a cube; marks as text or int."""
    entries = list(sheets)
    evaluators = list(dict.fromkeys(name for panel in sheets.values() for name in panel))
    rows = [
        (entries.index(entry), evaluators.index(name), place, 0 if mark == "abstain" else parse_fixed(str(mark), 100), mark == "abstain")
        for entry, panel in sheets.items()
        for name, marks in panel.items()
        for place, mark in enumerate(marks)
        if mark is not None
    ]
    columns = list(zip(*rows, strict=True)) or [()] * 5
    return build_cube(
        scheme,
        entries,
        evaluators,
        entry=np.array(columns[0], np.int64),
        evaluator=np.array(columns[1], np.int64),
        criterion=np.array(columns[2], np.int64),
        value=np.array(columns[3], np.int64),
        abstained=np.array(columns[4], bool),
    )


def panel_of(*marks):
    """Sheets of evaluators e1, e2, …"""
    return {f"e{n}": list(row) for n, row in enumerate(marks, 1)}


def totals(data, sheets, **given):
    """{entry: EntryTotal}"""
    scheme = parse_scheme(data)
    return {row.entry: row for row in collapse(scheme, cube_of(scheme, sheets), **given)}


def total_texts(data, sheets, **given):
    digits = data["rounding"]["total"]
    return {entry: row.total_text(digits) for entry, row in totals(data, sheets, **given).items()}
