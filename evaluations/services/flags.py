"""Outliers are asked about, never changed: looked for by a job in what is submitted, answered by the evaluator on the own sheet."""

from datetime import datetime

from django.db import transaction

from accounts.models import User
from accounts.permissions import require
from competition.models import Round
from competition.selectors.rules import vote_of
from competition.workflow import perform
from evaluations.domain.analysis import number
from evaluations.domain.severity import severity
from evaluations.models import Assignment, Flag, OutlierSearch, Sheet, SheetVersion
from evaluations.selectors.analysis_input import ratings_now
from evaluations.selectors.flags import LOOK, flag_of
from evaluations.selectors.sheets import deadline_of
from evaluations.services.scoreboards import count_change, lock_board
from jobs.models import Job
from jobs.services import enqueue
from ledger.domain.reason import Reason, Refused
from ledger.services import Deed, record, record_many


@transaction.atomic
def ask_outliers(round: Round, *, due_at: datetime, actor, at: datetime) -> Job:
    require(actor, "flag.look", round)
    if vote_of(round):
        raise Refused(Reason("evaluations.vote_not_analysed"))
    if due_at <= at:
        raise Refused(Reason("evaluations.flag_due_past"), field="due_at")
    return enqueue(LOOK, f"round:{round.pk}", params={"due_at": due_at.isoformat()}, requested_by=f"user:{actor.pk}", at=at)


@transaction.atomic
def look_for_outliers(round: Round, *, job: int, due_at: datetime, requested_by: str, at: datetime) -> int:
    """How many sheets are asked about now. A version is asked about once; the same job again does nothing."""
    if OutlierSearch.objects.filter(job=job).exists():
        return 0
    lock_board(round)
    if Round.objects.filter(pk=round.pk).values_list("state", flat=True).get() != "judging":
        raise Refused(Reason("evaluations.judging_not_open"))
    ratings = ratings_now(round)
    found = {(int(one.entry), one.evaluator): one for one in severity(ratings).outliers}
    newest = _newest_versions(round, found)
    kind, _colon, key = requested_by.partition(":")
    asked_by = User.objects.filter(pk=key).first() if kind == "user" else None
    search = OutlierSearch.objects.create(
        round=round, job=job, due_at=due_at, sheets=len(ratings.units), flagged=len(newest), asked_by=asked_by, computed_at=at
    )
    flags = Flag.objects.bulk_create(
        [
            Flag(search=search, version=version, score=found[pair].score, expected=found[pair].expected, t=number(found[pair].t))
            for pair, version in sorted(newest.items())
        ]
    )
    scope = f"competition:{round.competition_id}"
    # Neither sheet nor direction: whoever reads the ledger before closing learns that somebody was asked.
    record_many([Deed(actor=requested_by, action="flag.ask", subject=f"flag:{flag.pk}", scope=scope) for flag in flags], at=at)
    after = {"sheets": search.sheets, "flagged": search.flagged}
    record(actor=requested_by, action="outliers.look", subject=f"round:{round.pk}", scope=scope, after=after, at=at)
    return len(flags)


def _newest_versions(round, found) -> dict[tuple[int, str], SheetVersion]:
    """Of the sheets that are found the newest version, where it has not been asked about."""
    rows = SheetVersion.objects.filter(
        sheet__state="submitted", sheet__assignment__entry__round=round, sheet__assignment__entry__in={entry for entry, _code in found}
    ).select_related("sheet__assignment__evaluator")
    newest: dict[tuple[int, str], SheetVersion] = {}
    for version in rows.order_by("number"):
        assignment = version.sheet.assignment
        if (pair := (assignment.entry_id, assignment.evaluator.code)) in found:
            newest[pair] = version
    asked = set(Flag.objects.filter(version__in=newest.values()).values_list("version_id", flat=True))
    return {pair: version for pair, version in newest.items() if version.pk not in asked}


@transaction.atomic
def answer_flag(flag: Flag, *, answer: str, explanation: str, actor, at: datetime) -> Flag:
    """`answer`: confirm (the marks stay) or correct (the sheet is open again until the answer was due; both versions are kept)."""
    explanation = explanation.strip()
    if not explanation:
        raise Refused(Reason("evaluations.explanation_missing"), field="explanation")
    sheet = Sheet.objects.select_related("assignment__entry__round").get(pk=flag.version.sheet_id)
    round = sheet.assignment.entry.round
    lock_board(round)
    current = flag_of(sheet)
    if current is None or current.pk != flag.pk:
        raise Refused(Reason("evaluations.flag_overtaken"))
    if answer == "correct":  # first: the question is open as long as its sheet stands
        sheet = perform(sheet, "correct", actor=actor, at=at, changes={"return_reason": explanation})
        SheetVersion.objects.filter(pk=flag.version_id).update(return_reason=explanation)
    flag = perform(flag, answer, actor=actor, at=at, changes={"explanation": explanation, "answered_at": at})
    if answer == "correct":
        due_at = flag.search.due_at
        if (usual := deadline_of(sheet.assignment)) is not None and usual < due_at:
            Assignment.objects.filter(pk=sheet.assignment_id).update(due_at=due_at)
        count_change(round, sheet, requested_by=f"user:{actor.pk}")
    return flag
