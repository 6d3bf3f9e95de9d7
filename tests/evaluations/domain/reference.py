"""The scheme in the slow and obvious way, read from its JSON with fractions, one entry at a time. Shares no code with the house."""

import hashlib
from decimal import ROUND_HALF_UP, Context, Decimal
from fractions import Fraction as F


def half_up(value, digits):
    if digits is None:
        return value
    scaled = value * 10**digits
    below = scaled.numerator // scaled.denominator
    rest = scaled - below
    if rest > F(1, 2) or (rest == F(1, 2) and scaled > 0):
        below += 1
    return F(below, 10**digits)


def text(value, digits):
    if value is None:
        return None
    whole = half_up(value, digits) * 10**digits
    return str(Decimal(int(whole)).scaleb(-digits, Context(prec=200, rounding=ROUND_HALF_UP)))


def collapse(values, panel):
    """(value or None, fell back)"""
    values = sorted(values)
    if not values:
        return None, False
    if panel["method"] == "mean":
        return sum(values) / F(len(values)), False
    if panel["method"] == "median":
        return (values[(len(values) - 1) // 2] + values[len(values) // 2]) / F(2), False
    if len(values) < panel["min_to_trim"]:
        return sum(values) / F(len(values)), True
    for _ in range(panel["drop_high"]):
        values.remove(max(values))
    for _ in range(panel["drop_low"]):
        values.remove(min(values))
    return sum(values) / F(len(values)), False


class Entry:
    """`sheets`: {evaluator: {criterion: Fraction or "abstain"}}; `given`: {criterion: Fraction} (points for metrics)."""

    def __init__(self, scheme, sheets, given, carried):
        self.scheme, self.given, self.carried = scheme, given, carried
        self.rules = {rule["code"]: rule for rule in scheme["criteria"]}
        self.weighted = [rule for rule in scheme["criteria"] if "weight" in rule]
        marked = [rule["code"] for rule in scheme["criteria"] if rule["kind"] in ("expert", "mixed")]
        self.present = {name: sheet for name, sheet in sheets.items() if any(code in sheet and sheet[code] != "abstain" for code in marked)}
        self.all_sheets = sheets
        self.small = False
        self.values = {rule["code"]: self.criterion_value(rule) for rule in self.weighted}

    def mark(self, rule, sheet):
        """A number, or None where nothing counts."""
        mark = sheet.get(rule["code"])
        if mark == "abstain":
            return None
        if mark is None:
            return F(0) if rule.get("missing") == "zero" else None
        return mark

    def collapsed(self, rule, sheets):
        marks = [self.mark(rule, sheet) for sheet in sheets]
        value, fell_back = collapse([mark for mark in marks if mark is not None], self.scheme["panel"])
        self.small = self.small or fell_back
        return None if value is None else half_up(value, self.scheme["rounding"]["panel"])

    def criterion_value(self, rule):
        if rule["kind"] == "metric":
            points = self.given.get(rule["code"])
            return None if points is None else half_up(points, self.scheme["rounding"]["panel"])
        return self.collapsed(rule, self.present.values())

    def contribution(self, rule, value):
        points = F(rule["weight"]) * value
        return points / F(rule["max"]) if self.scheme["scale"] == "percent" else points

    def dimensions(self):
        found = {}
        for rule in self.weighted:
            parts = found.setdefault(rule["dimension"], [])
            value = self.values[rule["code"]]
            parts.append(None if value is None else self.contribution(rule, value))
        return {code: None if None in parts else sum(parts, F(0)) for code, parts in found.items()}

    def sheet_totals(self):
        totals = []
        for sheet in self.present.values():
            total, weight = F(0), F(0)
            for rule in self.weighted:
                value = self.given.get(rule["code"]) if rule["kind"] == "metric" else self.mark(rule, sheet)
                if value is not None:
                    total += self.contribution(rule, value)
                    weight += F(rule["weight"])
            whole = sum(F(rule["weight"]) for rule in self.weighted)
            totals.append(half_up(total * whole / weight, self.scheme["rounding"]["sheet"]))
        return totals

    def bonus(self):
        total = F(0)
        for rule in self.scheme["criteria"]:
            if rule["kind"] != "bonus":
                continue
            value = self.given.get(rule["code"])
            if value is None:
                sheets = [
                    sheet for name, sheet in self.all_sheets.items() if name in self.present or isinstance(sheet.get(rule["code"]), F)
                ]
                value = self.collapsed(rule, sheets)
            if value is not None:
                total += min(max(value, F(rule["min"])), F(rule["max"]))
        cap = self.scheme.get("bonus_cap")
        return total if cap is None else min(max(total, F(cap[0])), F(cap[1]))

    def vetoed(self):
        codes = [rule["code"] for rule in self.scheme["criteria"] if rule["kind"] == "veto"]
        return any(sheet.get(code) == 0 for code in codes for sheet in self.all_sheets.values() if sheet.get(code) != "abstain") or any(
            self.given.get(code) == 0 for code in codes
        )

    def rankable(self):
        if len(self.present) < self.scheme["panel"]["min_panel"] or not self.present:
            return False
        thresholds = self.scheme.get("thresholds", {})
        for rule in self.weighted:
            asked = rule["code"] in thresholds.get("criteria", {}) or rule["dimension"] in thresholds.get("dimensions", {})
            if self.values[rule["code"]] is None and (self.scheme["order"] == "criterion" or rule["kind"] == "metric" or asked):
                return False
        return all(row["round"] in self.carried for row in self.scheme.get("carry", []))

    def exact(self):
        if not self.rankable():
            return None
        digits = self.scheme["rounding"]
        if self.scheme["order"] == "sheet":
            total, fell_back = collapse(self.sheet_totals(), self.scheme["panel"])
            self.small = self.small or fell_back
            total = half_up(total, digits["panel"])
        else:
            total = sum((half_up(self.contribution(rule, self.values[rule["code"]]), digits["weighted"]) for rule in self.weighted), F(0))
        carry = self.scheme.get("carry", [])
        earlier = sum((F(row["weight"]) * self.carried[row["round"]] for row in carry), F(0))
        if self.scheme["scale"] == "percent":
            total = earlier / 100 + (100 - sum(F(row["weight"]) for row in carry)) * total / 100
        else:
            total = earlier + total
        return total + self.bonus()

    def below(self, total):
        thresholds, dimensions = self.scheme.get("thresholds", {}), self.dimensions()
        return (
            ("total" in thresholds and total < F(thresholds["total"]))
            or any(self.values[code] < F(least) for code, least in thresholds.get("criteria", {}).items())
            or any(dimensions[code] < F(least) for code, least in thresholds.get("dimensions", {}).items())
        )

    def rungs(self):
        found = []
        for rung in self.scheme.get("ties", []):
            kind, _, code = rung.partition(":")
            if kind == "dimension":
                found.append(self.dimensions()[code])
            elif kind == "criterion":
                found.append(self.values[code])
            elif kind == "lot":
                found.append(None)
            else:
                found.append(collapse(self.sheet_totals(), {"method": "mean" if kind == "untrimmed_mean" else "median"})[0])
        return found


def beats(first, second, ladder, seed):
    """Whether the first of two (entry, total, rungs) stands strictly before the second."""
    if first[1] != second[1]:
        return first[1] > second[1]
    for rung, one, other in zip(ladder, first[2], second[2], strict=True):
        if rung == "lot":
            one, other = (hashlib.sha256(f"{seed}|{row[0]}".encode()).hexdigest() for row in (first, second))
            return one < other
        if one != other:
            return other is None or (one is not None and one > other)
    return False


def ranks(rows, ladder, seed=""):
    """{entry: 1 + number of those strictly before it}"""
    return {row[0]: 1 + sum(beats(other, row, ladder, seed) for other in rows) for row in rows}
