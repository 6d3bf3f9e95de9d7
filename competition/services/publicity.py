"""Objections during publicity: each suspends one entry, never the list."""

from datetime import datetime

from django.db import transaction

from accounts.permissions import require
from competition.domain.calendar import beijing_date
from competition.domain.states import IN_RACE
from competition.models import Entry, Notice, Objection
from competition.services.locks import lock_course
from competition.services.release import random_code
from competition.services.telling import tell_objection
from competition.workflow import perform, provide
from ledger.domain.reason import Reason, Refused
from ledger.services import record


@transaction.atomic
def record_objection(
    notice: Notice, *, entry: Entry, objector_kind: str, objector: str, contact: str, text: str, received_at: datetime, actor, at: datetime
) -> Objection:
    """Objections are received until the end of the notice's last day; `received_at` is when it came in."""
    require(actor, "objection.record", notice)
    lock_course(entry.application_id)
    notice = Notice.objects.select_for_update(of=("self",)).select_related("proposal__round").get(pk=notice.pk)
    entry = Entry.objects.select_for_update().get(pk=entry.pk)
    if notice.state != "published":
        raise Refused(Reason("competition.notice_withdrawn"))
    if entry.round_id != notice.proposal.round_id:
        raise Refused(Reason("competition.entry_not_in_notice"), field="entry")
    if received_at > at:
        raise Refused(Reason("competition.objection_in_future"), field="received_at")
    released = notice.proposal.released_at
    if received_at < released or beijing_date(received_at) > notice.ends_on:
        raise Refused(
            Reason(
                "competition.objection_outside_period", {"first": beijing_date(released).isoformat(), "last": notice.ends_on.isoformat()}
            ),
            field="received_at",
        )
    if objector_kind not in ("person", "organisation"):
        raise Refused(Reason("competition.objector_kind_unknown"), field="objector_kind")
    for field, value in (("objector", objector), ("contact", contact), ("text", text)):
        if not value.strip():
            raise Refused(Reason("competition.objection_incomplete"), field=field)
    objection = Objection.objects.create(
        notice=notice,
        entry=entry,
        number=f"YY-{beijing_date(at).year}-{random_code(6)}",
        objector_kind=objector_kind,
        objector=objector.strip(),
        contact=contact.strip(),
        text=text.strip(),
        received_at=received_at,
        recorded_by=actor,
    )
    if entry.state == "running":
        perform(entry, "suspend", actor=None, at=at)
    record(
        actor=f"user:{actor.pk}",
        action="objection.record",
        subject=f"objection:{objection.pk}",
        scope=f"competition:{notice.proposal.round.competition_id}",
        after={"entry": entry.pk, "notice": notice.pk, "kind": objector_kind, "received_at": received_at},
        private={"objector": objection.objector, "contact": objection.contact, "text": objection.text},
        at=at,
    )
    tell_objection(objection, actor=actor, at=at)
    return objection


@transaction.atomic
def decide_objection(objection: Objection, *, upheld: bool, decision: str, disqualify: bool = True, actor, at: datetime) -> Objection:
    """Upheld: the entry is disqualified, or with `disqualify` False runs on (it was the entry's own complaint, or a matter
    that costs no place; the decision says what follows). Rejected: it runs again unless another objection is open."""
    decision = decision.strip()
    if not decision:
        raise Refused(Reason("competition.decision_missing"), field="decision")
    lock_course(objection.entry.application_id)
    objection = perform(
        objection,
        "uphold" if upheld else "reject",
        actor=actor,
        at=at,
        changes={"decision": decision, "decided_by": actor, "decided_at": at},
    )
    _settle(objection, leaves=upheld and disqualify, reason=decision, at=at)
    return objection


@transaction.atomic
def withdraw_objection(objection: Objection, *, actor, at: datetime) -> Objection:
    """The objector took it back; the organiser notes it."""
    lock_course(objection.entry.application_id)
    objection = perform(objection, "withdraw", actor=actor, at=at, changes={"decided_by": actor, "decided_at": at})
    _settle(objection, leaves=False, reason="", at=at)
    return objection


def _settle(objection, *, leaves, reason, at):
    entry = Entry.objects.select_for_update().get(pk=objection.entry_id)
    if leaves and entry.state in IN_RACE:
        from competition.services.entries import leave

        leave(entry, "disqualify", reason=reason, actor=None, at=at)
    elif not leaves and entry.state == "suspended" and not entry.objections.filter(state="open").exists():
        perform(entry, "resume", actor=None, at=at)


@provide("entry", "resume", "open_objections")
def _open_objections(act):
    return act.subject.objections.filter(state="open").count()
