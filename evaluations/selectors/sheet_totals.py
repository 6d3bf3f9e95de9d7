"""What single sheets come to, by the very stages that make the ranking: for score sheets and panel summaries."""

from fractions import Fraction

import numpy as np

from competition.domain.states import IN_RACE
from evaluations.domain.aggregate import take_figures
from evaluations.domain.cube import build_cube
from evaluations.domain.scheme import Scheme
from evaluations.domain.stages import Stages
from evaluations.domain.totals import Given
from evaluations.selectors.rubrics import Book, book_of
from evaluations.selectors.scores import cube_of, figures_of, mark_rows, racing


def metric_points(round, book: Book, entry_ids) -> dict[str, dict[str, int | None]]:
    """{metric: {entry: hundredths | None}}; where a metric compares a whole group, the group is read whole."""
    entries = [entry for entry in racing(round) if entry.state in IN_RACE or entry.pk in entry_ids]
    if not book.scheme.in_groups:
        entries = [entry for entry in entries if entry.pk in entry_ids]
    tracks = {str(entry.pk): entry.track for entry in entries}
    return take_figures(book.scheme, figures_of(round, book, [entry.pk for entry in entries]), tracks)


def contribution(scheme: Scheme, code: str, hundredths: int) -> Fraction:
    """Points that a value of one weighted criterion brings."""
    factors, den = scheme.contribution_factors
    place = [rule.code for rule in scheme.weighted].index(code)
    return Fraction(hundredths * factors[place], den)


def sheet_total(book: Book, marks: dict[str, int | str], metrics, entry: str) -> Fraction | None:
    """Of one submitted version (criterion → hundredths or "abstain"); None where nothing was marked."""
    known = [code for code in marks if code in book.scheme.position]
    cube = build_cube(
        book.scheme,
        [entry],
        [""],
        entry=np.zeros(len(known), np.int64),
        evaluator=np.zeros(len(known), np.int64),
        criterion=np.array([book.scheme.position[code] for code in known], np.int64),
        value=np.array([0 if marks[code] == "abstain" else marks[code] for code in known], np.int64),
        abstained=np.array([marks[code] == "abstain" for code in known], bool),
    )
    totals, present = Stages(book.scheme, cube, Given(metrics=metrics)).sheets()
    return Fraction(int(totals.num[0, 0]), totals.den) if present.size and present[0, 0] else None


def sheet_totals(round) -> dict[int, dict[str, Fraction]]:
    """Entry id → evaluator code → that sheet's total, of every sheet that counts; a constant number of queries."""
    book = book_of(round)
    entries = [entry.pk for entry in racing(round) if entry.judged]
    cube = cube_of(book, mark_rows(round), entries)
    totals, present = Stages(book.scheme, cube, Given(metrics=metric_points(round, book, set(entries)))).sheets()
    found: dict[int, dict[str, Fraction]] = {entry: {} for entry in entries}
    for place, seat in np.argwhere(present & cube.seated[:, : present.shape[1]]).tolist():
        found[entries[place]][cube.evaluator_at(place, seat)] = Fraction(int(totals.num[place, seat]), totals.den)
    return found
