"""Whole competitions at random: a scheme and its marks, figures and earlier totals."""

from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from hypothesis import strategies as st

from evaluations.domain.aggregate import collapse
from evaluations.domain.cube import build_cube
from evaluations.domain.scheme_reader import parse_scheme
from evaluations.domain.totals import Given

EVALUATORS = ("m", "B", "a", "张", "Z", "ab", "b")
SPLITS = ([100], [60, 40], ["33.3333", "66.6667"], [50, 30, 20], [30, 25, 20, 15, 10], ["12.5", "37.5", 25, 25])


@dataclass(frozen=True)
class Race:
    data: dict
    sheets: dict  # {entry: {evaluator: {criterion: hundredths or "abstain"}}}
    given: dict  # {entry: {criterion: hundredths of points, or 0/1 for a veto}}
    carried: dict  # {entry: {round: Fraction}}

    def rows(self):
        return [
            (entry, name, code, mark)
            for entry, sheets in self.sheets.items()
            for name, sheet in sheets.items()
            for code, mark in sheet.items()
        ]

    def totals(self, *, entries=None, evaluators=EVALUATORS, rows=None):
        """{entry: EntryTotal} by way of the cube."""
        scheme = parse_scheme(self.data)
        entries = list(self.sheets) if entries is None else entries
        rows = [row for row in (self.rows() if rows is None else rows) if row[0] in entries]
        columns = [
            (entries.index(entry), evaluators.index(name), scheme.position[code], 0 if mark == "abstain" else mark, mark == "abstain")
            for entry, name, code, mark in rows
        ]
        table = np.array(columns, np.int64).reshape(-1, 5).T
        cube = build_cube(
            scheme, entries, evaluators, entry=table[0], evaluator=table[1], criterion=table[2], value=table[3], abstained=table[4]
        )
        kinds = {"metric": {}, "bonus": {}, "veto": {}}
        for rule in scheme.criteria:
            if rule.kind in kinds:
                kinds[rule.kind][rule.code] = {entry: values.get(rule.code) for entry, values in self.given.items()}
        bonuses = {
            code: {entry: None if value is None else Fraction(value, 100) for entry, value in values.items()}
            for code, values in kinds["bonus"].items()
        }
        given = Given(kinds["metric"], bonuses, kinds["veto"])
        return {row.entry: row for row in collapse(scheme, cube, given=given, carried=self.carried)}


digits = st.one_of(st.none(), st.integers(0, 3))


@st.composite
def races(draw, *, extras=True, policies=("required", "exclude", "zero"), most_entries=5, abstain=True):
    scale = draw(st.sampled_from(["percent", "factor"]))
    weights = draw(st.sampled_from(SPLITS))
    metrics = draw(st.integers(0, len(weights) - 1)) if extras else 0
    policy = draw(st.sampled_from(policies))
    criteria = []
    for place, weight in enumerate(weights):
        rule = {"code": f"C{place}", "dimension": f"D{place // 2}", "max": draw(st.sampled_from(["100", "10", "7", "30"]))}
        rule["weight"] = str(weight) if scale == "percent" else str(Fraction(weight) / 100 if isinstance(weight, int) else weight)
        if "/" in rule["weight"]:
            rule["weight"] = f"{weight / 100:.2f}"
        if place >= len(weights) - metrics:
            rule |= {"kind": "metric", "function": {"linear": {"floor": "0", "target": "1"}}}
        else:
            rule |= {"kind": draw(st.sampled_from(["expert", "mixed"])), "step": "0.01", "missing": policy}
        criteria.append(rule)
    if extras and draw(st.booleans()):
        criteria.append({"code": "bonus", "kind": "bonus", "min": "-5", "max": "5", "missing": draw(st.sampled_from(["exclude", "zero"]))})
        criteria.append({"code": "late", "kind": "bonus", "min": "-3", "max": "0"})
    if extras and draw(st.booleans()):
        criteria.append({"code": "veto", "kind": "veto"})
    high, low = draw(st.integers(0, 2)), draw(st.integers(0, 2))
    panel = draw(
        st.sampled_from(
            [
                {"method": "mean"},
                {"method": "median"},
                {"method": "trimmed", "drop_high": high, "drop_low": low, "min_to_trim": high + low + draw(st.integers(1, 3))},
            ]
        )
    )
    dimensions = list(dict.fromkeys(rule["dimension"] for rule in criteria if "weight" in rule))
    ladder = ["dimension:" + dimensions[-1], "criterion:C0", "untrimmed_mean", "median"]
    data = {
        "scale": scale,
        "order": draw(st.sampled_from(["sheet", "criterion"])),
        "criteria": criteria,
        "panel": panel | {"min_panel": draw(st.integers(1, 3))},
        "rounding": {stage: draw(digits) for stage in ("sheet", "panel", "weighted", "total")},
        "ties": draw(st.lists(st.sampled_from(ladder), unique=True)) + draw(st.sampled_from([[], ["lot"]])),
    }
    if extras and draw(st.booleans()):
        data["bonus_cap"] = ["-4", "4.5"]
    if extras and draw(st.booleans()):
        data["thresholds"] = draw(
            st.sampled_from([{"total": "50"}, {"criteria": {"C0": "3.5"}}, {"dimensions": {"D0": "20"}, "total": "40.005"}])
        )
    if extras and draw(st.booleans()):
        data["carry"] = [{"round": "desk", "weight": "40"}, {"round": "visit", "weight": "12.5"}][: draw(st.integers(1, 2))]
    entries = [f"entry {number}" for number in range(draw(st.integers(1, most_entries)))]
    sheets = {entry: _sheets(draw, criteria, policy, abstain) for entry in entries}
    given, carried = {}, {}
    for entry in entries:
        given[entry] = {}
        for rule in criteria:
            if rule["kind"] == "metric":
                given[entry][rule["code"]] = draw(st.one_of(st.integers(0, 100 * int(rule["max"])), st.sampled_from([None, 0])))
            elif rule["code"] == "late" and draw(st.booleans()):
                given[entry]["late"] = draw(st.integers(-500, 100))
            elif rule["kind"] == "veto" and draw(st.booleans()):
                given[entry]["veto"] = draw(st.integers(0, 1))
        carried[entry] = {name: Fraction(draw(st.integers(0, 10_000)), 100) for name in ("desk", "visit") if draw(st.integers(0, 5))}
    return Race(data, sheets, given, carried)


def _sheets(draw, criteria, policy, abstain):
    found = {}
    for name in draw(st.lists(st.sampled_from(EVALUATORS), unique=True)):
        sheet = {}
        for rule in criteria:
            if "step" in rule:
                most = 100 * int(rule["max"])
                mark = draw(st.one_of(st.integers(0, most), st.integers(most // 2, most // 2 + 3), st.sampled_from(["abstain", None])))
                if mark == "abstain" and not abstain:
                    mark = 0
                if mark is None and policy == "required":
                    mark = most
                if mark is not None:
                    sheet[rule["code"]] = mark
            elif rule["code"] == "bonus" and draw(st.booleans()):
                sheet["bonus"] = draw(st.integers(-800, 800))
            elif rule["kind"] == "veto" and draw(st.integers(0, 3)) == 0:
                sheet["veto"] = draw(st.sampled_from([0, 100, 100, 100]))
        found[name] = sheet
    return found
