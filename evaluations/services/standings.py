"""From submitted sheets to results: computed by a job, set-based, the same bytes whether in parts or whole."""

from dataclasses import replace
from datetime import datetime
from fractions import Fraction
from itertools import chain

import numpy as np
from django.db import transaction

from competition.domain.groups import ranks_inside
from competition.domain.standing import StandingRow
from competition.models import Round, Standings
from competition.selectors.rules import vote_of
from competition.services.standings import record_snapshot
from evaluations.domain.aggregate import collapse, take_figures
from evaluations.domain.collector import at_rest
from evaluations.domain.decimals import exact_text
from evaluations.domain.ranking import rank
from evaluations.domain.reranking import reranked
from evaluations.domain.totals import EntryTotal
from evaluations.models import Finding, Result, Sheet
from evaluations.selectors.findings import finding_rows, given, told
from evaluations.selectors.results import Filed, filed, totals_of, unit_of
from evaluations.selectors.rubrics import Book, book_of
from evaluations.selectors.scores import (
    COUNTED,
    Racer,
    carried_digest,
    carried_of,
    codes_of,
    cube_of,
    earlier_snapshots,
    figures_of,
    input_digest,
    mark_rows,
    racing,
)
from evaluations.services.ballots import record_vote, take_note
from evaluations.services.results import COLUMNS, shift_ranks, write_results
from evaluations.services.scoreboards import lock_board
from ledger.domain.reason import Reason

AT_ONCE = 4_000  # entries of one cube: larger ones only wait for memory


@transaction.atomic
def refresh_standings(round: Round, *, at: datetime, whole: bool = False) -> int:
    """Brings the results up to `scores_version`, which it returns; does nothing where they are. Only entries whose sheets
    changed are collapsed anew (all after a change of scheme, of an earlier total that is carried in, of the field under group
    metrics, or where `whole`); the round is ranked from stored exact totals, and only rows that differ are written."""
    board = lock_board(round)
    if vote_of(round):
        if board.results_version != board.scores_version:
            take_note(round, board, at=at)
        return board.scores_version
    book = book_of(round)
    earlier = earlier_snapshots(round, book.scheme)
    moved = (board.scheme_digest, board.carried_digest) != (book.scheme.digest, carried_digest(earlier))
    if whole or moved or board.results_version != board.scores_version:
        _compute(round, board, book, earlier, whole=whole or moved, at=at)
    return board.scores_version


@transaction.atomic
def record_standings(round: Round, *, actor, at: datetime) -> Standings:
    """Computes the round whole and hands the ranking down as the next immutable snapshot, with the digest of all that it
    hangs on; of a round decided by a vote its ballots. The caller holds the round's lock."""
    if vote := vote_of(round):
        return record_vote(round, vote, actor=actor, at=at)
    board = lock_board(round)
    book = book_of(round)
    earlier = earlier_snapshots(round, book.scheme)
    rows, figures, carried, findings, entries = _compute(round, board, book, earlier, whole=True, at=at)
    results = Result.objects.filter(round=round).order_by("entry_id")
    return record_snapshot(
        round,
        rows=inside_groups([_standing(result) for result in results], entries),
        scores_version=board.scores_version,
        input_digest=input_digest(book.scheme, rows, figures, entries, round.seed, carried, findings),
        scheme_digest=book.scheme.digest,
        method=book.scheme.as_json(),
        actor=actor,
        at=at,
    )


@at_rest()
def _compute(round, board, book: Book, earlier, *, whole: bool, at: datetime):
    """Writes the results; gives the marks, figures, earlier totals and findings that were read, and the round's entries."""
    entries = racing(round)
    in_race = [entry for entry in entries if entry.judged]
    left = [_unranked(entry) for entry in entries if not entry.judged]
    tracks = {str(entry.pk): entry.track for entry in in_race}
    on_file = {} if whole or book.scheme.in_groups else filed(round)
    stale = _stale(round, board, in_race, on_file) if on_file else [entry.pk for entry in in_race]
    if 2 * len(stale) > len(in_race):
        stale = [entry.pk for entry in in_race]
    carried = carried_of(round, book.scheme, in_race, snapshots=earlier)
    findings = finding_rows(book, stale)
    rows, figures, fresh = collapsed(round, book, stale, tracks, carried, findings, whole=len(stale) == len(in_race))
    if len(stale) == len(in_race):
        places = rank((total.score for total in fresh.values()), book.scheme.ties, tracks=tracks, seed=round.seed or None)
        compared, shifted = {place.entry: place for place in places}, []
    else:
        fresh, compared, shifted = _beside_filed(round, book, on_file, fresh, tracks)
    results = (_result(book, entry, fresh[entry.pk], compared[str(entry.pk)]) for entry in in_race if entry.pk in fresh)
    write_results(round, chain(left, results), board.scores_version, few=len(stale) < len(in_race))
    shift_ranks(shifted, board.scores_version)
    board.results_version = board.scores_version
    board.scheme_digest, board.carried_digest = book.scheme.digest, carried_digest(earlier)
    board.computed_sheets = Sheet.objects.filter(assignment__entry__round=round, assignment__state="confirmed", state__in=COUNTED).count()
    board.computed_at = at
    board.save(update_fields=["results_version", "scheme_digest", "carried_digest", "computed_sheets", "computed_at"])
    return rows, figures, carried, findings, entries


def _stale(round, board, in_race: list[Racer], on_file: dict[int, Filed]) -> list[int]:
    """Whose sheets or findings changed since the results were computed, or who was judged by another revision or not at all."""
    sheets = Sheet.objects.filter(assignment__entry__round=round, scores_version__gt=board.results_version)
    findings = Finding.objects.filter(entry__round=round, scores_version__gt=board.results_version)
    moved = {*sheets.values_list("assignment__entry_id", flat=True), *findings.values_list("entry_id", flat=True)}

    def stands(entry: Racer) -> bool:
        there = on_file.get(entry.pk)
        return there is not None and there.judged and there.revision == entry.revision_id and entry.pk not in moved

    return [entry.pk for entry in in_race if not stands(entry)]


def _beside_filed(round, book: Book, on_file: dict[int, Filed], fresh: dict[int, EntryTotal], tracks):
    """`fresh` totals among those on file: all totals that are compared again, their places, and who else has other ranks now."""
    digits = book.scheme.rounding.total
    unit = unit_of(digits)
    official = {pk: row.official(digits) for pk, row in on_file.items() if row.rank is not None}
    touched = {total.total * unit for total in fresh.values() if total.total is not None}
    touched |= {total for pk, total in official.items() if pk in fresh or str(pk) not in tracks}
    kept: dict[int | Fraction, list[tuple[int, str]]] = {}
    neighbours = []
    for pk, total in official.items():
        if pk in fresh or str(pk) not in tracks:
            continue
        if total in touched:
            neighbours.append(pk)
        else:
            kept.setdefault(total, []).append((on_file[pk].rank, str(pk)))
    compared = fresh | {int(total.entry): total for total in (totals_of(neighbours) if neighbours else ())}
    scores = (total.score for total in compared.values())
    found = reranked(kept, scores, book.scheme.ties, tracks=tracks, seed=round.seed or None, unit=unit)
    numbers = ((int(entry), *numbers) for entry, numbers in found.numbers.items())
    shifted = [row for row in numbers if row[1:] != (on_file[row[0]].rank, on_file[row[0]].track_rank)]
    return compared, found.places, shifted


def collapsed(round, book: Book, wanted: list[int], tracks, carried, findings, *, whole: bool):
    """The marks and figures of `wanted` entries, and {entry id: EntryTotal} that the book's scheme makes of them and the findings."""
    if not wanted:
        return np.zeros((0, 5), np.int64), {}, {}
    rows = mark_rows(round, None if whole else wanted)
    figures = figures_of(round, book, wanted)
    metrics = take_figures(book.scheme, figures, {str(pk): tracks[str(pk)] for pk in wanted})
    found, once, codes = {}, given(book, findings, metrics), codes_of(rows)
    for start in range(0, len(wanted), AT_ONCE):
        part = wanted[start : start + AT_ONCE]
        own = rows if len(part) == len(wanted) else rows[(rows[:, 0] >= part[0]) & (rows[:, 0] <= part[-1])]
        totals = collapse(book.scheme, cube_of(book, own, part, codes), given=once, carried=carried)
        found |= {int(total.entry): total for total in totals}
    return rows, figures, found


def _result(book: Book, entry: Racer, total: EntryTotal, place) -> dict:
    exact = total.exact
    return {
        "entry_id": entry.pk,
        "rank": place.rank,
        "track_rank": place.track_rank,
        "total": total.total_text(book.scheme.rounding.total),
        "numerator": None if exact is None else str(exact.numerator),
        "denominator": None if exact is None else str(exact.denominator),
        "tied_with": sorted(int(other) for other in place.tied_with),
        "tie_broken_by": place.tie_broken_by or "",
        "values": {"revision": entry.revision_id, "total": total.as_json()},
        "flags": list(total.flags),
        "reason": reason.as_json() if (reason := told(book, total.reasons)) else None,
    }


def _unranked(entry: Racer) -> dict:
    """Withdrawn and disqualified entries keep their marks and leave the ranking with the reason; so does an entry that
    never brought in what was to be judged."""
    reason = Reason("evaluations.entry_nothing_to_judge" if entry.revision_id is None else f"competition.entry_{entry.state}")
    nothing = {"tied_with": [], "tie_broken_by": "", "values": {"revision": entry.revision_id}, "flags": [], "reason": reason.as_json()}
    return dict.fromkeys(COLUMNS) | {"entry_id": entry.pk} | nothing


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


def inside_groups(rows: list[StandingRow], entries: list[Racer]) -> list[StandingRow]:
    """The rows with the rank inside the group, of those that are in one: the overall ranks leave no choice in it."""
    groups = {entry.pk: (entry.track, entry.group) for entry in entries if entry.group is not None}
    if not groups:
        return rows
    found = ranks_inside({row.entry: row.rank for row in rows}, groups)
    return [replace(row, group_rank=found.get(row.entry)) for row in rows]


def exact_of(result: Result) -> str | None:
    """ "n/d" as standings print it."""
    return None if result.numerator is None else exact_text(Fraction(int(result.numerator), int(result.denominator)))
