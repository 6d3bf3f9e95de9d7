"""The organiser's intake: the queue, one application with its revisions, the decision about it, entries that leave."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.permissions import can, require
from competition import workflow
from competition.domain.states import IN_RACE
from competition.forms.applying import IntakeFilter, ReasonForm, ReturnForm
from competition.forms.refusable import RefusableForm
from competition.labels import RECOMMENDATION_STATES
from competition.selectors import intake as selectors
from competition.selectors import nominations
from competition.selectors.answers import sections
from competition.selectors.applications import correction_late, files_by_slot, revision_years
from competition.selectors.competitions import competition as find_competition
from competition.selectors.outcomes import open_offers
from competition.selectors.parties import submitted_partners
from competition.selectors.readmissions import comeback_of
from competition.selectors.recommendations import of_application
from competition.services import applications as services
from competition.services.entries import disqualify_entry, withdraw_entry
from competition.views.application_page import address, frame, pill_of, said
from ledger.domain.reason import Refused

PAGE = 50


def waiting(user, competition_pk):
    """What the menu counts."""
    return selectors.waiting(competition_pk) if competition_pk else None


def intake_list(request, pk):
    competition = find_competition(request.user, pk, action="competition.staff")
    filters = IntakeFilter(request.GET or None, tracks=competition.tracks.all())
    chosen = filters.cleaned_data if filters.is_valid() else {}
    rows = selectors.intake(request.user, competition, state=chosen.get("state", ""), track=chosen.get("track"))
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    for row in page.object_list:
        row.pill = pill_of(row)
        row.says = RECOMMENDATION_STATES.get(row.region_says, "")
    context = {
        "competition": competition,
        "demo": competition.demo,
        "filters": filters,
        "filtered": any(chosen.values()),
        "page": page,
        "counts": selectors.counts(competition),
    }
    return render(request, "competition/intake/list.html", context)


def intake_detail(request, pk, application_pk):
    """One application: the chosen revision (the newest where none is), what changed since the one before it, its files, and
    what may be done."""
    application = selectors.submitted(request.user, application_pk, pk)
    at = timezone.now()
    revisions = selectors.revisions(application)
    revision = _chosen(revisions, request.GET.get("revision"))
    before = _before(revisions, revision, request.GET.get("against"))
    files = list(revision.attachments.all())
    entries = list(application.entries.select_related("round__competition", "revision").order_by("round__order"))
    for entry in entries:
        entry.application = application
        entry.may_nominate = entry.outcome == "advance" and bool(nominations.open_targets(request.user, entry))
        entry.may_leave = entry.state in IN_RACE and can(request.user, "entry.disqualify", entry).allowed
    may_decide = can(request.user, "application.accept", application).allowed
    context = frame(application, at=at) | {
        "revision": revision,
        "revisions": revisions,
        "before": before,
        "changes": selectors.changes(before, revision) if before else None,
        "sections": sections(revision.form.definition, revision.data, revision_years(revision), files=files_by_slot(files)),
        "partners": submitted_partners(revision, application.competition),
        "file_count": len(files),
        "infected": [file for file in files if file.infected],
        "entries": entries,
        "offers": list(open_offers(application)) if may_decide else [],
        "recommendation": said(of_application(application)),
        "nomination": nominations.of_application(application),
        "comeback": comeback_of(application),
        "nominations": [with_state(row) for row in nominations.nominations_of(application)],
        "may_decide": may_decide,
        "overdue": application.state == "returned" and bool(correction_late(application, at)),
        "actions": set(workflow.actions(application)) if may_decide else set(),
        "accept_reasons": workflow.refusals(application, "accept", actor=request.user, at=at)
        if may_decide and "accept" in workflow.actions(application)
        else (),
    }
    return render(request, "competition/intake/detail.html", context)


def with_state(nomination):
    nomination.pill = pill_of(nomination.application)
    return nomination


def _chosen(revisions, number):
    """The newest first in `revisions`."""
    return next((row for row in revisions if str(row.number) == number), revisions[0])


def _before(revisions, revision, number):
    earlier = [row for row in revisions if row.number < revision.number]
    return next((row for row in earlier if str(row.number) == number), earlier[0] if earlier else None)


def _decide(request, pk, application_pk, *, form, act, words):
    """Confirm, then one service call; a refusal comes back to the same page."""
    application = selectors.submitted(request.user, application_pk, pk)
    require(request.user, f"application.{words['action']}", application)
    form = form(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            act(application, form.cleaned_data, timezone.now())
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, words["done"])
            return redirect(address("intake_detail", application))
    context = frame(application, at=timezone.now()) | words | {"form": form, "back": address("intake_detail", application)}
    return render(request, "competition/intake/confirm.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def application_accept(request, pk, application_pk):
    def act(application, _data, at):
        services.accept_application(application, actor=request.user, at=at)

    words = {
        "action": "accept",
        "question": _("Accept this application?"),
        "text": _("Its newest revision enters the round and is what the evaluators judge. It cannot be changed after that."),
        "label": _("Accept"),
        "done": _("Accepted: the application is in the race."),
    }
    return _decide(request, pk, application_pk, form=RefusableForm, act=act, words=words)


@require_http_methods(["GET", "POST"])
def application_return(request, pk, application_pk):
    def act(application, data, at):
        services.return_application(application, reason=data["reason"], due_at=data["due_at"], actor=request.user, at=at)

    words = {
        "action": "return",
        "question": _("Return this application for correction?"),
        "text": _("The applicant sees the reason and the deadline first, corrects the draft and hands it in again as a new revision."),
        "label": _("Return for correction"),
        "done": _("Returned for correction."),
    }
    return _decide(request, pk, application_pk, form=ReturnForm, act=act, words=words)


@require_http_methods(["GET", "POST"])
def application_extend(request, pk, application_pk):
    def act(application, data, at):
        services.extend_correction(application, reason=data["reason"], due_at=data["due_at"], actor=request.user, at=at)

    words = {
        "action": "extend",
        "question": _("Give more time for the correction?"),
        "text": _("The applicant corrects and hands in until the new deadline. It has to lie after the present one."),
        "label": _("Set the new deadline"),
        "done": _("The correction has a new deadline."),
    }
    return _decide(request, pk, application_pk, form=ReturnForm, act=act, words=words)


@require_http_methods(["GET", "POST"])
def application_refuse(request, pk, application_pk):
    def act(application, data, at):
        services.refuse_application(application, reason=data["reason"], actor=request.user, at=at)

    words = {
        "action": "refuse",
        "question": _("Refuse this application?"),
        "text": _("It does not enter the race, and this cannot be taken back. The applicant reads the reason."),
        "label": _("Refuse"),
        "done": _("Refused."),
        "grave": True,
    }
    return _decide(request, pk, application_pk, form=ReasonForm, act=act, words=words)


def _leave(request, pk, entry_pk, *, action, act, words):
    entry = selectors.entry(request.user, entry_pk, pk)
    require(request.user, f"entry.{action}", entry)
    if action not in workflow.actions(entry):
        raise Http404
    own = not can(request.user, "entry.disqualify", entry).allowed
    back = reverse(f"competition:{'application' if own else 'intake'}_detail", args=[pk, entry.application_id])
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            act(entry, reason=form.cleaned_data["reason"], actor=request.user, at=timezone.now())
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, words["done"])
            return redirect(back)
    context = frame(entry.application, at=timezone.now()) | words | {"form": form, "back": back, "own": own, "grave": True}
    return render(request, "competition/intake/confirm.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def entry_withdraw(request, pk, entry_pk):
    words = {
        "question": _("Withdraw this entry from the race?"),
        "text": _("It leaves the ranking for good and keeps its marks on record. A place that it had won may go to a reserve."),
        "label": _("Withdraw the entry"),
        "done": _("The entry is withdrawn."),
    }
    return _leave(request, pk, entry_pk, action="withdraw", act=withdraw_entry, words=words)


@require_http_methods(["GET", "POST"])
def entry_disqualify(request, pk, entry_pk):
    words = {
        "question": _("Disqualify this entry?"),
        "text": _(
            "It leaves the ranking for good and keeps its marks on record; the applicant reads the reason. A place that it had won may go "
            "to a reserve."
        ),
        "label": _("Disqualify"),
        "done": _("The entry is disqualified."),
    }
    return _leave(request, pk, entry_pk, action="disqualify", act=disqualify_entry, words=words)
