"""A scheme that is being written, tried on the sheets of a finished round or on invented ones while its writer waits. Nothing of it is
stored; that somebody read the round's scores for it is."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from fractions import Fraction

from django.db import transaction

from competition.domain.advancement import advance
from competition.models import Round, Standings
from competition.selectors.rules import advancement_of, vote_of
from competition.services.decisions import candidates
from competition.services.standings import read_standings
from evaluations.domain.aggregate import collapse
from evaluations.domain.examples import SEED, example_sheets
from evaluations.domain.ranking import rank
from evaluations.domain.scheme_reader import parse_scheme
from evaluations.domain.trial import Standing, Trial, changed, moves
from evaluations.selectors.findings import finding_rows
from evaluations.selectors.rubrics import Book, book_of, dimensions_json, whole_scheme
from evaluations.selectors.scores import carried_of, racing
from evaluations.services.standings import collapsed
from ledger.domain.reason import Reason, Refused

EXAMPLES = 60
SAME = ("kind", "max", "step", "min")
STEPS = 3


@transaction.atomic
def try_scheme(finished: Round, *, definition: dict, dimensions: list[dict], actor, at: datetime) -> Trial:
    """`definition` as the editor has it, `dimensions` the rubric beside it. The reading of `finished` is recorded; NotAllowed where it
    is still judged, or the reader may not see its scores. Where the two rubrics do not ask for the same, the finished round's own
    weights count. Refused where the scheme does not fit."""
    digest = parse_scheme(whole_scheme(definition, dimensions)).digest
    snapshot = read_standings(finished, viewer=actor, at=at, trial=digest)
    if snapshot is None:
        raise Refused(Reason("evaluations.trial_nothing_there"))
    book, own = book_under(finished, definition, dimensions)
    return compare(finished, snapshot, book, own)


def book_under(finished: Round, definition: dict, dimensions: list[dict]) -> tuple[Book, bool]:
    """The finished round's book with the other scheme in it, and whether the other weights count. Refused where it does not fit."""
    if vote_of(finished):
        raise Refused(Reason("evaluations.vote_not_analysed"))
    book = book_of(finished)
    theirs = dimensions_json(book.rubric)
    own = _alike(dimensions, theirs)
    rubric = _with_policies(dimensions, theirs) if own else theirs
    return replace(book, scheme=parse_scheme(whole_scheme(definition, rubric))), own


def compare(
    finished: Round, snapshot: Standings, book: Book, own: bool, progress: Callable[[int, int], None] = lambda done, total: None
) -> Trial:
    """The snapshot against what the book's scheme makes of the same sheets."""
    progress(0, STEPS)
    totals, tracks = _totals(finished, book)
    progress(1, STEPS)
    places = rank((total.score for total in totals), book.scheme.ties, tracks=tracks, seed=finished.seed or SEED)
    by_entry = {total.entry: total for total in totals}
    before = [row for row in candidates(snapshot) if row.entry in by_entry]
    after = [_under(row, by_entry[row.entry], place) for row, place in _beside(before, places)]
    rule = advancement_of(finished)
    progress(2, STEPS)
    outcomes_before, outcomes_after, line = _outcomes(before, after, rule.rule if rule else None)
    texts = {str(pk): total for pk, total in snapshot.rows.values_list("entry_id", "total")}
    found = moves(
        {row.entry: Standing(row.rank, texts[row.entry], outcomes_before.get(row.entry, "")) for row in before},
        {
            row.entry: Standing(row.rank, by_entry[row.entry].total_text(book.scheme.rounding.total), outcomes_after.get(row.entry, ""))
            for row in after
        },
    )
    progress(STEPS, STEPS)
    return Trial(changed(found), len(found), own, line)


def try_on_examples(*, definition: dict, saved: dict, dimensions: list[dict], seats: int) -> Trial:
    """The scheme as typed against the one that is saved, on invented sheets."""
    old, new = (_on_examples(parse_scheme(whole_scheme(scheme, dimensions)), seats) for scheme in (saved, definition))
    found = moves(old, new)
    return Trial(changed(found), len(found), True, Reason("evaluations.trial_without_line"))


def _on_examples(scheme, seats) -> dict[str, Standing]:
    sheets = example_sheets(scheme, seats=seats, entries=EXAMPLES)
    totals = {total.entry: total for total in collapse(scheme, sheets.cube, given=sheets.given, carried=sheets.carried)}
    places = rank((total.score for total in totals.values()), scheme.ties, tracks=sheets.tracks, seed=SEED)
    return {place.entry: Standing(place.rank, totals[place.entry].total_text(scheme.rounding.total)) for place in places}


def _totals(round, book):
    entries = [entry for entry in racing(round) if entry.judged]
    tracks = {str(entry.pk): entry.track for entry in entries}
    carried = carried_of(round, book.scheme, entries)
    ids = [entry.pk for entry in entries]
    _rows, _figures, totals = collapsed(round, book, ids, tracks, carried, finding_rows(book, ids), whole=True)
    return list(totals.values()), tracks


def _by_code(dimensions) -> dict[str, dict]:
    return {row["code"]: row for dimension in dimensions for row in dimension["criteria"]}


def _alike(ours, theirs) -> bool:
    """Whether the marks of one rubric can be read by the other: the same criteria, marked in the same way."""
    one, other = _by_code(ours), _by_code(theirs)
    return one.keys() == other.keys() and all(one[code].get(key) == other[code].get(key) for code in one for key in SAME)


def _with_policies(ours, theirs) -> list[dict]:
    """What a blank means stays as it was when the sheets were filled in."""
    known = _by_code(theirs)
    return [
        {**dimension, "criteria": [{**row, "missing": known[row["code"]]["missing"]} for row in dimension["criteria"]]}
        for dimension in ours
    ]


def _beside(rows, places):
    by_entry = {place.entry: place for place in places}
    return [(row, by_entry[row.entry]) for row in rows]


def _under(row, total, place):
    """The row of the standings as it would stand under the other scheme."""
    return replace(
        row,
        rank=place.rank,
        track_rank=place.track_rank,
        group_rank=None,
        total=None if total.total is None else Fraction(total.total),
        flags=frozenset(total.flags),
        reason=total.reasons[0] if total.reasons else None,
    )


def _outcomes(before, after, rule: dict | None) -> tuple[Mapping[str, str], Mapping[str, str], Reason | None]:
    if rule is None:
        return {}, {}, Reason("evaluations.trial_without_line")
    try:
        old, new = ({entry: row.outcome for entry, row in advance(rows, rule).items()} for rows in (before, after))
    except Refused as refused:
        return {}, {}, refused.reasons[0]
    return old, new, None
