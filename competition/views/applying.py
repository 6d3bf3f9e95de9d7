"""The applicant's face: what they applied for, one application, handing it in, taking it back."""

import secrets
from datetime import timedelta

from django.contrib import messages
from django.db.models import Q
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from competition import workflow
from competition.documents import shelf
from competition.forms.applying import OptionalReasonForm, StartForm
from competition.selectors import applications as selectors
from competition.selectors import nominations
from competition.selectors.answers import sections
from competition.selectors.outcomes import open_offers, own_awards, own_outcomes
from competition.selectors.parties import submitted_partners
from competition.selectors.readmissions import comeback_of
from competition.selectors.recommendations import missing, of_application
from competition.selectors.registrations import own_registrations
from competition.services import applications as services
from competition.views.application_page import address, due_of, form_page, frame, pill_of, said
from competition.views.awards import award_row
from ledger.domain.reason import Reason, Refused
from ledger.reasons import say


def waiting(user, _competition):
    """What the menu counts: applications and offered places that wait for their applicant."""
    return selectors.own_applications(user).filter(Q(state__in=services.EDITABLE) | Q(offered=True))


def application_list(request):
    """Where an applicant begins."""
    at = timezone.now()
    rows = list(selectors.own_applications(request.user)[:100])
    for row in rows:
        row.pill, row.due, row.next = pill_of(row), due_of(row), next_step(row, at, gone=row.gone)
        if row.state == "accepted" and row.round.state == "released":
            row.next["text"] = _("The round is released; the outcome stands on its page.")
        if row.offered:
            row.next = {"yours": True, "text": _("A place became free and is offered to you."), "action": _("Answer")}
        row.hot = row.due is not None and row.due - at < timedelta(days=1)
        row.url = address("application_edit" if row.state in services.EDITABLE else "application_detail", row)
    calls = [call for call in selectors.open_calls(request.user, at=at) if call.choices]
    demo = any(row.competition.demo for row in rows)
    sent = {row.state: row for row in own_registrations(request.user).filter(state__in=("pending", "refused")).order_by("sent_at")}
    context = {"todo": [row for row in rows if row.next["yours"]], "rows": rows, "calls": calls, "demo": demo}
    context |= {"pending": sent.get("pending"), "refused": sent.get("refused")}
    return render(request, "competition/application/list.html", context)


def next_step(application, at, *, gone: bool) -> dict:
    """What there is to do, whose turn it is, and the button's word. Reads nothing."""
    due = due_of(application)
    if application.state in services.EDITABLE:
        if gone:
            return {"yours": False, "text": _("The cluster has left the race. The draft is kept.")}
        if due is not None and at >= due:
            return {"yours": False, "text": _("The deadline has passed. The draft is kept.")}
        if application.state == "returned":
            return {"yours": True, "text": _("Correct it and hand it in again."), "action": _("Correct")}
        return {"yours": True, "text": _("Fill it in and submit it."), "action": _("Continue")}
    words = {
        "submitted": _("The organiser examines it."),
        "accepted": _("It is in the race. The outcome stands here once the round is released."),
        "refused": _("It was not accepted; the reason stands on its page."),
        "withdrawn": _("You have withdrawn it."),
    }
    return {"yours": False, "text": words[application.state]}


@require_http_methods(["GET", "POST"])
def application_start(request, pk):
    competition = selectors.call(request.user, pk)
    form = StartForm(
        request.POST if request.method == "POST" else None,
        clusters=selectors.startable_clusters(request.user, competition),
        tracks=competition.tracks.all(),
    )
    if form.is_valid():
        cluster = form.cleaned_data["cluster"]
        try:
            application = services.start_application(
                competition,
                cluster=cluster,
                organisation=cluster.organisation,
                track=form.cleaned_data.get("track"),
                actor=request.user,
                at=timezone.now(),
            )
        except Refused as refused:
            form.refuse(refused)
        else:
            return redirect(address("application_edit", application))
    context = {
        "competition": competition,
        "demo": competition.demo,
        "form": form,
        "first": selectors.taking(competition),
        "back": selectors.let_in_again(request.user, competition),
    }
    return render(request, "competition/application/start.html", context, status=422 if form.errors else 200)


def application_detail(request, pk, application_pk):
    """One application as its applicant follows it: state, what to do, revisions, rounds and outcome."""
    application = selectors.draft_of(request.user, application_pk, pk)
    at = timezone.now()
    outcomes = own_outcomes(request.user, application)
    awards = own_awards(request.user, application)
    papers = shelf.by_subject(request.user, "certificate", [str(award.pk) for award in awards])
    files = list(selectors.marked_files(application)) if application.marked else []
    step = next_step(application, at, gone=selectors.left_in(application, application.round))
    if application.state == "submitted" and missing(application):
        step["text"] = _("Your region gives its word first, then the organiser examines it.")
    if application.state == "accepted" and outcomes and outcomes[0].released:
        step["text"] = _("The round is released; its outcome stands here.")
    context = frame(application, at=at) | {
        "next": step,
        "editable": application.state in services.EDITABLE,
        "may_withdraw": "withdraw" in workflow.actions(application),
        "may_resume": "resume" in workflow.actions(application),
        "resume_reasons": workflow.refusals(application, "resume", actor=request.user, at=at)
        if "resume" in workflow.actions(application)
        else (),
        "revisions": list(application.revisions.select_related("round", "submitted_by").order_by("-number")),
        "outcomes": outcomes,
        "awards": [award_row(award, papers, at) for award in awards],
        "offers": list(open_offers(application)),
        "recommendation": said(of_application(application)),
        "nomination": nominations.of_application(application),
        "comeback": comeback_of(application),
        "infected": [file for file in files if file.infected],
        "waiting": [file for file in files if file.waiting],
    }
    return render(request, "competition/application/detail.html", context)


@require_http_methods(["GET", "POST"])
def application_submit(request, pk, application_pk):
    """Says what submitting does, then does it. The key in the page makes a second click the same submission."""
    application = selectors.draft_of(request.user, application_pk, pk)
    at = timezone.now()
    key = request.POST.get("key", "").replace("\0", "")[:64]
    if request.method == "POST":
        version = request.POST.get("version", "")
        try:
            revision = services.submit_application(
                application,
                actor=request.user,
                at=at,
                idempotency_key=key,
                version=int(version) if version.isdecimal() and len(version) < 10 else -1,
            )
        except Refused as refused:
            return _not_submitted(request, application, refused, at)
        return redirect(address("revision_receipt", application, revision.number))
    if application.state not in services.EDITABLE:
        return redirect(address("application_detail", application))
    return _confirm(request, application, at)


def _confirm(request, application, at, reasons=(), status=200):
    page = form_page(application, at=at)
    form_url = address("application_edit", application)
    context = page | {
        "key": secrets.token_urlsafe(18),
        "version": application.draft_version,
        "reasons": reasons,
        "checks_there": [row | {"url": form_url + "?check=1" + row["url"]} for row in page["checks"]],
    }
    return render(request, "competition/application/submit.html", context, status=status)


def _not_submitted(request, application, refused, at):
    """The draft is as it was. What was refused stands at the top."""
    application = selectors.draft_of(request.user, application.pk, application.competition_id)
    if application.state not in services.EDITABLE:
        messages.info(request, say(refused.reason))
        return redirect(address("application_detail", application))
    return _confirm(request, application, at, refused.reasons, 409)


def revision_detail(request, pk, application_pk, number):
    """As it was submitted, whole; for its applicant, and for staff and whoever judges it."""
    revision = selectors.revision(request.user, application_pk, pk, number)
    files = list(revision.attachments.all())
    context = frame(revision.application, at=timezone.now()) | {
        "revision": revision,
        "sections": sections(
            revision.form.definition, revision.data, selectors.revision_years(revision), files=selectors.files_by_slot(files)
        ),
        "partners": submitted_partners(revision, revision.application.competition),
        "own": revision.application.organisation_id in selectors.organisations(request.user),
    }
    return render(request, "competition/application/revision.html", context)


def revision_receipt(request, pk, application_pk, number):
    revision = selectors.revision(request.user, application_pk, pk, number)
    context = frame(revision.application, at=timezone.now()) | {
        "revision": revision,
        "files": list(revision.attachments.all()),
        "own": revision.application.organisation_id in selectors.organisations(request.user),
    }
    return render(request, "competition/application/receipt.html", context)


@require_http_methods(["GET", "POST"])
def application_withdraw(request, pk, application_pk):
    application = selectors.draft_of(request.user, application_pk, pk)
    if "withdraw" not in workflow.actions(application):
        raise Refused(Reason("competition.action_not_now"))
    form = OptionalReasonForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        services.withdraw_application(application, reason=form.cleaned_data["reason"], actor=request.user, at=timezone.now())
        messages.success(request, _("The application is withdrawn."))
        return redirect(address("application_detail", application))
    closes = application.round.intake_closes
    context = frame(application, at=timezone.now()) | {
        "question": _("Withdraw this application?"),
        "text": _("The organiser no longer examines it. Until the deadline you may take it up again; what was submitted stays on record.")
        if application.round.order == 1
        else _(
            "The cluster leaves the race for good: its place in this round is given up and may go to a reserve. What was submitted "
            "stays on record."
        ),
        "label": _("Withdraw"),
        "back": address("application_detail", application),
        "form": form,
        "grave": True,
        "closes": closes,
    }
    return render(request, "competition/application/confirm.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def application_resume(request, pk, application_pk):
    application = selectors.draft_of(request.user, application_pk, pk)
    if request.method == "POST":
        services.resume_application(application, actor=request.user, at=timezone.now())
        messages.success(request, _("The application is a draft again. Submit it before the deadline."))
        return redirect(address("application_edit", application))
    if "resume" not in workflow.actions(application):
        raise Http404
    context = frame(application, at=timezone.now()) | {
        "question": _("Take the application up again?"),
        "text": _("It becomes a draft again, with everything filled in. It counts only once you submit it before the deadline."),
        "label": _("Take it up again"),
        "back": reverse("competition:application_detail", args=[pk, application_pk]),
    }
    return render(request, "competition/application/confirm.html", context)
