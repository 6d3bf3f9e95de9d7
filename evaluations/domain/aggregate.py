"""From marks to official totals, exactly, stage by stage (docs/scoring.md, S1 to S5): all entries of a cube at once.

Loops run over criteria, dimensions and entries, never over marks.
"""

from collections.abc import Mapping, Sequence
from fractions import Fraction

import numpy as np

from evaluations.domain.cube import Cube
from evaluations.domain.decimals import HUNDREDTH, TEN_THOUSANDTH, digits_text, plain_text, round_half_up
from evaluations.domain.exact import LIMIT, Exact
from evaluations.domain.metrics import metric_values
from evaluations.domain.panels import collapse_values
from evaluations.domain.scheme import Criterion, Scheme
from evaluations.domain.stages import Stages
from evaluations.domain.totals import BELOW_THRESHOLD, INELIGIBLE, SHOWN_DIGITS, SMALL_PANEL, EntryTotal, Given
from ledger.domain.reason import Reason, Refused


def take_figures(scheme: Scheme, figures: Mapping[str, Mapping[str, Fraction | None]], tracks: Mapping[str, str]) -> dict[str, dict]:
    """Metric points for `Given.metrics`: {criterion: {entry: hundredths | None}} from {criterion: {entry: figure}}.

    `tracks` names every entry that competes, with its track; where `scheme.in_groups`, it must be all of them.
    """
    entries, groups = list(tracks), list(tracks.values())
    points = {}
    for rule in scheme.criteria:
        if rule.kind == "metric":
            given = figures.get(rule.code, {})
            values = metric_values(rule.function, rule.maximum, rule.reverse, [given.get(entry) for entry in entries], groups)
            points[rule.code] = dict(zip(entries, values, strict=True))
    return points


def collapse(
    scheme: Scheme,
    cube: Cube,
    *,
    given: Given | None = None,
    carried: Mapping[str, Mapping[str, Fraction]] | None = None,
) -> list[EntryTotal]:
    """One EntryTotal per entry of the cube, in its order; each hangs on its own marks alone, so that a part of a round
    collapses to the same as the whole. `carried` is {entry: {round: official total}}. Raises Refused where a present
    evaluator left a required mark out."""
    return _Rows(Stages(scheme, cube, given or Given()), carried or {}).entry_totals()


class _Rows:
    def __init__(self, stages: Stages, carried: Mapping[str, Mapping[str, Fraction]]):
        self.stages, self.carried = stages, carried
        self.scheme, self.cube, self.given = stages.scheme, stages.cube, stages.given
        self.counts, self.criteria = stages.counts, stages.criteria

    def _bonuses(self) -> tuple[dict[str, list[Fraction | None]], np.ndarray]:
        """Points of each bonus after its own clip, None where none was given; and where a trimmed collapse fell back."""
        found, small = {}, np.zeros(len(self.cube.entries), bool)
        for place, rule in enumerate(self.scheme.criteria):
            if rule.kind == "bonus":
                values = Exact.of(self.cube.values[:, :, place], HUNDREDTH)
                panel = collapse_values(values, self.counts[:, :, place], self.scheme.panel, self.scheme.rounding.panel)
                points = [value if known else None for value, known in zip(panel.value.fractions(), panel.known.tolist(), strict=True)]
                asked = self.cube.marked[:, :, place].any(axis=1).tolist()
                found[rule.code] = self._with_given(rule, points, asked)
                small |= panel.small
        return found, small

    def _with_given(self, rule: Criterion, points: list[Fraction | None], asked: list[bool]) -> list[Fraction | None]:
        """`asked`: whether an evaluator gave points; a bonus given once must be the only one."""
        least, most = Fraction(rule.least, HUNDREDTH), Fraction(rule.most, HUNDREDTH)
        once = self.given.bonuses.get(rule.code, {})
        clipped = []
        for entry, value, by_panel in zip(self.cube.entries, points, asked, strict=True):
            if once.get(entry) is not None:
                if by_panel:
                    raise Refused(Reason("evaluations.bonus_twice", {"entry": entry, "criterion": rule.code}))
                value = once[entry]
            clipped.append(None if value is None else min(max(value, least), most))
        return clipped

    def _bonus(self, points: Sequence[Fraction | None]) -> Fraction:
        total = sum((value for value in points if value is not None), Fraction(0))
        if self.scheme.bonus_cap is None:
            return total
        least, most = (Fraction(bound, HUNDREDTH) for bound in self.scheme.bonus_cap)
        return min(max(total, least), most)

    def _vetoes(self) -> dict[str, list[int | None]]:
        found = {}
        for place, rule in enumerate(self.scheme.criteria):
            if rule.kind == "veto":
                once = self.given.vetoes.get(rule.code, {})
                counts = self.counts[:, :, place]
                failed = (counts & (self.cube.values[:, :, place] == 0)).any(axis=1).tolist()
                asked = counts.any(axis=1).tolist()
                found[rule.code] = [
                    0 if fails or once.get(entry) == 0 else 1 if any_mark or once.get(entry) == 1 else None
                    for entry, fails, any_mark in zip(self.cube.entries, failed, asked, strict=True)
                ]
        return found

    def _carry(self, entry: str, points: Fraction) -> Fraction | None:
        scheme = self.scheme
        if not scheme.carry:
            return points
        earlier = self.carried.get(entry, {})
        if any(earlier.get(row.round) is None for row in scheme.carry):
            return None
        total = sum(Fraction(row.weight, TEN_THOUSANDTH) * earlier[row.round] for row in scheme.carry)
        if scheme.scale == "factor":
            return total + points
        own = 100 - Fraction(sum(row.weight for row in scheme.carry), TEN_THOUSANDTH)
        return (total + own * points) / 100

    def entry_totals(self) -> list[EntryTotal]:
        scheme, entries = self.scheme, self.cube.entries
        by_sheet = scheme.order == "sheet" or any(rung.kind in ("untrimmed_mean", "median") for rung in scheme.ties)
        sheets, present = self.stages.sheets() if by_sheet else (None, self.stages.present)
        points, small = self.stages.this_round(sheets, present)
        dimensions = self.stages.dimensions()
        bonuses, bonus_small = self._bonuses()
        vetoes = self._vetoes()
        rungs = list(zip(*self.stages.rungs(sheets, present, dimensions), strict=True)) or [()] * len(entries)
        dropped = self.stages.dropped(sheets)
        criteria_text = _by_entry(self._criteria_text(bonuses, vetoes), len(entries))
        dimension_text = _by_entry({code: _texts(*column, SHOWN_DIGITS) for code, column in dimensions.items()}, len(entries))
        sizes = self.stages.present.sum(axis=1).tolist()
        abstained = self.cube.abstained.sum(axis=(1, 2)).tolist()
        small = (small | bonus_small).tolist()
        obstacles = self._obstacles(sizes)
        short = self._short_of_thresholds(dimensions)
        nothing = Fraction(0)
        rows = []
        for place, (entry, this) in enumerate(zip(entries, points.fractions(), strict=True)):
            reasons, flags = list(obstacles.get(place, ())), [SMALL_PANEL] if small[place] else []
            bonus = self._bonus([bonuses[code][place] for code in bonuses]) if bonuses else nothing
            exact = total = None
            if not reasons:
                exact = self._carry(entry, this) + bonus if bonus else self._carry(entry, this)
                total = exact if scheme.rounding.total is None else round_half_up(exact, scheme.rounding.total)
                below = list(short.get(place, ()))
                if scheme.thresholds.total is not None and total < scheme.thresholds.total:
                    below.append(_below("total", "", plain_text(total), scheme.thresholds.total))
                if below:
                    flags.append(BELOW_THRESHOLD)
                    reasons.extend(below)
            failed = [code for code, values in vetoes.items() if values[place] == 0]
            if failed:
                flags.append(INELIGIBLE)
                reasons[:0] = [Reason("evaluations.entry_vetoed", {"criterion": code}) for code in failed]
            rows.append(
                EntryTotal(
                    entry=entry,
                    exact=exact,
                    total=total,
                    rungs=rungs[place],
                    criteria=criteria_text[place],
                    dimensions=dimension_text[place],
                    bonus=bonus,
                    panel_size=sizes[place],
                    abstained=abstained[place],
                    dropped=tuple(dropped.get(place, ())),
                    flags=tuple(flags),
                    reasons=tuple(reasons),
                )
            )
        return rows

    def _obstacles(self, sizes: list[int]) -> dict[int, list[Reason]]:
        """Why an entry is not rankable, by its place; entries without an obstacle are absent."""
        found: dict[int, list[Reason]] = {}
        least = self.scheme.panel.min_panel
        for place, size in enumerate(sizes):
            if size < least:
                found.setdefault(place, []).append(Reason("evaluations.entry_panel_too_small", {"size": size, "least": least}))
        blocks = np.array([self._must_have_value(rule) for rule in self.scheme.weighted], bool)
        for place, column in np.argwhere(~self.criteria.known & blocks).tolist():
            rule = self.scheme.weighted[column]
            code = "evaluations.entry_figure_missing" if rule.kind == "metric" else "evaluations.entry_criterion_without_marks"
            found.setdefault(place, []).append(Reason(code, {"criterion": rule.code}))
        for place, entry in enumerate(self.cube.entries if self.scheme.carry else ()):
            earlier = self.carried.get(entry, {})
            missing = [row.round for row in self.scheme.carry if earlier.get(row.round) is None]
            if missing:
                found.setdefault(place, []).extend(Reason("evaluations.entry_carry_missing", {"round": round_}) for round_ in missing)
        return found

    def _must_have_value(self, rule: Criterion) -> bool:
        """In `sheet` order the sheets are stretched over a criterion that nobody marked, so the total stands without it,
        unless a threshold asks for its value. A metric without its figure blocks in both orders."""
        thresholds = self.scheme.thresholds
        asked = rule.code in dict(thresholds.criteria) or rule.dimension in dict(thresholds.dimensions)
        return self.scheme.order == "criterion" or rule.kind == "metric" or asked

    def _short_of_thresholds(self, dimensions) -> dict[int, list[Reason]]:
        """Criteria and dimensions below their threshold, by place of the entry; equal passes."""
        found: dict[int, list[Reason]] = {}
        codes = [rule.code for rule in self.scheme.weighted]
        value = self.criteria.value
        for code, least in self.scheme.thresholds.criteria:
            column = Exact(value.num[:, codes.index(code)], value.den, value.bound)
            _note_below(found, "criterion", code, column, self.criteria.known[:, codes.index(code)], least)
        for code, least in self.scheme.thresholds.dimensions:
            _note_below(found, "dimension", code, *dimensions[code], least)
        return found

    def _criteria_text(self, bonuses, vetoes) -> dict[str, list[str | None]]:
        """In the order of the scheme: decimal text of every criterion's value."""
        digits = self.scheme.rounding.panel
        digits = SHOWN_DIGITS if digits is None else digits
        value, known = self.criteria.value, self.criteria.known
        columns = {rule.code: place for place, rule in enumerate(self.scheme.weighted)}
        texts: dict[str, list[str | None]] = {}
        for rule in self.scheme.criteria:
            if rule.code in columns:
                place = columns[rule.code]
                texts[rule.code] = _texts(Exact(value.num[:, place], value.den, value.bound), known[:, place], digits)
            elif rule.kind == "bonus":
                texts[rule.code] = [None if points is None else plain_text(points) for points in bonuses[rule.code]]
            else:
                texts[rule.code] = [None if passed is None else str(passed) for passed in vetoes[rule.code]]
        return texts


def _texts(value: Exact, known: np.ndarray, digits: int) -> list[str | None]:
    units = value.rounded(digits).num.tolist()
    text = {number: digits_text(number, digits) for number in set(units)}  # panels agree on few values
    return [text[number] if there else None for number, there in zip(units, known.tolist(), strict=True)]


def _by_entry(columns: Mapping[str, Sequence], number: int) -> list[dict]:
    """{code: a value for each of `number` entries} as a {code: value} for each entry."""
    return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)] if columns else [{} for _ in range(number)]


def _below(kind: str, code: str, value: str, least: Fraction) -> Reason:
    return Reason(f"evaluations.entry_{kind}_below_threshold", {"code": code, "value": value, "least": plain_text(least)})


def _note_below(found: dict, kind: str, code: str, value: Exact, known: np.ndarray, least: Fraction) -> None:
    # value < least, in whole numbers: num · least.denominator < least.numerator · den
    scaled = value.times(least.denominator)
    bar = least.numerator * value.den
    number = scaled.num if abs(bar) < LIMIT else scaled.num.astype(object)
    for place in np.nonzero(known & (number < bar))[0].tolist():
        shown = digits_text(int(Exact.of(value.num[place : place + 1], value.den).rounded(SHOWN_DIGITS).num[0]), SHOWN_DIGITS)
        found.setdefault(place, []).append(_below(kind, code, shown, least))
