"""One entry's way to its total, step by step in fractions: a way of its own beside the arrays of `aggregate`, so that the two check
each other. Slow and plain: one entry, one sheet, one mark at a time."""

from collections.abc import Sequence
from fractions import Fraction

from evaluations.domain.decimals import HUNDREDTH, TEN_THOUSANDTH, fraction_text, plain_text
from evaluations.domain.explanation import (
    ABSTAINED,
    ASIDE,
    BLANK,
    HIGH,
    KEPT,
    LOW,
    MARKED,
    ZERO,
    BonusSteps,
    CarrySteps,
    Check,
    Collapse,
    CriterionSteps,
    DimensionSteps,
    Explanation,
    Inputs,
    Rounded,
    Seat,
    SheetSteps,
    Term,
    VetoSteps,
)
from evaluations.domain.scheme import Criterion, Panel, Scheme
from evaluations.domain.totals import BELOW_THRESHOLD, INELIGIBLE, SHOWN_DIGITS, SMALL_PANEL
from ledger.domain.reason import Reason


def explain(scheme: Scheme, inputs: Inputs) -> Explanation:
    """Stages and their formulas: docs/scoring.md, S1 to S5, P1, P2, B1, V1, H1, C1."""
    return _Entry(scheme, inputs).explanation()


def collapse_seats(seats: Sequence[Seat], panel: Panel, digits: int | None) -> Collapse:
    """P1: the values of a panel, in code-point order of the evaluators."""
    size = len(seats)
    small = panel.method == "trimmed" and 0 < size < panel.min_to_trim
    ascending = sorted(range(size), key=lambda place: (seats[place].value, seats[place].evaluator))
    fates = [KEPT] * size
    if panel.method == "median" and size:
        middle = {ascending[(size - 1) // 2], ascending[size // 2]}
        fates = [KEPT if place in middle else ASIDE for place in range(size)]
    elif panel.method == "trimmed" and size and not small:
        highest = sorted(range(size), key=lambda place: (-seats[place].value, seats[place].evaluator))[: panel.drop_high]
        lowest = [place for place in ascending if place not in highest][: panel.drop_low]
        for chosen, fate in ((highest, HIGH), (lowest, LOW)):
            for place in chosen:
                fates[place] = fate
    kept = [seat.value for seat, fate in zip(seats, fates, strict=True) if fate == KEPT]
    total = sum(kept, Fraction(0))
    result = Rounded(total / len(kept), digits) if kept else None
    marked = tuple(Seat(seat.evaluator, seat.value, fate, seat.blank) for seat, fate in zip(seats, fates, strict=True))
    return Collapse(panel.method, marked, small, total, len(kept), result)


def contribution(scheme: Scheme, rule: Criterion, value: Fraction) -> Fraction:
    """S1: points that a value, in mark units, brings."""
    weight = Fraction(rule.weight, TEN_THOUSANDTH)
    return weight * value / Fraction(rule.maximum, HUNDREDTH) if scheme.scale == "percent" else weight * value


def rung_values(scheme: Scheme, steps: Explanation) -> tuple[Fraction | None, ...]:
    """T2: what each rung of the ladder compares, None at the lot and where there is no value."""
    criteria = {row.rule.code: row.value and row.value.value for row in steps.criteria}
    dimensions = {row.code: row.value for row in steps.dimensions}
    seats = [Seat(row.evaluator, row.total.value) for row in steps.sheets]
    found = []
    for rung in scheme.ties:
        if rung.kind in ("untrimmed_mean", "median"):
            result = collapse_seats(seats, Panel("mean" if rung.kind == "untrimmed_mean" else "median", 0), None).result
            found.append(result and result.exact)
        else:
            found.append({"criterion": criteria, "dimension": dimensions}.get(rung.kind, {}).get(rung.code))
    return tuple(found)


class _Entry:
    def __init__(self, scheme: Scheme, inputs: Inputs):
        self.scheme, self.inputs = scheme, inputs
        marked = [rule.code for rule in scheme.marked]
        self.names = sorted(inputs.sheets)
        self.present = [name for name in self.names if any(inputs.sheets[name].get(code) is not None for code in marked)]

    def explanation(self) -> Explanation:
        scheme, digits = self.scheme, self.scheme.rounding
        criteria = tuple(self._criterion(rule) for rule in scheme.weighted)
        dimensions = tuple(self._dimension(code, criteria) for code in scheme.dimensions)
        sheets = self._sheets()
        panel = None
        if scheme.order == "sheet" and scheme.marked:
            panel = collapse_seats([Seat(row.evaluator, row.total.value) for row in sheets], scheme.panel, digits.panel)
            this = panel.result.value if panel.result else None
        elif scheme.order == "sheet":
            this = Rounded(sheets[0].total.value, digits.panel).value
        else:
            parts = [row.contribution.value for row in criteria if row.contribution]
            this = sum(parts, Fraction(0)) if len(parts) == len(criteria) else None
        bonuses = tuple(self._bonus(rule) for rule in scheme.criteria if rule.kind == "bonus")
        bonus_sum = sum((row.points for row in bonuses if row.points is not None), Fraction(0))
        bonus = bonus_sum
        if scheme.bonus_cap is not None:
            bonus = _clip(bonus_sum, *scheme.bonus_cap)
        vetoes = tuple(self._veto(rule) for rule in scheme.criteria if rule.kind == "veto")
        small = [row.panel for row in criteria if row.panel] + [row.panel for row in bonuses if row.panel] + ([panel] if panel else [])
        flags = [SMALL_PANEL] if any(found.small for found in small) else []
        reasons = self._obstacles(criteria)
        carry = self._carry(this) if scheme.carry and this is not None else None
        total = check = None
        if not reasons:
            points = carry.result if carry else this
            total = Rounded(points + bonus, digits.total)
            if scheme.thresholds.total is not None:
                check = Check("total", "", total.value, scheme.thresholds.total)
            by_criterion, by_dimension = {row.rule.code: row.check for row in criteria}, {row.code: row.check for row in dimensions}
            checks = [by_criterion[code] for code, _least in scheme.thresholds.criteria]
            checks += [by_dimension[code] for code, _least in scheme.thresholds.dimensions]
            below = [found for found in (*checks, check) if found and not found.passed]
            flags += [BELOW_THRESHOLD] if below else []
            reasons += [_below(found) for found in below]
        if failed := [row.code for row in vetoes if row.passed is False]:
            flags.append(INELIGIBLE)
            reasons[:0] = [Reason("evaluations.entry_vetoed", {"criterion": code}) for code in failed]
        return Explanation(
            entry=self.inputs.entry,
            order=scheme.order,
            size=len(self.present),
            sheets=sheets,
            panel=panel,
            criteria=criteria,
            dimensions=dimensions,
            this_round=this,
            carry=carry,
            bonuses=bonuses,
            bonus_sum=bonus_sum,
            bonus=bonus,
            vetoes=vetoes,
            total=total,
            check=check,
            flags=tuple(flags),
            reasons=tuple(reasons),
        )

    def _mark(self, name: str, rule: Criterion) -> tuple[str, Fraction | None]:
        """What became of it, and the value that counts."""
        sheet = self.inputs.sheets[name]
        if rule.code not in sheet:
            return (ZERO, Fraction(0)) if rule.missing == "zero" else (BLANK, None)
        value = sheet[rule.code]
        return (ABSTAINED, None) if value is None else (MARKED, Fraction(value, HUNDREDTH))

    def _metric(self, rule: Criterion) -> Fraction | None:
        points = self.inputs.metrics.get(rule.code)
        return None if points is None else Fraction(points, HUNDREDTH)

    def _seats(self, rule: Criterion, names: Sequence[str]) -> list[Seat]:
        marks = [(name, *self._mark(name, rule)) for name in names]
        return [Seat(name, value, blank=fate == ZERO) for name, fate, value in marks if value is not None]

    def _criterion(self, rule: Criterion) -> CriterionSteps:
        scheme, digits = self.scheme, self.scheme.rounding
        panel = value = None
        if rule.marked:
            panel = collapse_seats(self._seats(rule, self.present), scheme.panel, digits.panel)
            value = panel.result
        elif (points := self._metric(rule)) is not None:
            value = Rounded(points, digits.panel)
        least = dict(scheme.thresholds.criteria).get(rule.code)
        check = None if least is None else Check("criterion", rule.code, value and value.value, least)
        weighted = digits.weighted if scheme.order == "criterion" else None
        brought = None if value is None else Rounded(contribution(scheme, rule, value.value), weighted)
        return CriterionSteps(rule, panel, value, brought, check)

    def _dimension(self, code: str, criteria: Sequence[CriterionSteps]) -> DimensionSteps:
        parts = tuple((row.rule.code, row.contribution and row.contribution.exact) for row in criteria if row.rule.dimension == code)
        whole = all(points is not None for _code, points in parts)
        value = sum((points for _code, points in parts), Fraction(0)) if whole else None
        least = dict(self.scheme.thresholds.dimensions).get(code)
        return DimensionSteps(code, parts, value, None if least is None else Check("dimension", code, value, least))

    def _sheets(self) -> tuple[SheetSteps, ...]:
        return tuple(self._sheet(name) for name in (self.present if self.scheme.marked else [""]))

    def _sheet(self, name: str) -> SheetSteps:
        scheme = self.scheme
        terms, computed, weight, complete = [], [], 0, True
        for rule in scheme.weighted:
            fate, value = self._mark(name, rule) if rule.marked else (MARKED, self._metric(rule))
            points = None if value is None else contribution(scheme, rule, value)
            (terms if rule.marked else computed).append(Term(rule.code, fate, value, points))
            complete = complete and (rule.marked or value is not None)
            weight += 0 if value is None else rule.weight
        whole = sum(rule.weight for rule in scheme.weighted)
        # An entry that lacks a figure is not rankable; its sheets are not stretched over the gap.
        weight = weight if complete else whole
        total = sum((term.points for term in (*terms, *computed) if term.points is not None), Fraction(0))
        return SheetSteps(
            evaluator=name,
            terms=tuple(terms),
            computed=tuple(computed),
            sum=total,
            weight=Fraction(weight, TEN_THOUSANDTH),
            whole=Fraction(whole, TEN_THOUSANDTH),
            total=Rounded(total * whole / weight, scheme.rounding.sheet),
        )

    def _bonus(self, rule: Criterion) -> BonusSteps:
        given, panel = self.inputs.bonuses.get(rule.code), None
        value = given
        if given is None:
            # Whoever is absent otherwise counts with the points given here, yet a blank of theirs is no 0.
            names = [name for name in self.names if name in self.present or self.inputs.sheets[name].get(rule.code) is not None]
            panel = collapse_seats(self._seats(rule, names), self.scheme.panel, self.scheme.rounding.panel)
            value = panel.result and panel.result.value
        return BonusSteps(rule, given, panel, None if value is None else _clip(value, rule.least, rule.most))

    def _veto(self, rule: Criterion) -> VetoSteps:
        given = self.inputs.vetoes.get(rule.code)
        marks = {name: self.inputs.sheets[name].get(rule.code) for name in self.names}
        failed = tuple(name for name, mark in marks.items() if mark == 0)
        if rule.missing == "zero":
            failed = tuple(sorted({*failed, *(name for name in self.present if rule.code not in self.inputs.sheets[name])}))
        seen = given is not None or any(mark is not None for mark in marks.values())
        return VetoSteps(rule.code, given, failed, False if failed or given == 0 else True if seen else None)

    def _carry(self, this: Fraction) -> CarrySteps:
        scheme = self.scheme
        rows = [(row.round, Fraction(row.weight, TEN_THOUSANDTH), self.inputs.carried.get(row.round)) for row in scheme.carry]
        percent = scheme.scale == "percent"
        own = 100 - sum(weight for _round, weight, _total in rows) if percent else Fraction(1)
        over, result = 100 if percent else 1, None
        if all(total is not None for _round, _weight, total in rows):
            result = (sum(weight * total for _round, weight, total in rows) + own * this) / over
        return CarrySteps(tuple(rows), own, this, over, result)

    def _obstacles(self, criteria: Sequence[CriterionSteps]) -> list[Reason]:
        scheme, found = self.scheme, []
        if len(self.present) < scheme.panel.min_panel:
            found.append(Reason("evaluations.entry_panel_too_small", {"size": len(self.present), "least": scheme.panel.min_panel}))
        asked = {code for code, _least in (*scheme.thresholds.criteria, *scheme.thresholds.dimensions)}
        for row in criteria:
            needed = scheme.order == "criterion" or row.rule.kind == "metric" or {row.rule.code, row.rule.dimension} & asked
            if row.value is None and needed:
                code = "evaluations.entry_figure_missing" if row.rule.kind == "metric" else "evaluations.entry_criterion_without_marks"
                found.append(Reason(code, {"criterion": row.rule.code}))
        missing = [row.round for row in scheme.carry if self.inputs.carried.get(row.round) is None]
        return found + [Reason("evaluations.entry_carry_missing", {"round": name}) for name in missing]


def _clip(value: Fraction, least: int, most: int) -> Fraction:
    return min(max(value, Fraction(least, HUNDREDTH)), Fraction(most, HUNDREDTH))


def _below(check: Check) -> Reason:
    value = plain_text(check.value) if check.kind == "total" else fraction_text(check.value, SHOWN_DIGITS)
    return Reason(f"evaluations.entry_{check.kind}_below_threshold", {"code": check.code, "value": value, "least": plain_text(check.least)})
