"""Applications as each side may read them."""

from django.db.models import Count, OuterRef, Q, Subquery
from django.http import Http404

from accounts.permissions import require, visible
from competition.domain.calendar import Window, in_beijing
from competition.domain.forms import keep, last_years, validate
from competition.models import Application, Attachment, Revision
from competition.selectors.rules import form_of
from competition.workflow import provide
from ledger.domain.reason import Reason


def application(viewer, pk, *, action="application.view") -> Application:
    """Http404 for whoever may not even see it; NotAllowed without `action`."""
    found = (
        Application.objects.filter(pk=pk)
        .select_related("competition", "round__competition", "cluster__lead_region", "cluster__sector", "organisation", "track")
        .first()
    )
    if found is None or not _seen(viewer, found):
        raise Http404
    require(viewer, action, found)
    return found


def _seen(viewer, found) -> bool:
    from accounts.permissions import can

    return can(viewer, "application.view", found).allowed


def own_applications(viewer):
    """What the viewer's organisations have applied for, newest first."""
    return (
        visible(viewer, "application.edit", Application)
        .select_related("competition", "round", "cluster", "organisation", "track")
        .annotate(revision_count=Count("revisions"))
        .order_by("-created_at", "-id")
    )


def intake(viewer, competition):
    """The organiser's queue: those ever submitted, with `receipt` and `submitted_at` of the newest revision."""
    newest = Revision.objects.filter(application=OuterRef("pk")).order_by("-number")
    return (
        visible(viewer, "application.view", Application.objects.filter(competition=competition, revisions__isnull=False))
        .select_related("cluster__lead_region", "cluster__sector", "organisation", "track", "round")
        .annotate(
            receipt=Subquery(newest.values("receipt_number")[:1]),
            submitted_at=Subquery(newest.values("submitted_at")[:1]),
            revision_count=Count("revisions", distinct=True),
        )
        .order_by("submitted_at", "pk")
        .distinct()
    )


def years_of(application) -> tuple[int, ...]:
    """The years that the form's table asks for, oldest first."""
    form = form_of(application.round)
    return last_years(application.competition.year, form.definition["years"])


def answers(application, data=None) -> dict:
    """`data` (the draft where not given) as the form keeps it, with the files of each slot under the slot's code."""
    form = form_of(application.round)
    kept = keep(form.definition, application.draft if data is None else data, years_of(application))
    for slot, name in live_attachments(application).values_list("slot", "name"):
        kept.setdefault(slot, []).append(name)
    return kept


def live_attachments(application):
    return Attachment.objects.filter(application=application, removed_at=None).order_by("slot", "pk")


def faults(application) -> list[tuple[str, Reason]]:
    """What keeps the draft from being submitted, by path, in the order of the form."""
    form = form_of(application.round)
    return validate(form.definition, answers(application), years_of(application))


def late(application, at) -> tuple[Reason, ...]:
    """Why the intake window of its round is not open at `at`."""
    round = application.round
    if round.state != "open":
        return (Reason("competition.intake_not_open"),)
    return Window(round.intake_opens, round.intake_closes).against(at)


@provide("application", "submit", "window")
def _window_to_submit(act):
    return late(act.subject, act.at)


@provide("application", "resume", "window")
def _window_to_resume(act):
    return late(act.subject, act.at)


@provide("application", "submit", "faults")
def _faults_to_submit(act):
    return tuple(reason for _path, reason in faults(act.subject))


@provide("application", "resubmit", "faults")
def _faults_to_resubmit(act):
    return tuple(reason for _path, reason in faults(act.subject))


@provide("application", "resubmit", "correction_window")
def _correction_window(act):
    due = act.subject.correction_due
    if due is not None and act.at >= due:
        return (Reason("competition.correction_closed", {"due": in_beijing(due)}),)
    return ()


@provide("application", "accept", "intake")
def _intake_still_on(act):
    if act.subject.round.state != "open":
        return (Reason("competition.intake_ended"),)
    return ()


def attachment(viewer, pk) -> Attachment:
    """One stored file for whoever may read its application; Http404 else. A removed one stays readable in revisions."""
    found = (
        Attachment.objects.filter(pk=pk)
        .filter(Q(removed_at=None) | Q(revisions__isnull=False))
        .select_related("application__competition")
        .distinct()
        .first()
    )
    if found is None or not _seen(viewer, found.application):
        raise Http404
    return found
