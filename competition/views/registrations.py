"""Organisations that register themselves: the applicant's pages and the queue of those who confirm."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.permissions import can
from competition import workflow
from competition.forms.registrations import RefuseForm, RegistrationForm
from competition.labels import REGISTRATION_PILLS, REGISTRATION_STATES
from competition.selectors import registrations as selectors
from competition.services import registrations as services
from ledger.domain.reason import Refused


def waiting(user, _competition):
    """What the menu counts."""
    return selectors.waiting(user)


def with_pill(registration):
    registration.pill = (REGISTRATION_PILLS[registration.state], REGISTRATION_STATES[registration.state])
    return registration


@require_GET
def registration_list(request):
    """The viewer's organisations, and what they have registered."""
    organisations = list(selectors.own_organisations(request.user))
    rows = [with_pill(row) for row in selectors.own_registrations(request.user)[:50]]
    for row in organisations:
        row.scope = f"organisation:{row.pk}"
    context = {
        "organisations": [row for row in organisations if row.confirmed],
        "rows": rows,
        "pending": any(row.state == "pending" for row in rows),
    }
    return render(request, "competition/registration/mine.html", context)


@require_http_methods(["GET", "POST"])
def registration_make(request):
    form = RegistrationForm(request.POST if request.method == "POST" else None, clusters=selectors.free_clusters())
    if form.is_valid():
        try:
            services.register_organisation(values=form.cleaned_data, actor=request.user, at=timezone.now())
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, _("Sent. You may begin a draft at once; submitting waits until the registration is confirmed."))
            return redirect("competition:registration_list")
    return render(request, "competition/registration/form.html", {"form": form}, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def registration_correct(request, registration_pk):
    registration = selectors.registration(request.user, registration_pk, action="registration.resubmit")
    if registration.state != "refused":
        return redirect("competition:registration_list")
    form = RegistrationForm(
        request.POST if request.method == "POST" else None,
        initial=_typed(registration),
        clusters=selectors.free_clusters(registration),
    )
    if form.is_valid():
        try:
            services.resubmit_registration(registration, values=form.cleaned_data, actor=request.user, at=timezone.now())
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, _("Sent again. It is examined once more."))
            return redirect("competition:registration_list")
    context = {"form": form, "registration": registration}
    return render(request, "competition/registration/form.html", context, status=422 if form.errors else 200)


def _typed(registration) -> dict:
    organisation, cluster = registration.organisation, registration.cluster
    own = {"name_zh": organisation.name_zh, "name_en": organisation.name_en, "credit_code": registration.credit_code}
    if not registration.new_cluster:
        return own | {"cluster": cluster.pk}
    names = {"cluster_zh": cluster.name_zh, "cluster_en": cluster.name_en, "short_zh": cluster.short_zh, "short_en": cluster.short_en}
    return own | names | {"region": cluster.lead_region_id, "sector": cluster.sector_id}


@require_POST
def registration_withdraw(request, registration_pk):
    registration = selectors.registration(request.user, registration_pk, action="registration.withdraw")
    services.withdraw_registration(registration, actor=request.user, at=timezone.now())
    messages.success(request, _("The registration is withdrawn."))
    return redirect("competition:registration_list")


@require_GET
def registration_queue(request):
    state = request.GET.get("state")
    state = state if state in selectors.STATES else "pending"
    page = Paginator(selectors.registrations(request.user, state=state), 50).get_page(request.GET.get("page"))
    for row in page.object_list:
        with_pill(row)
    choices = [{"label": REGISTRATION_STATES[name], "url": f"?state={name}", "current": name == state} for name in selectors.STATES]
    return render(request, "competition/registration/queue.html", {"page": page, "state": state, "choices": choices})


@require_GET
def registration_detail(request, registration_pk):
    registration = with_pill(selectors.registration(request.user, registration_pk, action="registration.list"))
    at = timezone.now()
    answer = can(request.user, "registration.confirm", registration)
    reasons = [answer.reason] if answer.reason else workflow.refusals(registration, "confirm", actor=request.user, at=at)
    context = {
        "registration": registration,
        "open": registration.state == "pending",
        "own": registration.user_id == request.user.pk,
        "reasons": reasons,
        "similar": selectors.similar(registration),
    }
    return render(request, "competition/registration/detail.html", context)


@require_POST
def registration_confirm(request, registration_pk):
    registration = selectors.registration(request.user, registration_pk, action="registration.confirm")
    services.confirm_registration(registration, actor=request.user, at=timezone.now())
    messages.success(request, _("Confirmed: %(name)s may submit now.") % {"name": registration.organisation})
    return redirect("competition:registration_queue")


@require_http_methods(["GET", "POST"])
def registration_refuse(request, registration_pk):
    registration = with_pill(selectors.registration(request.user, registration_pk, action="registration.refuse"))
    if registration.state != "pending":
        return redirect("competition:registration_detail", registration.pk)
    form = RefuseForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            services.refuse_registration(registration, reason=form.cleaned_data["reason"], actor=request.user, at=timezone.now())
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, _("Refused. The applicant is told the reason by mail and may correct the registration."))
            return redirect("competition:registration_queue")
    context = {
        "registration": registration,
        "form": form,
        "question": _("Refuse this registration?"),
        "text": _(
            "The applicant gets a letter with the reason and may correct the registration and send it again. The credit code and a "
            "cluster chosen from the list are free for others meanwhile."
        ),
        "label": pgettext("registration", "Refuse"),
        "back": reverse("competition:registration_detail", args=[registration.pk]),
        "grave": True,
    }
    return render(request, "competition/registration/refuse.html", context, status=422 if form.errors else 200)
