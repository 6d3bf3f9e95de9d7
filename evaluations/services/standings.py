"""From submitted sheets to results: computed by a job, set-based, the same bytes whether in parts or whole."""

from datetime import datetime
from fractions import Fraction

import numpy as np
from django.db import transaction

from competition.domain.standing import StandingRow
from competition.domain.states import IN_RACE
from competition.models import Round, Standings
from competition.services.standings import record_snapshot
from evaluations.domain.aggregate import collapse, take_figures
from evaluations.domain.decimals import exact_text
from evaluations.domain.ranking import rank
from evaluations.domain.totals import EntryTotal
from evaluations.models import Finding, Result, Sheet
from evaluations.selectors.findings import finding_rows, given, told
from evaluations.selectors.rubrics import Book, book_of
from evaluations.selectors.scores import COUNTED, carried_of, cube_of, figures_of, input_digest, mark_rows, racing
from evaluations.services.scoreboards import lock_board
from ledger.domain.reason import Reason

FIELDS = ("version", "rank", "track_rank", "total", "numerator", "denominator", "tied_with", "tie_broken_by", "values", "flags", "reason")


@transaction.atomic
def refresh_standings(round: Round, *, at: datetime, whole: bool = False) -> int:
    """Brings the results up to `scores_version`, which it returns; does nothing where they are. Only entries whose sheets
    changed are collapsed anew (all after a change of scheme, of the field under group metrics, or where `whole`); the
    round is ranked from stored exact totals, and only rows that differ are written."""
    board = lock_board(round)
    book = book_of(round)
    if whole or board.results_version != board.scores_version or board.scheme_digest != book.scheme.digest:
        _compute(round, board, book, whole=whole, at=at)
    return board.scores_version


@transaction.atomic
def record_standings(round: Round, *, actor, at: datetime) -> Standings:
    """Computes the round whole and hands the ranking down as the next immutable snapshot, with the digest of all that it
    hangs on. The caller holds the round's lock."""
    board = lock_board(round)
    book = book_of(round)
    rows, figures, carried, findings, entries = _compute(round, board, book, whole=True, at=at)
    results = Result.objects.filter(round=round).order_by("entry_id")
    return record_snapshot(
        round,
        rows=[_standing(result) for result in results],
        scores_version=board.scores_version,
        input_digest=input_digest(book.scheme, rows, figures, entries, round.seed, carried, findings),
        scheme_digest=book.scheme.digest,
        method=book.scheme.as_json(),
        actor=actor,
        at=at,
    )


def _compute(round, board, book: Book, *, whole: bool, at: datetime):
    """Writes the results; gives the marks, figures, earlier totals and findings that were read, and the round's entries."""
    scheme = book.scheme
    entries = racing(round)
    stored = {result.entry_id: result for result in Result.objects.filter(round=round)}
    in_race = [entry for entry in entries if entry.state in IN_RACE and entry.revision_id is not None]
    stale = {entry.pk for entry in in_race}
    if not (whole or board.scheme_digest != scheme.digest or scheme.in_groups):
        changed = Sheet.objects.filter(assignment__entry__round=round, scores_version__gt=board.results_version)
        known = {pk for pk, result in stored.items() if "total" in result.values}
        unmoved = {entry.pk for entry in in_race if entry.pk in known and stored[entry.pk].values["revision"] == entry.revision_id}
        found = Finding.objects.filter(entry__round=round, scores_version__gt=board.results_version)
        stale -= unmoved - {*changed.values_list("assignment__entry_id", flat=True), *found.values_list("entry_id", flat=True)}
    tracks = {str(entry.pk): entry.track.code if entry.track else "" for entry in in_race}
    carried = carried_of(round, scheme, in_race)
    wanted = [entry.pk for entry in in_race if entry.pk in stale]
    findings = finding_rows(book, wanted)
    rows, figures, fresh = collapsed(round, book, wanted, tracks, carried, findings, whole=len(stale) == len(in_race))
    totals = [fresh.get(entry.pk) or EntryTotal.from_json(stored[entry.pk].values["total"]) for entry in in_race]
    places = {place.entry: place for place in rank((total.score for total in totals), scheme.ties, tracks=tracks, seed=round.seed or None)}
    racing_ids = {entry.pk for entry in in_race}
    results = [_unranked(round, entry) for entry in entries if entry.pk not in racing_ids]
    results += [_result(round, entry, book, total, places[str(entry.pk)]) for entry, total in zip(in_race, totals, strict=True)]
    _write(round, results, stored, board.scores_version)
    board.results_version = board.scores_version
    board.scheme_digest = scheme.digest
    board.computed_sheets = Sheet.objects.filter(assignment__entry__round=round, assignment__state="confirmed", state__in=COUNTED).count()
    board.computed_at = at
    board.save(update_fields=["results_version", "scheme_digest", "computed_sheets", "computed_at"])
    return rows, figures, carried, findings, entries


def collapsed(round, book: Book, wanted: list[int], tracks, carried, findings, *, whole: bool):
    """The marks and figures of `wanted` entries, and {entry id: EntryTotal} that the book's scheme makes of them and the findings."""
    if not wanted:
        return np.zeros((0, 5), np.int64), {}, {}
    rows = mark_rows(round, None if whole else wanted)
    figures = figures_of(round, book, wanted)
    metrics = take_figures(book.scheme, figures, {str(pk): tracks[str(pk)] for pk in wanted})
    totals = collapse(book.scheme, cube_of(book, rows, wanted), given=given(book, findings, metrics), carried=carried)
    return rows, figures, {int(total.entry): total for total in totals}


def _result(round, entry, book: Book, total: EntryTotal, place) -> Result:
    exact = total.exact
    return Result(
        round=round,
        entry=entry,
        rank=place.rank,
        track_rank=place.track_rank,
        total=total.total_text(book.scheme.rounding.total),
        numerator=None if exact is None else str(exact.numerator),
        denominator=None if exact is None else str(exact.denominator),
        tied_with=sorted(int(other) for other in place.tied_with),
        tie_broken_by=place.tie_broken_by or "",
        values={"revision": entry.revision_id, "total": total.as_json()},
        flags=list(total.flags),
        reason=reason.as_json() if (reason := told(book, total.reasons)) else None,
    )


def _unranked(round, entry) -> Result:
    """Withdrawn and disqualified entries keep their marks and leave the ranking with the reason; so does an entry that
    never brought in what was to be judged."""
    judged = entry.revision_id is not None
    reason = Reason(f"competition.entry_{entry.state}" if judged else "evaluations.entry_nothing_to_judge")
    return Result(round=round, entry=entry, values={"revision": entry.revision_id}, reason=reason.as_json())


def _write(round, results, stored, version) -> None:
    different = []
    for result in results:
        before = stored.get(result.entry_id)
        if before is None or any(getattr(result, name) != getattr(before, name) for name in FIELDS[1:]):
            result.version = version
            different.append(result)
    Result.objects.bulk_create(different, update_conflicts=True, unique_fields=["entry"], update_fields=[*FIELDS])


def _standing(result: Result) -> StandingRow:
    total = result.values.get("total", {})
    return StandingRow(
        entry=result.entry_id,
        rank=result.rank,
        track_rank=result.track_rank,
        total=result.total,
        exact=exact_of(result),
        tied_with=result.tied_with,
        tie_broken_by=result.tie_broken_by,
        bonus=total.get("bonus", "") if total.get("exact") is not None else "",
        criteria={code: value for code, value in total.get("criteria", {}).items() if value is not None},
        dimensions={code: value for code, value in total.get("dimensions", {}).items() if value is not None},
        panel=total.get("panel", {}),
        flags=result.flags,
        reason=result.reason,
    )


def exact_of(result: Result) -> str | None:
    """ "n/d" as standings print it."""
    return None if result.numerator is None else exact_text(Fraction(int(result.numerator), int(result.denominator)))
