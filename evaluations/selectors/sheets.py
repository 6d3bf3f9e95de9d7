"""Score sheets as their evaluators and, after the round is closed, staff read them."""

from django.http import Http404

from accounts.permissions import require
from competition.domain.calendar import Window
from competition.domain.states import IN_RACE
from competition.workflow import provide
from evaluations.models import Ballot, Criterion, Sheet, Undertaking
from ledger.domain.reason import Reason

EDITABLE = ("draft", "returned")


def sheet(viewer, pk, *, action="sheet.view") -> Sheet:
    """Http404 for whoever has no part in it."""
    found = (
        Sheet.objects.filter(pk=pk)
        .select_related(
            "assignment__evaluator__user",
            "assignment__entry__round__competition",
            "assignment__entry__application__cluster__lead_region",
            "revision__form",
            "rubric",
        )
        .first()
    )
    if found is None or not _concerned(viewer, found):
        raise Http404
    require(viewer, action, found)
    return found


def own_sheets(viewer):
    """The viewer's own sheets of seats that are still theirs, newest first: one query."""
    rows = Sheet.objects.filter(assignment__evaluator__user=viewer, assignment__state="confirmed")
    return rows.select_related("assignment__entry").order_by("-pk")


def _concerned(viewer, found) -> bool:
    from competition.permissions.holding import STAFF, roles_in

    return found.assignment.evaluator.user_id == viewer.pk or bool(roles_in(viewer, found.assignment.entry.round) & STAFF)


def criteria_of(rubric) -> list[Criterion]:
    """All criteria with their dimensions, in the order of the rubric: one query. None on a ballot."""
    if rubric is None:
        return []
    return list(Criterion.objects.filter(dimension__rubric=rubric).select_related("dimension"))


def late(sheet, at) -> tuple[Reason, ...]:
    """Why marks cannot be saved at `at`: the round, its window, or the seat's own later deadline."""
    assignment = sheet.assignment
    round = assignment.entry.round
    if round.state != "judging":
        return (Reason("evaluations.judging_not_open"),)
    return Window(round.judging_opens, deadline_of(assignment)).against(at)


def deadline_of(assignment):
    """When marks are due: the round's end, or the seat's own later one."""
    return max(filter(None, (assignment.entry.round.judging_closes, assignment.due_at)), default=None)


def against_editing(sheet, at) -> tuple[Reason, ...]:
    """Why marks cannot be written into this sheet at `at`."""
    if sheet.state not in EDITABLE or sheet.assignment.state != "confirmed":
        return (Reason("evaluations.sheet_not_editable", {"state": sheet.state}),)
    if sheet.assignment.entry.state not in IN_RACE:
        return (Reason("evaluations.entry_not_running"),)
    return late(sheet, at)


@provide("sheet", "submit", "against_submission")
def _against_submission(act):
    """The window, the undertaking, and every criterion that must have a mark or an abstention."""
    row = act.subject
    found = list(late(row, act.at))
    entry = row.assignment.entry
    if entry.state not in IN_RACE:
        found.append(Reason("evaluations.entry_not_running"))
    if not Undertaking.objects.filter(round=entry.round_id, evaluator=row.assignment.evaluator_id).exists():
        found.append(Reason("evaluations.undertaking_missing"))
    if row.rubric_id is None:
        return tuple(found) if Ballot.objects.filter(sheet=row).exists() else (*found, Reason("evaluations.ballot_missing"))
    marked = set(row.marks.values_list("criterion_id", flat=True))
    needed = [c for c in criteria_of(row.rubric) if c.on_sheet and c.missing == "required"]
    if missing := [criterion.code for criterion in needed if criterion.pk not in marked]:
        found.append(Reason("evaluations.marks_missing", {"count": len(missing), "codes": missing}))
    return tuple(found)
