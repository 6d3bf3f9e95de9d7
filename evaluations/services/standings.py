"""From submitted sheets to results: computed by a job, set-based, the same bytes whether in parts or whole."""

from datetime import datetime
from fractions import Fraction

from django.db import transaction

from competition.models import Round
from evaluations.domain.aggregate import collapse, take_figures
from evaluations.domain.decimals import exact_text
from evaluations.domain.ranking import rank
from evaluations.domain.totals import EntryTotal, Given
from evaluations.models import Result, Scoreboard, Sheet
from evaluations.selectors.rubrics import domain_scheme, rubric_of
from evaluations.selectors.scores import COUNTED, IN_RACE, cube_of, figures_of, mark_rows, racing
from ledger.domain.reason import Reason

FIELDS = ("version", "rank", "track_rank", "total", "numerator", "denominator", "tied_with", "tie_broken_by", "values", "flags", "reason")


@transaction.atomic
def refresh_standings(round: Round, *, at: datetime, whole: bool = False) -> int:
    """Brings the results up to `scores_version`, which it returns; does nothing where they are. Only entries whose sheets
    changed are collapsed anew (all after a change of scheme, of the field under group metrics, or where `whole`); the
    round is ranked from stored exact totals, and only rows that differ are written."""
    Scoreboard.objects.get_or_create(round=round)
    board = Scoreboard.objects.select_for_update().get(round=round)
    scheme = domain_scheme(round)
    if not whole and board.results_version == board.scores_version and board.scheme_digest == scheme.digest:
        return board.results_version
    entries = racing(round)
    stored = {result.entry_id: result for result in Result.objects.filter(round=round)}
    in_race = [entry for entry in entries if entry.state in IN_RACE]
    if whole or board.scheme_digest != scheme.digest or scheme.in_groups:
        stale = {entry.pk for entry in in_race}
    else:
        changed = Sheet.objects.filter(assignment__entry__round=round, scores_version__gt=board.results_version)
        stale = set(changed.values_list("assignment__entry_id", flat=True))
        stale |= {entry.pk for entry in in_race if entry.pk not in stored or stored[entry.pk].values.get("revision") != entry.revision_id}
    fresh = _collapsed(round, scheme, in_race, stale)
    totals = [fresh.get(entry.pk) or EntryTotal.from_json(stored[entry.pk].values["total"]) for entry in in_race]
    tracks = {str(entry.pk): entry.track.code if entry.track else "" for entry in in_race}
    places = {place.entry: place for place in rank((total.score for total in totals), scheme.ties, tracks=tracks, seed=round.seed or None)}
    rows = [_left(round, entry) for entry in entries if entry.state not in IN_RACE]
    rows += [_row(round, entry, scheme, total, places[str(entry.pk)]) for entry, total in zip(in_race, totals, strict=True)]
    _write(round, rows, stored, board.scores_version)
    board.results_version = board.scores_version
    board.scheme_digest = scheme.digest
    board.computed_sheets = Sheet.objects.filter(assignment__entry__round=round, assignment__state="confirmed", state__in=COUNTED).count()
    board.computed_at = at
    board.save(update_fields=["results_version", "scheme_digest", "computed_sheets", "computed_at"])
    return board.results_version


def _collapsed(round, scheme, in_race, stale) -> dict[int, EntryTotal]:
    wanted = [entry.pk for entry in in_race if entry.pk in stale]
    if not wanted:
        return {}
    rubric = rubric_of(round)
    every = len(wanted) == len(in_race)
    cube = cube_of(scheme, rubric, mark_rows(round, None if every else wanted), wanted)
    tracks = {str(entry.pk): entry.track.code if entry.track else "" for entry in in_race if entry.pk in stale}
    figures = figures_of(round, rubric, wanted)
    totals = collapse(scheme, cube, given=Given(metrics=take_figures(scheme, figures, tracks)))
    return {int(total.entry): total for total in totals}


def _row(round, entry, scheme, total: EntryTotal, place) -> Result:
    exact = total.exact
    return Result(
        round=round,
        entry=entry,
        rank=place.rank,
        track_rank=place.track_rank,
        total=total.total_text(scheme.rounding.total),
        numerator=None if exact is None else str(exact.numerator),
        denominator=None if exact is None else str(exact.denominator),
        tied_with=sorted(int(other) for other in place.tied_with),
        tie_broken_by=place.tie_broken_by or "",
        values={"revision": entry.revision_id, "total": total.as_json()},
        flags=list(total.flags),
        reason=total.reasons[0].as_json() if total.reasons else None,
    )


def _left(round, entry) -> Result:
    """Withdrawn and disqualified entries keep their marks and leave the ranking, with the reason."""
    reason = Reason("competition.entry_left", {"state": entry.state})
    return Result(round=round, entry=entry, values={"revision": entry.revision_id}, reason=reason.as_json())


def _write(round, rows, stored, version) -> None:
    different = []
    for row in rows:
        before = stored.get(row.entry_id)
        if before is None or any(getattr(row, name) != getattr(before, name) for name in FIELDS[1:]):
            row.version = version
            different.append(row)
    Result.objects.bulk_create(different, batch_size=500, update_conflicts=True, unique_fields=["entry"], update_fields=[*FIELDS])
    gone = set(stored) - {row.entry_id for row in rows}
    if gone:
        Result.objects.filter(round=round, entry__in=gone).delete()


def exact_of(result: Result) -> str | None:
    """ "n/d" as standings print it."""
    return None if result.numerator is None else exact_text(Fraction(int(result.numerator), int(result.denominator)))
