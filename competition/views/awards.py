"""Awards of the last round: giving them once publicity has ended, revoking one with a reason."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from accounts.permissions import can, require
from competition import labels
from competition.documents import shelf
from competition.domain.calendar import beijing_date
from competition.forms.decisions import AwardForm, ReasonForm
from competition.models import Condition
from competition.selectors import publicity as selectors
from competition.selectors.competitions import round_of
from competition.services import awards as services
from ledger.domain.reason import Refused


def award_row(award, papers, at) -> dict:
    """A line of a list of awards; `papers`: key → newest certificate (`shelf.by_subject`)."""
    expired = award.valid_until and award.valid_until < beijing_date(at)
    condition = getattr(award.entry, "condition", None)
    bound = condition is not None and condition.state == "open"
    state = "revoked" if award.state == "revoked" else "expired" if expired else "conditional" if bound else "valid"
    return {
        "award": award,
        "title": labels.TITLES[award.title],
        "paper": papers.get(str(award.pk)),
        "state": state,
        "condition": condition if bound else None,
        "terms": condition.words("text") if bound else "",
    }


@require_http_methods(["GET", "POST"])
def award_list(request, pk, round_pk):
    round = round_of(request.user, round_pk)
    if round.competition_id != pk:
        raise Http404
    require(request.user, "award.view", round)
    now = timezone.now()
    answer = can(request.user, "award.give", round)
    if request.method == "POST":
        require(request.user, "award.give", round)
    form = AwardForm(request.POST if request.method == "POST" else None, initial={"titles": ["cluster", "organisation"]})
    if form.is_valid():
        try:
            given = services.give_awards(round, **form.cleaned_data, actor=request.user, at=now)
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, ngettext("%(n)s award given.", "%(n)s awards given.", len(given)) % {"n": len(given)})
            return redirect("competition:award_list", pk, round_pk)
    page = Paginator(selectors.awards(round), 100).get_page(request.GET.get("page"))
    papers = shelf.by_subject(request.user, "certificate", [str(award.pk) for award in page.object_list])
    context = {
        "competition": round.competition,
        "demo": round.competition.demo,
        "round": round,
        "form": form,
        "against": ([answer.reason] if not answer.allowed else []) or services.against_award(round, at=now),
        "page": page,
        "rows": [award_row(award, papers, now) for award in page.object_list],
        "may_issue": answer.allowed and any(row.state == "valid" and str(row.pk) not in papers for row in page.object_list),
        "may_revoke": can(request.user, "award.revoke", round).allowed,
        "conditions": Condition.objects.filter(entry__round=round).count(),
        "waiting": round.entries.filter(outcome="advance", state="suspended").count(),
    }
    return render(request, "competition/deciding/award_list.html", context, status=422 if form.errors else 200)


@require_POST
def certificates_issue(request, pk, round_pk):
    round = round_of(request.user, round_pk)
    if round.competition_id != pk:
        raise Http404
    asked = services.issue_certificates(round, actor=request.user, at=timezone.now())
    done = ngettext("%(n)s certificate is being drawn.", "%(n)s certificates are being drawn.", asked) % {"n": asked}
    messages.success(request, done)
    return redirect("competition:award_list", pk, round_pk)


@require_http_methods(["GET", "POST"])
def award_revoke(request, pk, award_pk):
    award = selectors.award_of(request.user, pk, award_pk, action="award.revoke")
    round = award.entry.round
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            services.revoke_award(award, **form.cleaned_data, actor=request.user, at=timezone.now())
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, _("The award is revoked."))
            return redirect("competition:award_list", pk, round.pk)
    context = {
        "competition": round.competition,
        "demo": round.competition.demo,
        "round": round,
        "form": form,
        "award": award,
        "title": labels.TITLES[award.title],
    }
    return render(request, "competition/deciding/award_revoke.html", context, status=422 if form.errors else 200)
