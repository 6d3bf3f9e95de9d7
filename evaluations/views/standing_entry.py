"""One entry in the standings of a closed round, for its staff. Every reading is recorded."""

from fractions import Fraction

from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET

from competition.labels import OUTCOME_PILLS
from competition.models import Entry
from competition.permissions.secrecy import against_scores
from competition.selectors.grades import Grading
from competition.services.standings import read_standings
from evaluations.domain.decimals import HUNDREDTH, plain_text
from evaluations.selectors import ranking
from evaluations.selectors.ballots import VOTE
from evaluations.selectors.flags import flags_of
from evaluations.selectors.line import line_of
from evaluations.views.running import found_round, frame, withheld
from evaluations.views.standings import outcome_of, rungs_of, words_of
from evaluations.views.votes import vote_entry
from evaluations.wording import bonus_words, mark_words
from ledger.domain.reason import Reason


@require_GET
def standing_entry(request, pk, round_pk, entry_pk):
    """One entry: the marks of each evaluator, what was dropped, values, flags. Names stand behind codes until publication."""
    round = found_round(request, pk, round_pk)
    if reason := against_scores(request.user, round):
        return withheld(request, round, reason)
    if round.checks_only:
        return redirect("evaluations:finding_list", pk, round_pk)
    entry = get_object_or_404(
        Entry.objects.select_related("round__competition", "track", "application__cluster__lead_region"), pk=entry_pk, round=round
    )
    snapshot = read_standings(round, viewer=request.user, at=timezone.now(), entry=entry)
    row = get_object_or_404(snapshot.rows, entry=entry)
    line = line_of(round, snapshot)
    if VOTE in snapshot.method:
        return vote_entry(request, frame(round) | _of_vote(round, entry, row, line, snapshot))
    criteria, panel = ranking.panel_of(entry, row.panel.get("dropped", ()))
    outcome = outcome_of(line, row)
    context = frame(round) | {
        "entry": entry,
        "row": row,
        "why": Reason.from_json(row.reason) if row.reason else None,
        "panel": panel,
        "criteria": [_criterion(criterion, panel, row) for criterion in criteria],
        "dimensions": _dimensions(criteria, row),
        "bonus": bonus_words(row.bonus),
        "size": len(line.ranked),
        "equals": sorted(ranking.names_of(set(row.tied_with)).values()),
        "rung": rungs_of([row], _named(criteria)).get(row.tie_broken_by, ""),
        "word": words_of(round, round.competition.rounds.all()).get(outcome, ""),
        "pill": OUTCOME_PILLS.get(outcome, ""),
        "grade": Grading(line.rule, snapshot.method).word(row),
        "names": round.state == "released",
        "flags": flags_of(round, entry),
        "snapshot": snapshot,
    }
    return render(request, "evaluations/running/standing_entry.html", context)


def _of_vote(round, entry, row, line, snapshot) -> dict:
    outcome = outcome_of(line, row)
    return {
        "entry": entry,
        "row": row,
        "snapshot": snapshot,
        "size": len(line.ranked),
        "equals": sorted(ranking.names_of(set(row.tied_with)).values()),
        "word": words_of(round, round.competition.rounds.all()).get(outcome, ""),
        "pill": OUTCOME_PILLS.get(outcome, ""),
        "names": round.state == "released",
    }


def _criterion(criterion, panel, row) -> dict:
    """A row of the table: the criterion, each evaluator's mark, its value."""
    ends = {evaluator: end for evaluator, code, end in row.panel.get("dropped", ()) if code == criterion.code}
    cells = []
    for seat in panel:
        code = seat.sheet.assignment.evaluator.code
        there = criterion.pk in seat.marks
        value = seat.marks.get(criterion.pk)
        text = mark_words(criterion.kind, shown(value)) if value is not None else ""
        cells.append({"code": code, "value": text, "abstained": there and value is None, "dropped": ends.get(code) or seat.dropped})
    value = row.criteria.get(criterion.code)
    kind = criterion.kind
    said = mark_words(kind, value) if kind in ("bonus", "veto") and value is not None else value
    return {"criterion": criterion, "cells": cells, "value": said, "computed": kind == "metric", "once": criterion.given_by == "organiser"}


def shown(hundredths: int | None) -> str:
    return "" if hundredths is None else plain_text(Fraction(hundredths, HUNDREDTH))


def _named(criteria) -> dict[str, dict]:
    parts = [part for criterion in criteria for part in (criterion, criterion.dimension)]
    return {part.code: {"code": part.code, "name_zh": part.name_zh, "name_en": part.name_en} for part in parts}


def _dimensions(criteria, row) -> list[dict]:
    found = {criterion.dimension.code: criterion.dimension for criterion in criteria if criterion.weight is not None}
    return [{"dimension": dimension, "value": row.dimensions.get(code)} for code, dimension in found.items()]
