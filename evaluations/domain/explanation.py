"""How one entry came by its total, as data: every number that stands between its marks and its official total
(docs/scoring.md, X1).

Points and values are exact fractions; a stage that rounds keeps both sides.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from evaluations.domain.decimals import round_half_up
from evaluations.domain.scheme import Criterion
from ledger.domain.reason import Reason

# Of one mark on a sheet.
MARKED, ZERO, BLANK, ABSTAINED = "marked", "zero", "blank", "abstained"
# Of one value in a collapse: counted, dropped at an end, or (in a median) not in the middle.
KEPT, HIGH, LOW, ASIDE = "kept", "high", "low", "aside"


@dataclass(frozen=True)
class Inputs:
    """All that one entry's total hangs on. `sheets`: {evaluator: {criterion: hundredths, or None for an abstention}}; `metrics`:
    hundredths of points; `bonuses` in points, `vetoes` 1 or 0, both given once for the entry; `carried`: {round: official total}."""

    entry: str
    sheets: Mapping[str, Mapping[str, int | None]]
    metrics: Mapping[str, int | None] = field(default_factory=dict)
    bonuses: Mapping[str, Fraction | None] = field(default_factory=dict)
    vetoes: Mapping[str, int | None] = field(default_factory=dict)
    carried: Mapping[str, Fraction] = field(default_factory=dict)


@dataclass(frozen=True)
class Rounded:
    """A number before and after a stage; `digits` None: the stage rounds nothing."""

    exact: Fraction
    digits: int | None = None

    @property
    def value(self) -> Fraction:
        return self.exact if self.digits is None else round_half_up(self.exact, self.digits)


@dataclass(frozen=True)
class Term:
    """One weighted criterion on one sheet; `value` in mark units and `points` are None where nothing counts."""

    criterion: str
    fate: str
    value: Fraction | None = None
    points: Fraction | None = None


@dataclass(frozen=True)
class SheetSteps:
    """One sheet: `sum` of its points; times `whole` over `weight` where weights are absent; then the stage `sheet`. `evaluator`
    is "" for the one sheet of a scheme that nobody marks. The computed criteria, the same on every sheet, stand in `computed`."""

    evaluator: str
    terms: tuple[Term, ...]
    computed: tuple[Term, ...]
    sum: Fraction
    weight: Fraction
    whole: Fraction
    total: Rounded

    @property
    def computed_sum(self) -> Fraction:
        return sum((term.points for term in self.computed if term.points is not None), Fraction(0))

    @property
    def stretched(self) -> bool:
        return self.weight != self.whole


@dataclass(frozen=True)
class Seat:
    evaluator: str
    value: Fraction
    fate: str = KEPT
    blank: bool = False  # left blank, counted as 0


@dataclass(frozen=True)
class Collapse:
    """The values of a panel brought together: `sum` of those kept over their `count`, then the stage `panel`. `result` is None
    where there is no value; `small`: too few to drop any."""

    method: str
    seats: tuple[Seat, ...]
    small: bool
    sum: Fraction
    count: int
    result: Rounded | None

    @property
    def dropped(self) -> tuple[Seat, ...]:
        return tuple(seat for seat in self.seats if seat.fate in (HIGH, LOW))


@dataclass(frozen=True)
class Check:
    """A threshold: `value` None where there is none to compare. Equal passes."""

    kind: str  # "criterion", "dimension", "total"
    code: str
    value: Fraction | None
    least: Fraction

    @property
    def passed(self) -> bool:
        return self.value is not None and self.value >= self.least


@dataclass(frozen=True)
class CriterionSteps:
    """One weighted criterion over the panel. `panel` is None for a computed one. `contribution` in points; its rounding by the
    stage `weighted` counts in the order `criterion` alone."""

    rule: Criterion
    panel: Collapse | None
    value: Rounded | None
    contribution: Rounded | None
    check: Check | None = None


@dataclass(frozen=True)
class DimensionSteps:
    """`value` is None where a criterion of it has none."""

    code: str
    parts: tuple[tuple[str, Fraction | None], ...]
    value: Fraction | None
    check: Check | None = None


@dataclass(frozen=True)
class BonusSteps:
    """`given`: once for the entry, else collapsed over the panel (`panel`); `points` after its own clip, None where nobody gave any."""

    rule: Criterion
    given: Fraction | None
    panel: Collapse | None
    points: Fraction | None


@dataclass(frozen=True)
class VetoSteps:
    """`passed` is None where nobody looked; `failed_by` are evaluators."""

    code: str
    given: int | None
    failed_by: tuple[str, ...]
    passed: bool | None


@dataclass(frozen=True)
class CarrySteps:
    """Earlier official totals with their weights (None: there is none), this round's points and their weight."""

    earlier: tuple[tuple[str, Fraction, Fraction | None], ...]
    own_weight: Fraction
    own: Fraction
    over: int  # 100 under "percent", 1 under "factor"
    result: Fraction | None


@dataclass(frozen=True)
class Explanation:
    """`this_round`: points before carry and bonus (None where they cannot be had). `total` None: not rankable, with `reasons`,
    which also hold failed vetoes and thresholds, in the official order. `panel`: of the sheets, in the order `sheet` alone."""

    entry: str
    order: str
    size: int
    sheets: tuple[SheetSteps, ...]
    panel: Collapse | None
    criteria: tuple[CriterionSteps, ...]
    dimensions: tuple[DimensionSteps, ...]
    this_round: Fraction | None
    carry: CarrySteps | None
    bonuses: tuple[BonusSteps, ...]
    bonus_sum: Fraction
    bonus: Fraction
    vetoes: tuple[VetoSteps, ...]
    total: Rounded | None
    check: Check | None
    flags: tuple[str, ...]
    reasons: tuple[Reason, ...]

    @property
    def dropped(self) -> tuple[tuple[str, str | None, str], ...]:
        """As the standings record it: (evaluator, criterion or None for the sheet, "high" or "low")."""
        if self.order == "sheet":
            found = [(seat.evaluator, None, seat.fate) for seat in self.panel.dropped] if self.panel else []
        else:
            found = [(seat.evaluator, row.rule.code, seat.fate) for row in self.criteria if row.panel for seat in row.panel.dropped]
        return tuple(found)
