"""Example sheets for a scheme that is being written: a few entries and an even panel, the same every time for the same scheme.

Among them one panel with an extreme, an equal total, a blank or an abstention, a panel that is one short, a missing figure and
a veto that is not passed, as far as the scheme has a place for them, so that each rule is seen at work."""

import hashlib
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from evaluations.domain.aggregate import take_figures
from evaluations.domain.cube import Cube, build_cube
from evaluations.domain.decimals import HUNDREDTH
from evaluations.domain.metrics import Linear, PerItem, Steps, Threshold
from evaluations.domain.scheme import Criterion, Scheme
from evaluations.domain.totals import Given

LEVELS = (86, 81, 84, 81, 78, 73, 69)  # the second and the fourth are to come out equal
EXTREME, BLANK, EQUAL, SHORT, LAST = 0, 2, 3, 4, 6
SEED = "example"


@dataclass(frozen=True)
class Examples:
    """`carried` as `aggregate.collapse` takes it. Entries are "1", "2" …, evaluators "E1" …."""

    cube: Cube
    given: Given
    carried: dict[str, dict[str, Fraction]]
    tracks: dict[str, str]


def example_sheets(scheme: Scheme, *, seats: int, entries: int = len(LEVELS)) -> Examples:
    """`seats` is made even, from 2 to 8. More entries than the seven are like the first two."""
    seats = min(max(seats + seats % 2, 2), 8)
    names = [str(number) for number in range(1, entries + 1)]
    rows = [row for place in range(entries) for row in _panel(scheme, place, seats)]
    columns = np.array(rows, dtype=np.int64).reshape(-1, 5)
    cube = build_cube(
        scheme,
        names,
        [f"E{number}" for number in range(1, seats + 1)],
        entry=columns[:, 0],
        evaluator=columns[:, 1],
        criterion=columns[:, 2],
        value=columns[:, 3],
        abstained=columns[:, 4].astype(bool),
    )
    tracks = dict.fromkeys(names, "")
    return Examples(cube, _given(scheme, names, tracks), _carried(scheme, names), tracks)


def _dice(size: int, *parts) -> int:
    """A whole number from -size to size that hangs on nothing but `parts`."""
    digest = hashlib.sha256("|".join(map(str, parts)).encode()).digest()
    return int.from_bytes(digest[:8], "big") % (2 * size + 1) - size


def _level(place: int) -> int:
    return LEVELS[place] if place < len(LEVELS) else 76 + _dice(16, "level", place)


def _mark(rule: Criterion, place: int, seat: int) -> int:
    """In hundredths: the entry's level, moved by the criterion and the evaluator, on the criterion's step."""
    per_cent = _level(place) + _dice(5, "taste", place, rule.code) + _dice(3, "severity", seat) + _dice(4, place, seat, rule.code)
    if place == EXTREME and seat == 1:
        per_cent -= 25
    whole = rule.maximum * min(max(per_cent, 0), 100) // (100 * rule.step)
    return whole * rule.step


def _panel(scheme: Scheme, place: int, seats: int) -> list[tuple[int, int, int, int, bool]]:
    """Rows entry, evaluator, criterion, hundredths, abstained."""
    rules = list(scheme.marked)
    blank = next((rule.code for rule in rules if rule.missing in ("exclude", "zero")), None)
    swap = _swap(rules) if place == EQUAL else {}
    rows = []
    for seat in range(seats - (place == SHORT)):
        for rule in rules:
            if place == BLANK and seat == 2 and len(rules) > 1:
                if rule.code == blank:
                    continue
                if blank is None and rule.code == rules[-1].code:
                    rows.append((place, seat, scheme.position[rule.code], 0, True))
                    continue
            # The equal entry: the second one's sheets, handed in by other evaluators and with two marks exchanged.
            value = _mark(swap.get(rule.code, rule), 1, (seat + 1) % seats) if place == EQUAL else _mark(rule, place, seat)
            rows.append((place, seat, scheme.position[rule.code], value, False))
    return rows


def _swap(rules: list[Criterion]) -> dict[str, Criterion]:
    """Two criteria that can exchange their marks without changing a sheet's total, best of two dimensions."""
    pairs = [
        (one, other)
        for place, one in enumerate(rules)
        for other in rules[place + 1 :]
        if (one.weight, one.maximum, one.step) == (other.weight, other.maximum, other.step)
    ]
    pairs.sort(key=lambda pair: pair[0].dimension == pair[1].dimension)
    return {pairs[0][0].code: pairs[0][1], pairs[0][1].code: pairs[0][0]} if pairs else {}


def _given(scheme: Scheme, names: list[str], tracks: dict[str, str]) -> Given:
    figures = {rule.code: _figures(rule, names) for rule in scheme.criteria if rule.kind == "metric"}
    if figures and len(names) > LAST:
        figures[next(iter(figures))][names[LAST]] = None
    # Like their marks, the figures of the second and the fourth are equal.
    for row in figures.values():
        if len(names) > EQUAL:
            row[names[EQUAL]] = row[names[1]]
    bonuses, vetoes = {}, {}
    for rule in scheme.criteria:
        if rule.kind == "bonus":
            bonuses[rule.code] = {name: _bonus(rule, place) for place, name in enumerate(names)}
        elif rule.kind == "veto":
            vetoes[rule.code] = {name: int(place != LAST - 1) for place, name in enumerate(names)}
    return Given(metrics=take_figures(scheme, figures, tracks), bonuses=bonuses, vetoes=vetoes)


def _bonus(rule: Criterion, place: int) -> Fraction | None:
    """Most of it for the third, all that can be taken off for the fifth, nothing for the others."""
    hundredths = {BLANK: rule.most, SHORT: rule.least}.get(place)
    return None if hundredths is None else Fraction(hundredths, HUNDREDTH)


def _figures(rule: Criterion, names: list[str]) -> dict[str, Fraction | None]:
    return {name: figure_at(rule.function, Fraction(_level(place) + _dice(6, rule.code, place), 100)) for place, name in enumerate(names)}


def figure_at(function, share: Fraction) -> Fraction:
    """A figure that lies at `share` (0…1) of the way to what the function looks for, rounded to two decimals."""
    match function:
        case Linear(floor, target):
            low, high = floor, target
        case Steps(table):
            low, high = min(table[0][0], Fraction(0)), table[-1][0] * Fraction(6, 5) + 1
        case Threshold(op, value):
            near = abs(value) if value else Fraction(1)
            low, high = (value - 4 * near / 5, value + near / 4) if op.startswith(">") else (value + 4 * near / 5, value - near / 4)
        case PerItem():
            low, high = Fraction(0), Fraction(8)
        case _:
            low, high = Fraction(10), Fraction(100)
    figure = low + (high - low) * share
    return Fraction(round(figure)) if isinstance(function, PerItem) else Fraction(round(figure * 100), 100)


def _carried(scheme: Scheme, names: list[str]) -> dict[str, dict[str, Fraction]]:
    return {
        name: {row.round: Fraction(_level(place) * 100 + _dice(250, "carried", place % EQUAL, row.round), 100) for row in scheme.carry}
        for place, name in enumerate(names)
        if place != LAST
    }
