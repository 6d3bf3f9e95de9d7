"""Other systems that are told of a competition, as its organisers keep them."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts.second_factor import fresh_second_factor
from competition.forms.webhooks import WebhookForm
from competition.labels import DELIVERY_FAULTS, DELIVERY_PILLS, DELIVERY_STATES, WEBHOOK_EVENTS
from competition.selectors import webhooks as selectors
from competition.selectors.competitions import competition as find_competition
from competition.services import webhooks as services
from competition.views.setting import frame
from ledger.domain.reason import Refused


def _competition(request, pk):
    return find_competition(request.user, pk, action="webhook.keep")


def _webhook(request, pk, webhook_pk):
    return selectors.webhook_of(_competition(request, pk), webhook_pk)


def _events(webhook) -> list:
    return [WEBHOOK_EVENTS[event] for event in webhook.events]


@never_cache
@require_http_methods(["GET", "POST"])
@fresh_second_factor
def webhook_list(request, pk):
    """The secret of a new one stands in this one answer and nowhere else."""
    competition = _competition(request, pk)
    form, made, secret = WebhookForm(request.POST if request.method == "POST" else None), None, ""
    if form.is_valid():
        try:
            made, secret = services.add_webhook(competition, **form.cleaned_data, actor=request.user, at=timezone.now())
        except Refused as refused:
            form.refuse(refused)
        else:
            form = WebhookForm()
    rows = list(selectors.webhooks(competition))
    for row in rows:
        row.words = _events(row)
    context = frame(competition, "") | {"frozen": False, "form": form, "rows": rows, "made": made, "secret": secret}
    return render(request, "competition/setup/webhook_list.html", context, status=422 if form.errors else 200)


@never_cache
@require_http_methods(["GET", "POST"])
@fresh_second_factor
def webhook_detail(request, pk, webhook_pk):
    webhook = _webhook(request, pk, webhook_pk)
    form = WebhookForm(request.POST or None, initial={"address": webhook.address, "events": webhook.events})
    if form.is_valid():
        try:
            services.edit_webhook(webhook, **form.cleaned_data, actor=request.user, at=timezone.now())
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, _("Saved."))
            return redirect("competition:webhook_detail", pk, webhook_pk)
    return _page(request, webhook, form, status=422 if form.errors else 200)


def _page(request, webhook, form, *, secret="", status=200):
    page = Paginator(selectors.deliveries(webhook), 50).get_page(request.GET.get("page"))
    for row in page:
        row.words = WEBHOOK_EVENTS.get(row.event, _("Test"))
        row.pill, row.said = DELIVERY_PILLS[row.outcome], DELIVERY_STATES[row.outcome]
        row.why = DELIVERY_FAULTS.get(row.fault, "")
    context = frame(webhook.competition, "") | {"frozen": False, "webhook": webhook, "form": form, "page": page, "secret": secret}
    return render(request, "competition/setup/webhook_detail.html", context, status=status)


@never_cache
@require_POST
@fresh_second_factor
def webhook_rotate(request, pk, webhook_pk):
    webhook = _webhook(request, pk, webhook_pk)
    secret = services.rotate_secret(webhook, actor=request.user, at=timezone.now())
    return _page(request, webhook, WebhookForm(initial={"address": webhook.address, "events": webhook.events}), secret=secret)


@require_POST
def webhook_test(request, pk, webhook_pk):
    services.try_webhook(_webhook(request, pk, webhook_pk), actor=request.user, at=timezone.now())
    messages.success(request, _("A test is on its way; its outcome stands in the list."))
    return redirect("competition:webhook_detail", pk, webhook_pk)


@require_POST
def webhook_end(request, pk, webhook_pk):
    services.end_webhook(_webhook(request, pk, webhook_pk), actor=request.user, at=timezone.now())
    messages.success(request, _("The webhook has ended: nothing more is sent there."))
    return redirect("competition:webhook_list", pk)


@require_POST
def delivery_again(request, pk, webhook_pk, delivery_pk):
    webhook = _webhook(request, pk, webhook_pk)
    delivery = get_object_or_404(selectors.deliveries(webhook).select_related("webhook"), pk=delivery_pk)
    services.send_again(delivery, actor=request.user, at=timezone.now())
    messages.success(request, _("It is sent again."))
    return redirect("competition:webhook_detail", pk, webhook_pk)
