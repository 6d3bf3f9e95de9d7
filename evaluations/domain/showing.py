"""How totals come about, stage by stage, in text: sheets, what is dropped, the panel's value, what is added, total and rank."""

from dataclasses import dataclass
from fractions import Fraction

from evaluations.domain.aggregate import collapse
from evaluations.domain.decimals import HUNDREDTH, fraction_text, plain_text
from evaluations.domain.examples import Examples
from evaluations.domain.ranking import Place, rank
from evaluations.domain.scheme import Scheme
from evaluations.domain.stages import Stages
from evaluations.domain.totals import EntryTotal

SHOWN = 4


@dataclass(frozen=True)
class Cell:
    """What one evaluator gave; `end` is "high" or "low" where it is dropped. `text` None: nothing."""

    evaluator: str
    text: str | None
    end: str = ""
    abstained: bool = False


@dataclass(frozen=True)
class Line:
    """A criterion of one entry: the panel's marks, the value that they become and the points that it contributes."""

    code: str
    cells: tuple[Cell, ...]
    value: str | None
    points: str


@dataclass(frozen=True)
class Course:
    """`panel`: the points of this round before anything is carried in or added. `earlier`: (round, total). `sheets` are empty
    where criteria are brought together and not sheets."""

    entry: str
    sheets: tuple[Cell, ...]
    lines: tuple[Line, ...]
    panel: str | None
    earlier: tuple[tuple[str, str], ...]
    bonus: str
    total: EntryTotal
    total_text: str | None
    place: Place


def shown(value: Fraction, digits: int | None) -> str:
    """With the digits of its stage; without rounding exactly where four decimals do, else four and an ellipsis."""
    if digits is not None:
        return fraction_text(value, digits)
    return plain_text(value) if (value * 10**SHOWN).denominator == 1 else f"{fraction_text(value, SHOWN)}…"


def courses(scheme: Scheme, examples: Examples, *, seed: str) -> list[Course]:
    """Best first, those without a rank last. Refused as `collapse` and `rank` refuse. For a few entries: it loops over marks."""
    totals = collapse(scheme, examples.cube, given=examples.given, carried=examples.carried)
    places = rank((total.score for total in totals), scheme.ties, tracks=examples.tracks, seed=seed)
    by_entry = {total.entry: (number, total) for number, total in enumerate(totals)}
    drawn = _Drawn(scheme, examples)
    return [drawn.course(*by_entry[place.entry], place) for place in places]


class _Drawn:
    def __init__(self, scheme: Scheme, examples: Examples):
        self.scheme, self.examples, self.cube = scheme, examples, examples.cube
        self.stages = Stages(scheme, examples.cube, examples.given)
        self.sheets, self.present = self.stages.sheets()
        self.points, _small = self.stages.this_round(self.sheets, self.present)

    def course(self, number: int, total: EntryTotal, place: Place) -> Course:
        scheme = self.scheme
        earlier = self.examples.carried.get(total.entry, {})
        by_sheet = scheme.order == "sheet"
        return Course(
            entry=total.entry,
            sheets=self._sheets(number, total) if by_sheet and self.stages.marked_at else (),
            lines=self._lines(number, total),
            panel=None if total.exact is None else shown(self.points.fractions()[number], scheme.rounding.panel if by_sheet else None),
            earlier=tuple((carry.round, plain_text(earlier[carry.round])) for carry in scheme.carry if carry.round in earlier),
            bonus=plain_text(total.bonus),
            total=total,
            total_text=total.total_text(scheme.rounding.total),
            place=place,
        )

    def _seats(self, number: int) -> list[tuple[int, str]]:
        seats = range(self.cube.seated.shape[1])
        return [(seat, self.cube.evaluator_at(number, seat)) for seat in seats if self.cube.seated[number, seat]]

    def _sheets(self, number: int, total: EntryTotal) -> tuple[Cell, ...]:
        ends = {evaluator: end for evaluator, criterion, end in total.dropped if criterion is None}
        return tuple(
            Cell(
                evaluator,
                shown(Fraction(int(self.sheets.num[number, seat]), self.sheets.den), self.scheme.rounding.sheet),
                ends.get(evaluator, ""),
            )
            for seat, evaluator in self._seats(number)
            if self.present[number, seat]
        )

    def _lines(self, number: int, total: EntryTotal) -> tuple[Line, ...]:
        scheme, values = self.scheme, self.stages.criteria
        digits = scheme.rounding.weighted if scheme.order == "criterion" else None
        points = values.contribution.rounded(digits)
        ends = {(evaluator, criterion): end for evaluator, criterion, end in total.dropped}
        found = []
        marked, given, abstained = self.cube.marked[number], self.cube.values[number], self.cube.abstained[number]
        for column, rule in enumerate(scheme.weighted):
            at = scheme.position[rule.code]
            cells = tuple(
                Cell(
                    evaluator,
                    plain_text(Fraction(int(given[seat, at]), HUNDREDTH)) if marked[seat, at] else None,
                    ends.get((evaluator, rule.code)) or ends.get((evaluator, None), ""),
                    bool(abstained[seat, at]),
                )
                for seat, evaluator in self._seats(number)
            )
            value = Fraction(int(values.value.num[number, column]), values.value.den) if values.known[number, column] else None
            found.append(
                Line(
                    rule.code,
                    cells if rule.marked else (),
                    None if value is None else shown(value, scheme.rounding.panel),
                    shown(Fraction(int(points.num[number, column]), points.den), digits) if value is not None else "",
                )
            )
        return tuple(found)
