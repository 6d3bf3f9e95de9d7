"""The partners of a joint entry: a page of its own beside the form, saved on purpose and whole."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from competition.domain.parties import MOST, tidy
from competition.forms.parties import PartyFormSet, region_choices
from competition.selectors.applications import draft_of
from competition.selectors.parties import described, partners, party_faults, typed
from competition.services.parties import EDITABLE, set_parties
from competition.views.application_page import address, frame
from ledger.domain.reason import Reason, Refused
from ledger.reasons import say


@require_http_methods(["GET", "POST"])
def application_parties(request, pk, application_pk):
    application = draft_of(request.user, application_pk, pk)
    at = timezone.now()
    if not application.competition.joint_entries:
        raise Http404
    if application.state not in EDITABLE:
        messages.info(request, say(Reason("competition.application_not_editable")))
        return redirect(address("application_detail", application))
    regions = {"regions": region_choices()}
    if request.method == "POST":
        formset = PartyFormSet(request.POST, prefix="parties", form_kwargs=regions)
        version = request.POST.get("version", "")
        if not formset.management_form.is_valid():  # nothing that this page sends: it must not pass for an empty list
            version, formset = "", _saved(application, regions)
        try:
            set_parties(
                application,
                parties=formset.rows(),
                version=int(version) if version.isdecimal() and len(version) < 10 else -1,
                actor=request.user,
                at=at,
            )
        except Refused as refused:
            return _refused(request, application, formset, refused, at)
        messages.success(request, _("The partners are saved."))
        return redirect(address("application_parties", application))
    formset = _saved(application, regions)
    return render(request, "competition/application/parties.html", _page(application, formset, at))


def _saved(application, regions):
    return PartyFormSet(initial=[typed(row) for row in partners(application)], prefix="parties", form_kwargs=regions)


def _page(application, formset, at) -> dict:
    return frame(application, at=at) | {"formset": formset, "version": application.draft_version, "most": MOST}


def _refused(request, application, formset, refused, at):
    """The page again with everything typed; where the draft was saved elsewhere, with the partners that stand there now."""
    application = draft_of(request.user, application.pk, application.competition_id)
    if application.state not in EDITABLE:
        raise refused
    faults = party_faults(application, tidy(formset.rows()))
    formset.show(faults)
    context = _page(application, formset, at)
    if refused.field is None:
        saved = [described(row) for row in partners(application)]
        return render(request, "competition/application/parties.html", context | {"reasons": refused.reasons, "saved": saved}, status=409)
    return render(request, "competition/application/parties.html", context, status=422)
