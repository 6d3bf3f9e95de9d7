"""Why an entry of a closed round stands where it stands: every step from its marks to its rank. Each reading is recorded."""

import logging

from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET

from competition.models import Entry
from competition.permissions.secrecy import against_scores
from competition.services.standings import read_standings
from evaluations.domain.tie_steps import TieSteps
from evaluations.selectors import ranking
from evaluations.selectors.ballots import VOTE
from evaluations.selectors.explaining import Why, whys
from evaluations.selectors.figures_explained import metrics_explained
from evaluations.selectors.rubrics import Book, book_of, dimensions_json
from evaluations.views.running import found_round, frame, withheld
from evaluations.wording import rung_words_here
from ledger.domain.reason import Reason

log = logging.getLogger(__name__)
MOST_COMPARED = 50


@require_GET
def standing_why(request, pk, round_pk, entry_pk):
    round = found_round(request, pk, round_pk)
    if reason := against_scores(request.user, round):
        return withheld(request, round, reason)
    entry = get_object_or_404(
        Entry.objects.select_related("round__competition", "track", "application__cluster__lead_region", "revision__form"),
        pk=entry_pk,
        round=round,
    )
    snapshot = read_standings(round, viewer=request.user, at=timezone.now(), entry=entry)
    if snapshot is None:
        raise Http404
    if VOTE in snapshot.method:
        return redirect("evaluations:standing_entry", pk, round_pk, entry_pk)
    book = book_of(round)
    why = whys(snapshot, [entry.pk], book=book).get(entry.pk)
    if why is None:
        raise Http404
    if why.faults:
        log.error("snapshot %s of round %s does not agree with the sheets of entry %s: %s", snapshot.number, round.pk, entry.pk, why.faults)
    context = frame(round) | {
        "entry": entry,
        "row": why.row,
        "why": why,
        "reason": Reason.from_json(why.row.reason) if why.row.reason else None,
        "snapshot": snapshot,
        "scheme": book.scheme,
        "size": ranking.ranked(snapshot).count(),
    }
    if why.steps and not why.faults:
        context |= _steps(why, book, entry)
    return render(request, "evaluations/why/page.html", context)


def _steps(why: Why, book: Book, entry) -> dict:
    dimensions = dimensions_json(book.rubric)
    criteria = {row.code: row for dimension in book.rubric.dimensions.all() for row in dimension.criteria.all()}
    names = {dimension.code: dimension for dimension in book.rubric.dimensions.all()}
    steps = why.steps
    return {
        "steps": steps,
        "marks": _marks(why, criteria),
        "sheets": steps.sheets if book.scheme.marked else (),
        "stretched": any(sheet.stretched for sheet in steps.sheets),
        "fates": {seat.evaluator: seat.fate for seat in steps.panel.seats} if steps.panel else {},
        "values": [{"steps": row, "criterion": criteria[row.rule.code]} for row in steps.criteria],
        "groups": [{"steps": row, "dimension": names[row.code]} for row in steps.dimensions],
        "bonuses": [{"steps": row, "criterion": criteria[row.rule.code]} for row in steps.bonuses],
        "vetoes": [{"steps": row, "criterion": criteria[row.code]} for row in steps.vetoes],
        "metrics": metrics_explained(entry, book, why.metrics),
        "earlier": {row.code: row for row in entry.round.competition.rounds.all()} if steps.carry else {},
        "ties": _ties(why.ties, dimensions, entry.round.seed) if why.ties else None,
    }


def _marks(why: Why, criteria) -> list[dict]:
    """Rows of the table of marks: a weighted criterion that is marked, with what each sheet holds and what became of it."""
    rows = []
    for place, row in enumerate(found for found in why.steps.criteria if found.panel):
        seats = {seat.evaluator: seat for seat in row.panel.seats}
        cells = [{"term": sheet.terms[place], "seat": seats.get(sheet.evaluator)} for sheet in why.steps.sheets]
        rows.append({"criterion": criteria[row.rule.code], "rule": row.rule, "cells": cells})
    return rows


def _ties(ties: TieSteps, dimensions, seed) -> dict:
    """The ladder with the names of those compared, fifty at most."""
    names = ranking.names_of({int(entry) for entry in ties.equal})
    rungs = [
        {
            "words": rung_words_here(step.rung.text, dimensions),
            "steps": step,
            "lot": step.rung.kind == "lot",
            "rows": [
                {"name": names[int(row.entry)], "own": row.entry == ties.entry, "row": row, "text": f"{seed}|{row.entry}"}
                for row in step.compared[:MOST_COMPARED]
            ],
            "more": max(0, len(step.compared) - MOST_COMPARED),
        }
        for step in ties.rungs
    ]
    return {"steps": ties, "rungs": rungs, "shares": [names[int(entry)] for entry in ties.shares], "others": len(ties.equal) - 1}
