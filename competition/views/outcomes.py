"""Answering the offer of a freed place."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from competition.selectors.applications import organisations
from competition.selectors.outcomes import offer as find_offer
from competition.services.entries import answer_offer
from competition.views.application_page import address, frame


@require_http_methods(["GET", "POST"])
def offer_answer(request, pk, offer_pk):
    """By the applicant, or by an organiser on the applicant's word."""
    offer = find_offer(request.user, offer_pk, pk)
    application = offer.reserve.application
    own = application.organisation_id in organisations(request.user)
    back = address("application_detail" if own else "intake_detail", application)
    answer = request.POST.get("answer", "")
    if request.method == "POST" and answer not in ("accept", "decline"):
        return redirect("competition:offer_answer", pk, offer_pk)
    if request.method == "POST":
        accepted = answer == "accept"
        answer_offer(offer, accepted=accepted, actor=request.user, at=timezone.now())
        messages.success(request, _("The place is taken.") if accepted else _("The place is declined; it goes to the next reserve."))
        return redirect(back)
    context = frame(application, at=timezone.now()) | {"offer": offer, "back": back, "own": own}
    return render(request, "competition/application/offer.html", context)
