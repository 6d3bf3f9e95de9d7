"""Seats: who judges what. By hand or proposed, then published, confirmed or recused, replaced or waived."""

import hashlib
from datetime import datetime

from django.db import transaction

from accounts.permissions import require, roles
from competition.domain.calendar import in_beijing
from competition.models import Entry
from competition.permissions.conflicts import conflicts
from competition.workflow import perform, perform_all
from evaluations.models import Assignment, Evaluator, Sheet, Undertaking
from evaluations.services.conflicts import KINDS, note_conflict
from evaluations.services.scoreboards import count_change, lock_board
from evaluations.services.telling import tell_seats
from ledger.domain.reason import Reason, Refused
from ledger.services import record

OPEN_ROUND = ("open", "judging")
SEATED = ("proposed", "published", "confirmed")


def _note(assignment, action, *, actor, at, after=None, private=None):
    record(
        actor=f"user:{actor.pk}",
        action=action,
        subject=f"assignment:{assignment.pk}",
        scope=f"competition:{assignment.entry.round.competition_id}",
        after=after,
        private=private,
        at=at,
    )


def _text(reason: str) -> str:
    if not reason.strip():
        raise Refused(Reason("competition.reason_missing"), field="reason")
    return reason.strip()


def against_seat(entry: Entry, evaluator: Evaluator) -> tuple[Reason, ...]:
    """Why this evaluator may not judge this entry, a conflict before all."""
    found = []
    bound = conflicts([evaluator.user_id], [entry.application.cluster_id]).get((evaluator.user_id, entry.application.cluster_id))
    if bound:
        found.append(Reason("evaluations.conflict", {"evaluator": evaluator.code, "kinds": sorted(set(bound))}))
    if not evaluator.active or "evaluator" not in roles(evaluator.user, f"competition:{entry.round.competition_id}"):
        found.append(Reason("evaluations.not_evaluator_here", {"evaluator": evaluator.code}))
    if entry.state != "running":
        found.append(Reason("evaluations.entry_not_running"))
    if entry.revision_id is None:
        found.append(Reason("evaluations.entry_without_revision"))
    elif entry.round.groups and entry.group is None:
        found.append(Reason("evaluations.entry_without_group"))
    if entry.round.checks_only:
        found.append(Reason("evaluations.round_checks_only"))
    if entry.round.state not in OPEN_ROUND:
        found.append(Reason("evaluations.round_not_open"))
    return tuple(found)


@transaction.atomic
def assign(
    entry: Entry, *, evaluator: Evaluator, actor, at: datetime, source: str = "hand", replaces: Assignment | None = None
) -> Assignment:
    """A proposed seat. Nobody sits twice at one entry, not even after recusing themselves."""
    lock_board(entry.round)
    # Not locked: whoever takes it out of the race holds it and waits for the board.
    entry = Entry.objects.select_related("round__competition", "application__cluster").get(pk=entry.pk)
    require(actor, "assignment.create", entry.round)
    if reasons := against_seat(entry, evaluator):
        raise Refused(*reasons, field="evaluator")
    if entry.assignments.filter(evaluator=evaluator).exists():
        raise Refused(Reason("evaluations.seat_taken", {"evaluator": evaluator.code}), field="evaluator")
    assignment = Assignment.objects.create(entry=entry, evaluator=evaluator, source=source, replaces=replaces, created_at=at)
    _note(assignment, "assignment.create", actor=actor, at=at, after={"entry": entry.pk, "evaluator": evaluator.pk, "source": source})
    return assignment


@transaction.atomic
def remove_proposed(assignment: Assignment, *, actor, at: datetime) -> None:
    lock_board(assignment.entry.round)
    assignment = Assignment.objects.select_for_update(of=("self",)).select_related("entry__round").get(pk=assignment.pk)
    require(actor, "assignment.create", assignment.entry.round)
    if assignment.state != "proposed":
        raise Refused(Reason("evaluations.seat_published"))
    _note(assignment, "assignment.remove", actor=actor, at=at, after={"entry": assignment.entry_id, "evaluator": assignment.evaluator_id})
    assignment.delete()


@transaction.atomic
def publish_assignments(round, *, actor, at: datetime) -> int:
    """Every proposed seat of the round is shown to its evaluator. Under the scoreboard's lock, as every change of seats."""
    lock_board(round)
    require(actor, "assignment.publish", round)
    if round.state not in OPEN_ROUND:
        raise Refused(Reason("evaluations.round_not_open"))
    rows = Assignment.objects.filter(entry__round=round, state="proposed").select_related("entry__round")
    _refuse_conflicts(rows.select_related("evaluator", "entry__application"))
    told = set(rows.values_list("evaluator__user_id", flat=True))
    published = perform_all(rows, "publish", actor=None, at=at)
    if not published:
        raise Refused(Reason("evaluations.nothing_to_publish"))
    tell_seats(round, told, at=at)
    return published


def _bound(seat, kinds) -> Reason:
    return Reason("evaluations.conflict", {"evaluator": seat.evaluator.code, "kinds": sorted(set(kinds))})


def _bound_blindly(seat, kinds) -> Reason:
    """To the evaluator: what kind of tie it is would tell who applies."""
    return Reason("evaluations.conflict_blind") if seat.entry.round.blind else _bound(seat, kinds)


def _refuse_conflicts(rows, reason=_bound) -> None:
    """What was declared since a seat was assigned counts as well."""
    seats = list(rows)
    bound = conflicts({seat.evaluator.user_id for seat in seats}, {seat.entry.application.cluster_id for seat in seats})
    found = [reason(seat, kinds) for seat in seats if (kinds := bound.get((seat.evaluator.user_id, seat.entry.application.cluster_id)))]
    if found:
        raise Refused(*found)


@transaction.atomic
def sign_undertaking(round, *, text: str, actor, at: datetime) -> Undertaking:
    """`text` is the undertaking as it was shown."""
    require(actor, "undertaking.sign", round)
    evaluator = Evaluator.objects.select_for_update().filter(user=actor).first()
    if evaluator is None:
        raise Refused(Reason("evaluations.no_profile"))
    digest = hashlib.sha256(text.encode()).hexdigest()
    undertaking, made = Undertaking.objects.get_or_create(
        round=round, evaluator=evaluator, defaults={"text_digest": digest, "signed_at": at}
    )
    if made:
        record(
            actor=f"user:{actor.pk}",
            action="undertaking.sign",
            subject=f"round:{round.pk}",
            scope=f"competition:{round.competition_id}",
            after={"evaluator": evaluator.pk, "text": digest},
            at=at,
        )
    return undertaking


@transaction.atomic
def confirm(assignment: Assignment, *, actor, at: datetime) -> Assignment:
    """ "No conflict": opens the sheet. The undertaking comes first."""
    if not Undertaking.objects.filter(round__entries=assignment.entry_id, evaluator=assignment.evaluator_id).exists():
        raise Refused(Reason("evaluations.undertaking_missing"))
    _refuse_conflicts([assignment], _bound_blindly)
    assignment = perform(assignment, "confirm", actor=actor, at=at)
    entry = assignment.entry
    rubric = entry.round.rubrics.order_by("-version").first()
    Sheet.objects.get_or_create(assignment=assignment, defaults={"revision_id": entry.revision_id, "rubric": rubric})
    return assignment


@transaction.atomic
def recuse(assignment: Assignment, *, reason: str, kind: str = "other", actor, at: datetime) -> Assignment:
    """Declares a conflict with the cluster, which binds in every later round, and gives the seat up."""
    reason = _text(reason)
    if kind not in KINDS:
        raise Refused(Reason("evaluations.conflict_kind_unknown"), field="kind")
    lock_board(assignment.entry.round)
    assignment = perform(assignment, "recuse", actor=actor, at=at, changes={"reason": reason})
    _leave(assignment, at=at)
    entry = assignment.entry
    note_conflict(
        assignment.evaluator.user,
        cluster=entry.application.cluster,
        kind=kind,
        note=reason,
        competition=entry.round.competition,
        actor=actor,
        at=at,
    )
    return assignment


@transaction.atomic
def replace_evaluator(assignment: Assignment, *, evaluator: Evaluator, reason: str, actor, at: datetime) -> Assignment:
    """The new seat, published at once where judging is on."""
    reason = _text(reason)
    lock_board(assignment.entry.round)
    assignment = perform(assignment, "replace", actor=actor, at=at, changes={"reason": reason})
    _leave(assignment, at=at)
    successor = assign(assignment.entry, evaluator=evaluator, actor=actor, at=at, replaces=assignment)
    tell_seats(assignment.entry.round, {evaluator.user_id}, at=at)
    return perform(successor, "publish", actor=actor, at=at)


@transaction.atomic
def waive_seat(assignment: Assignment, *, reason: str, actor, at: datetime) -> Assignment:
    """The entry is judged by one fewer, and the reason says why."""
    reason = _text(reason)
    lock_board(assignment.entry.round)
    assignment = perform(assignment, "waive", actor=actor, at=at, changes={"reason": reason})
    _leave(assignment, at=at)
    return assignment


@transaction.atomic
def extend_seat(assignment: Assignment, *, due_at: datetime, reason: str, actor, at: datetime) -> Assignment:
    """A later deadline for this seat alone."""
    reason = _text(reason)
    assignment = Assignment.objects.select_for_update(of=("self",)).select_related("entry__round").get(pk=assignment.pk)
    require(actor, "assignment.extend", assignment)
    if due_at <= at:
        raise Refused(Reason("competition.due_in_past"), field="due_at")
    round = assignment.entry.round
    if round.state not in OPEN_ROUND:
        raise Refused(Reason("evaluations.round_not_open"))
    if round.judging_closes and due_at <= round.judging_closes:
        raise Refused(Reason("evaluations.extension_short", {"closes": in_beijing(round.judging_closes)}), field="due_at")
    if assignment.state not in SEATED:
        raise Refused(Reason("evaluations.seat_left"))
    assignment.due_at = due_at
    assignment.save(update_fields=["due_at"])
    _note(assignment, "assignment.extend", actor=actor, at=at, after={"due_at": due_at}, private={"reason": reason})
    return assignment


def _leave(assignment, *, at):
    """The sheet of a seat that is given up no longer counts; its marks stay."""
    sheet = Sheet.objects.filter(assignment=assignment).first()
    if sheet is None or sheet.state == "void":
        return
    counted = sheet.state == "submitted"
    perform(sheet, "void", actor=None, at=at)
    if counted:
        count_change(assignment.entry.round, sheet)
