"""Whole competitions at random: a scheme and its marks, figures and earlier totals."""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from random import Random
from typing import Any

import numpy as np
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

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


@dataclass(frozen=True)
class Way:
    """How to choose one value: by hypothesis, which makes failures small, or by dice, of which thousands are quick."""

    strategy: SearchStrategy
    roll: Callable[[Random], Any]


def one(options) -> Way:
    options = list(options)
    return Way(st.sampled_from(options), lambda dice: dice.choice(options))


def whole(low: int, high: int) -> Way:
    return Way(st.integers(low, high), lambda dice: dice.randint(low, high))


def toss() -> Way:
    return Way(st.booleans(), lambda dice: dice.random() < 0.5)


def some(options) -> Way:
    """Any of them in any order, each once."""
    options = list(options)
    return Way(st.lists(st.sampled_from(options), unique=True), lambda dice: dice.sample(options, dice.randint(0, len(options))))


def either(*ways: Way) -> Way:
    return Way(st.one_of(*(way.strategy for way in ways)), lambda dice: dice.choice(ways).roll(dice))


digits = either(one([None]), whole(0, 3))


def race(draw, *, extras=True, policies=("required", "exclude", "zero"), most_entries=5, abstain=True):
    scale = draw(one(["percent", "factor"]))
    weights = draw(one(SPLITS))
    metrics = draw(whole(0, len(weights) - 1)) if extras else 0
    policy = draw(one(policies))
    criteria = []
    for place, weight in enumerate(weights):
        rule = {"code": f"C{place}", "dimension": f"D{place // 2}", "max": draw(one(["100", "10", "7", "30"]))}
        rule["weight"] = str(weight) if scale == "percent" else str(Fraction(weight) / 100 if isinstance(weight, int) else weight)
        if "/" in rule["weight"]:
            rule["weight"] = f"{weight / 100:.2f}"
        if place >= len(weights) - metrics:
            rule |= {"kind": "metric", "function": {"linear": {"floor": "0", "target": "1"}}}
        else:
            rule |= {"kind": draw(one(["expert", "mixed"])), "step": "0.01", "missing": policy}
        criteria.append(rule)
    if extras and draw(toss()):
        criteria.append({"code": "bonus", "kind": "bonus", "min": "-5", "max": "5", "missing": draw(one(["exclude", "zero"]))})
        criteria.append({"code": "late", "kind": "bonus", "min": "-3", "max": "0"})
    if extras and draw(toss()):
        criteria.append({"code": "veto", "kind": "veto"})
    high, low = draw(whole(0, 2)), draw(whole(0, 2))
    panel = draw(
        one(
            [
                {"method": "mean"},
                {"method": "median"},
                {"method": "trimmed", "drop_high": high, "drop_low": low, "min_to_trim": high + low + draw(whole(1, 3))},
            ]
        )
    )
    dimensions = list(dict.fromkeys(rule["dimension"] for rule in criteria if "weight" in rule))
    ladder = ["dimension:" + dimensions[-1], "criterion:C0", "untrimmed_mean", "median"]
    data = {
        "scale": scale,
        "order": draw(one(["sheet", "criterion"])),
        "criteria": criteria,
        "panel": panel | {"min_panel": draw(whole(1, 3))},
        "rounding": {stage: draw(digits) for stage in ("sheet", "panel", "weighted", "total")},
        "ties": draw(some(ladder)) + draw(one([[], ["lot"]])),
    }
    if extras and draw(toss()):
        data["bonus_cap"] = ["-4", "4.5"]
    if extras and draw(toss()):
        data["thresholds"] = draw(one([{"total": "50"}, {"criteria": {"C0": "3.5"}}, {"dimensions": {"D0": "20"}, "total": "40.005"}]))
    if extras and draw(toss()):
        data["carry"] = [{"round": "desk", "weight": "40"}, {"round": "visit", "weight": "12.5"}][: draw(whole(1, 2))]
    entries = [f"entry {number}" for number in range(draw(whole(1, most_entries)))]
    sheets = {entry: _sheets(draw, criteria, policy, abstain) for entry in entries}
    given, carried = {}, {}
    for entry in entries:
        given[entry] = {}
        for rule in criteria:
            if rule["kind"] == "metric":
                given[entry][rule["code"]] = draw(either(whole(0, 100 * int(rule["max"])), one([None, 0])))
            elif rule["code"] == "late" and draw(toss()):
                given[entry]["late"] = draw(whole(-500, 100))
            elif rule["kind"] == "veto" and draw(toss()):
                given[entry]["veto"] = draw(whole(0, 1))
        carried[entry] = {name: Fraction(draw(whole(0, 10_000)), 100) for name in ("desk", "visit") if draw(whole(0, 5))}
    return Race(data, sheets, given, carried)


def _sheets(draw, criteria, policy, abstain):
    found = {}
    for name in draw(some(EVALUATORS)):
        sheet = {}
        for rule in criteria:
            if "step" in rule:
                most = 100 * int(rule["max"])
                mark = draw(either(whole(0, most), whole(most // 2, most // 2 + 3), one(["abstain", None])))
                if mark == "abstain" and not abstain:
                    mark = 0
                if mark is None and policy == "required":
                    mark = most
                if mark is not None:
                    sheet[rule["code"]] = mark
            elif rule["code"] == "bonus" and draw(toss()):
                sheet["bonus"] = draw(whole(-800, 800))
            elif rule["kind"] == "veto" and draw(whole(0, 3)) == 0:
                sheet["veto"] = draw(one([0, 100, 100, 100]))
        found[name] = sheet
    return found


@st.composite
def races(draw, **options):
    return race(lambda way: draw(way.strategy), **options)


def rolled(dice: Random, **options) -> Race:
    return race(lambda way: way.roll(dice), **options)
