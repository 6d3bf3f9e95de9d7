"""The stages of scoring on whole arrays: what becomes of the marks of all entries of a cube at once.

Loops run over criteria, dimensions and rungs, never over marks or entries.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from evaluations.domain.cube import MOST_FAULTS, Cube
from evaluations.domain.decimals import HUNDREDTH
from evaluations.domain.exact import LIMIT, Exact
from evaluations.domain.panels import Collapsed, collapse_values, dropped_places
from evaluations.domain.scheme import Panel, Scheme
from evaluations.domain.totals import Given
from ledger.domain.reason import Reason, Refused


@dataclass(frozen=True)
class CriterionValues:
    """Of the weighted criteria, entries × criteria."""

    value: Exact  # in mark units
    known: np.ndarray
    small: np.ndarray
    contribution: Exact  # in points


class Stages:
    def __init__(self, scheme: Scheme, cube: Cube, given: Given):
        self.scheme, self.cube, self.given = scheme, cube, given
        rules = scheme.criteria
        self.marked_at = [place for place, rule in enumerate(rules) if rule.marked]
        self.present = cube.marked[:, :, self.marked_at].any(axis=2)
        zero = np.array([rule.missing == "zero" for rule in rules], bool)
        self.holes = self.present[:, :, None] & ~cube.marked & ~cube.abstained
        self.counts = cube.marked | (self.holes & zero)
        self.counts[:, :, self.marked_at] &= self.present[:, :, None]
        self._refuse_holes()
        self.metric_points, self.metric_known = self._metrics()
        self.criteria = self._criterion_values()

    def _refuse_holes(self) -> None:
        required = np.array([rule.missing == "required" and rule.marked for rule in self.scheme.criteria], bool)
        faults = np.argwhere(self.holes & required)[:MOST_FAULTS].tolist()
        if faults:
            raise Refused(
                *(
                    Reason(
                        "evaluations.mark_required",
                        {
                            "entry": self.cube.entries[entry],
                            "evaluator": self.cube.evaluator_at(entry, seat),
                            "criterion": self.scheme.criteria[criterion].code,
                        },
                    )
                    for entry, seat, criterion in faults
                )
            )

    def _metrics(self) -> tuple[np.ndarray, np.ndarray]:
        """Points in hundredths, and whether there are any: entries × weighted criteria (false for those that are marked)."""
        shape = (len(self.cube.entries), len(self.scheme.weighted))
        points, known = np.zeros(shape, np.int64), np.zeros(shape, bool)
        for place, rule in enumerate(self.scheme.weighted):
            if rule.kind == "metric":
                given = self.given.metrics.get(rule.code, {})
                column = [given.get(entry) for entry in self.cube.entries]
                known[:, place] = [value is not None for value in column]
                points[:, place] = [value or 0 for value in column]
        return points, known

    def _marked(self, digits: int | None) -> Collapsed:
        values = Exact.of(self.cube.values[:, :, self.marked_at], HUNDREDTH)
        return collapse_values(values, self.counts[:, :, self.marked_at], self.scheme.panel, digits)

    def _criterion_values(self) -> CriterionValues:
        scheme, digits = self.scheme, self.scheme.rounding.panel
        metric = Exact.of(self.metric_points, HUNDREDTH).rounded(digits)
        marked = self._marked(digits)
        places = [place for place, rule in enumerate(scheme.weighted) if rule.marked]
        shape = metric.num.shape
        spread = Exact(np.zeros(shape, marked.value.num.dtype), marked.value.den, marked.value.bound)
        known, small = self.metric_known.copy(), np.zeros(shape, bool)
        spread.num[:, places] = marked.value.num
        known[:, places], small[:, places] = marked.known, marked.small
        value = spread.plus(metric)
        return CriterionValues(value, known, small, self._contributions(value))

    def _contributions(self, value: Exact) -> Exact:
        factors, den = self.scheme.contribution_factors
        return value.times(HUNDREDTH, den).times(_whole(factors))

    def dimensions(self) -> dict[str, tuple[Exact, np.ndarray]]:
        found = {}
        for dimension in self.scheme.dimensions:
            places = [place for place, rule in enumerate(self.scheme.weighted) if rule.dimension == dimension]
            parts = self.criteria.contribution
            found[dimension] = (
                Exact(parts.num[:, places], parts.den, parts.bound).sum(axis=1),
                self.criteria.known[:, places].all(axis=1),
            )
        return found

    def sheets(self) -> tuple[Exact, np.ndarray]:
        """Sheet totals in points after the stage `sheet`, and which exist: entries × seats. Where weights are absent, the
        sum is multiplied by all weights over those present. Without marked criteria there is one sheet, of the metrics."""
        scheme = self.scheme
        factors, den = scheme.contribution_factors
        weights = [rule.weight for rule in scheme.weighted]
        places = [place for place, rule in enumerate(scheme.weighted) if rule.marked]
        counts = self.counts[:, :, self.marked_at]
        marks = Exact.of(self.cube.values[:, :, self.marked_at], den).where(counts)
        total = marks.times(_whole([factors[place] for place in places])).sum(axis=2)
        metric = Exact.of(self.metric_points, den).times(_whole(factors)).sum(axis=1)
        total = total.plus(Exact(metric.num[:, None], metric.den, metric.bound))
        present = self.present if places else np.ones((len(self.cube.entries), 1), bool)
        total = Exact(total.num[:, : present.shape[1]], total.den, total.bound)
        marked_weight = counts @ np.array([weights[place] for place in places], np.int64)
        metric_weight = self.metric_known @ np.array(weights, np.int64)
        weight, whole = marked_weight[:, : present.shape[1]] + metric_weight[:, None], sum(weights)
        # An entry that lacks a figure is not rankable; its sheets are not stretched over the gap.
        complete = present & (self.metric_known.sum(axis=1) == len(weights) - len(places))[:, None]
        if (weight[complete] == whole).all():
            return total.rounded(scheme.rounding.sheet), present
        weight = np.where(complete, weight, whole)
        return total.times(whole).rounded(scheme.rounding.sheet, weight), present

    def this_round(self, sheets: Exact | None, present: np.ndarray) -> tuple[Exact, np.ndarray]:
        """Points before carry and bonus, and where a trimmed collapse fell back."""
        if self.scheme.order == "criterion":
            return self.criteria.contribution.rounded(self.scheme.rounding.weighted).sum(axis=1), self.criteria.small.any(axis=1)
        if not self.marked_at:
            only = Exact(sheets.num[:, 0], sheets.den, sheets.bound)
            return only.rounded(self.scheme.rounding.panel), np.zeros(len(self.cube.entries), bool)
        panel = collapse_values(sheets, present, self.scheme.panel, self.scheme.rounding.panel)
        return panel.value, panel.small | self.criteria.small.any(axis=1)

    def rungs(self, sheets: Exact | None, present: np.ndarray, dimensions) -> list[list[Fraction | None]]:
        """One list over the entries per rung that has values."""
        found = []
        for rung in self.scheme.ties:
            if rung.kind == "dimension":
                found.append(_known_fractions(*dimensions[rung.code]))
            elif rung.kind == "criterion":
                place = [rule.code for rule in self.scheme.weighted].index(rung.code)
                value = self.criteria.value
                found.append(_known_fractions(Exact(value.num[:, place], value.den, value.bound), self.criteria.known[:, place]))
            elif rung.kind == "lot":
                found.append([None] * len(self.cube.entries))
            else:
                method = "mean" if rung.kind == "untrimmed_mean" else "median"
                panel = collapse_values(sheets, present, Panel(method, 0), None)
                found.append(_known_fractions(panel.value, panel.known))
        return found

    def dropped(self, sheets: Exact | None) -> dict[int, list[tuple[str, str | None, str]]]:
        if self.scheme.panel.method != "trimmed" or not self.marked_at:
            return {}
        if self.scheme.order == "sheet":
            values, counts = sheets, self.present
        else:
            values, counts = Exact.of(self.cube.values[:, :, self.marked_at], HUNDREDTH), self.counts[:, :, self.marked_at]
        found: dict[int, list[tuple[str, str | None, str]]] = {}
        codes = [self.scheme.criteria[place].code for place in self.marked_at]
        for end, chosen in zip(("high", "low"), dropped_places(values, counts, self.scheme.panel), strict=True):
            for place, seat, *column in np.argwhere(chosen).tolist():
                criterion = codes[column[0]] if column else None
                found.setdefault(place, []).append((self.cube.evaluator_at(place, seat), criterion, end))
        return found


def _whole(numbers: Sequence[int]) -> np.ndarray:
    """Whole numbers as an array that holds them without loss."""
    fits = all(abs(number) < LIMIT for number in numbers)
    return np.array(numbers, dtype=np.int64 if fits else object)


def _known_fractions(value: Exact, known: np.ndarray) -> list[Fraction | None]:
    return [number if there else None for number, there in zip(value.fractions(), known.tolist(), strict=True)]
