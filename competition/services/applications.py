"""An application from the first draft to acceptance. The clock is the server's, read once by the caller."""

import hashlib
import secrets
from datetime import datetime

from django.db import transaction
from django.db.models import F, Max

from accounts.models import Membership
from accounts.permissions import require
from accounts.selectors import side_taken
from accounts.services.membership import refuse_second_side
from competition.domain.calendar import beijing_date
from competition.domain.forms import keep
from competition.domain.states import GONE
from competition.models import Application, Cluster, Entry, Revision
from competition.permissions.holding import organisations
from competition.selectors.applications import answers, correction_late, faults, late, live_attachments, years_of
from competition.selectors.parties import partners, typed
from competition.selectors.quotas import without_quota
from competition.selectors.registrations import unconfirmed
from competition.selectors.rules import form_of
from competition.services.locks import lock_course
from competition.services.parties import fix_parties, set_parties
from competition.services.readmissions import come_back, way_back
from competition.workflow import perform
from ledger.domain import canonical
from ledger.domain.reason import Reason, Refused
from ledger.services import record

EDITABLE = ("draft", "returned")


@transaction.atomic
def start_application(competition, *, cluster: Cluster, organisation, track=None, actor, at: datetime) -> Application:
    """A draft in the competition's first open round; one per cluster. Its promotion organisation applies for it. Whom a rule of
    re-admission lets in needs no region's place, and may begin in the later round that the rule names."""
    if organisation.pk not in organisations(actor):
        raise Refused(Reason("competition.not_yours"), field="organisation")
    if cluster.organisation_id != organisation.pk:
        raise Refused(Reason("competition.cluster_of_another"), field="cluster")
    round = competition.rounds.filter(state="open").order_by("order").first()
    back = way_back(cluster, round)
    if not back and (reasons := without_quota(competition, cluster)):
        raise Refused(*reasons, field="cluster")
    first = competition.rounds.order_by("order").first()
    if competition.state != "published" or round is None or (round.order != first.order and not back):
        raise Refused(Reason("competition.intake_not_open"))
    tracks = list(competition.tracks.all())
    if tracks and track not in tracks:
        raise Refused(Reason("competition.track_missing"), field="track")
    scope = f"competition:{competition.pk}"
    refuse_second_side(actor, role="applicant", scope=scope)
    others = Membership.objects.live().filter(role="applicant", scope=f"organisation:{organisation.pk}").exclude(user=actor)
    if any(side_taken(other.user_id, "applicant", scope) for other in others):
        raise Refused(Reason("competition.colleague_on_another_side"))
    given = {"round": round, "organisation": organisation, "track": track if tracks else None, "created_by": actor, "created_at": at}
    application = Application.objects.select_for_update(of=("self",)).filter(competition=competition, cluster=cluster).first()
    if application is None:
        application = Application.objects.create(competition=competition, cluster=cluster, **given)
    else:
        _take_over(application, given, at=at)
    if back:
        come_back(application, *back, actor=actor, at=at)
    record(
        actor=f"user:{actor.pk}",
        action="application.start",
        subject=f"application:{application.pk}",
        scope=f"competition:{competition.pk}",
        after={"cluster": cluster.pk, "organisation": organisation.pk, "round": round.pk},
        at=at,
    )
    return application


def _take_over(application, given, *, at) -> None:
    """The draft of an organisation that was never confirmed and has lost the cluster: whoever has it now begins anew, and
    goes on with what they wrote themselves. Any other application is refused."""
    before = application.organisation
    if before.confirmed or before == given["organisation"] or application.state != "draft" or application.revisions.exists():
        raise Refused(Reason("competition.application_exists"), field="cluster")
    if application.created_by_id != given["created_by"].pk:
        application.draft = {}
        application.parties.all().delete()
        live_attachments(application).update(removed_at=at)
    application.draft_version += 1
    for name, value in given.items():
        setattr(application, name, value)
    application.save(update_fields=["draft", "draft_version", *given])


def _with_round(application):
    return Application.objects.select_related("competition", "round__competition").get(pk=application.pk)


@transaction.atomic
def save_draft(application: Application, *, data, version: int, parties=None, actor, at: datetime) -> int:
    """Keeps the answers as typed, right or wrong, and returns the new version. Refused with `draft_conflict` where the
    draft was saved elsewhere since `version`. Writes no record, but for `parties` where they are given (`set_parties`)."""
    application = _with_round(application)
    require(actor, "application.edit", application)
    _refuse_fixed(application)
    kept = keep(form_of(application.round).definition, data, years_of(application))
    saved = Application.objects.filter(pk=application.pk, draft_version=version, state__in=EDITABLE).update(
        draft=kept, draft_version=F("draft_version") + 1, draft_saved_at=at
    )
    if not saved:
        _refuse_fixed(_with_round(application))
        raise Refused(Reason("competition.draft_conflict"))
    return version + 1 if parties is None else set_parties(application, parties=parties, version=version + 1, actor=actor, at=at)


def _refuse_fixed(application) -> None:
    if application.state not in EDITABLE:
        raise Refused(Reason("competition.application_not_editable"))


@transaction.atomic
def submit_application(application: Application, *, actor, at: datetime, idempotency_key: str = "", version: int | None = None) -> Revision:
    """An immutable revision with receipt number and `at`; the deadline is judged here, under the lock, before anything
    else is. The same `idempotency_key` again gives the same revision. `version`: the draft that the applicant was shown;
    another one is refused with `draft_conflict`."""
    application = (
        Application.objects.select_for_update(of=("self",)).select_related("competition", "round__competition").get(pk=application.pk)
    )
    require(actor, "application.submit", application)
    if idempotency_key and (earlier := application.revisions.filter(idempotency_key=idempotency_key).first()):
        return earlier
    action = "resubmit" if application.state == "returned" else "submit"
    if application.state in EDITABLE:
        if reasons := (*late(application, at), *unconfirmed(application)) if action == "submit" else correction_late(application, at):
            raise Refused(*reasons)
        if version is not None and version != application.draft_version:
            raise Refused(Reason("competition.draft_conflict"))
        if found := faults(application):
            raise Refused(*dict.fromkeys(reason for _path, reason in found), field=found[0][0])
    data, parties = answers(application), [typed(row) for row in partners(application)]
    files = list(live_attachments(application))
    form = form_of(application.round)
    content = {
        "application": application.pk,
        "round": application.round_id,
        "form": form.digest,
        "data": data,
        "files": [[file.slot, file.name, file.size, file.sha256] for file in files],
        "submitted_at": at,
    } | ({"parties": parties} if parties else {})
    digest = hashlib.sha256(canonical.encode(content)).hexdigest()
    done = {"correction_reason": "", "correction_due": None, "extension_reason": ""}
    application = perform(application, action, actor=actor, at=at, changes=done)
    revision = Revision.objects.create(
        application=application,
        round_id=application.round_id,
        form=form,
        number=(application.revisions.aggregate(last=Max("number"))["last"] or 0) + 1,
        data=data,
        digest=digest,
        receipt_number=f"SL-{beijing_date(at):%Y%m%d}-{secrets.token_hex(4).upper()}",
        submitted_at=at,
        submitted_by=actor,
        idempotency_key=idempotency_key,
    )
    revision.attachments.set(files)
    fix_parties(revision, parties)
    record(
        actor=f"user:{actor.pk}",
        action="revision.create",
        subject=f"revision:{revision.pk}",
        scope=f"competition:{application.competition_id}",
        after={"application": application.pk, "number": revision.number, "digest": digest, "receipt": revision.receipt_number},
        at=at,
    )
    return revision


@transaction.atomic
def accept_application(application: Application, *, actor, at: datetime) -> Entry:
    """Its newest revision becomes the entry's, in the round whose intake it is in."""
    application = perform(application, "accept", actor=actor, at=at)
    revision = application.revisions.order_by("-number").first()
    entry, made = Entry.objects.get_or_create(
        round_id=application.round_id, application=application, defaults={"revision": revision, "track": application.track}
    )
    if not made:
        if entry.state in GONE:
            raise Refused(Reason("competition.entry_gone"))
        entry.revision = revision
        entry.save(update_fields=["revision"])
    record(
        actor=f"user:{actor.pk}",
        action="entry.enter",
        subject=f"entry:{entry.pk}",
        scope=f"competition:{application.competition_id}",
        after={"application": application.pk, "revision": revision.pk, "round": application.round_id},
        at=at,
    )
    return entry


@transaction.atomic
def return_application(application: Application, *, reason: str, due_at: datetime, actor, at: datetime) -> Application:
    """For correction until `due_at`, which may lie after the intake window."""
    if not reason.strip():
        raise Refused(Reason("competition.reason_missing"), field="reason")
    if due_at <= at:
        raise Refused(Reason("competition.due_in_past"), field="due_at")
    return perform(application, "return", actor=actor, at=at, changes={"correction_reason": reason.strip(), "correction_due": due_at})


@transaction.atomic
def extend_correction(application: Application, *, reason: str, due_at: datetime, actor, at: datetime) -> Application:
    """A later deadline for a returned application, also where the first has passed. The applicant reads the reason."""
    if not reason.strip():
        raise Refused(Reason("competition.reason_missing"), field="reason")
    if due_at <= at:
        raise Refused(Reason("competition.due_in_past"), field="due_at")
    application = _with_round(Application.objects.select_for_update(no_key=True).get(pk=application.pk))
    if application.correction_due is not None and due_at <= application.correction_due:
        raise Refused(Reason("competition.deadline_forward"), field="due_at")
    return perform(application, "extend", actor=actor, at=at, changes={"extension_reason": reason.strip(), "correction_due": due_at})


@transaction.atomic
def refuse_application(application: Application, *, reason: str, actor, at: datetime) -> Application:
    if not reason.strip():
        raise Refused(Reason("competition.reason_missing"), field="reason")
    return perform(application, "refuse", actor=actor, at=at, changes={"decision_reason": reason.strip()})


@transaction.atomic
def withdraw_application(application: Application, *, reason: str = "", actor, at: datetime) -> Application:
    """Until the deadline it may be taken up again; in a later round its entry withdraws with it, for good."""
    lock_course(application.pk)
    return perform(application, "withdraw", actor=actor, at=at, changes={"decision_reason": reason.strip()})


@transaction.atomic
def resume_application(application: Application, *, actor, at: datetime) -> Application:
    """A withdrawn application is a draft again while the window is open."""
    return perform(application, "resume", actor=actor, at=at, changes={"decision_reason": ""})
