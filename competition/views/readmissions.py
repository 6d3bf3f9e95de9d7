"""The organiser says which clusters of an earlier edition are let in again, and where they begin."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from competition.forms.readmission import ReadmissionForm
from competition.models import Competition
from competition.selectors import readmissions as selectors
from competition.services import readmissions as services
from competition.views.setting import draft_of, frame
from ledger.domain.reason import Refused
from ledger.reasons import say


@require_http_methods(["GET", "POST"])
def readmission_list(request, pk):
    competition = draft_of(request, pk)
    frozen = competition.state != "draft"
    form = ReadmissionForm(
        request.POST if request.method == "POST" and not frozen else None,
        initial={"version": competition.edit_version},
        reached=selectors.earlier_rounds(competition),
        enters=selectors.entrances(competition),
    )
    if form.is_valid():
        given = form.cleaned_data
        try:
            services.add_readmission(competition, **given, actor=request.user, at=timezone.now())
        except Refused as refused:
            form.refuse_stale(refused, Competition.objects.get(pk=pk).edit_version)
        else:
            messages.success(request, _("Saved."))
            return redirect("competition:readmission_list", pk)
    return _page(request, competition, form)


@require_POST
def readmission_remove(request, pk, rule_pk):
    competition = draft_of(request, pk)
    rule = competition.readmissions.filter(pk=rule_pk).select_related("competition", "reached").first()
    if rule is None:
        raise Http404
    version = request.POST.get("version", "")
    try:
        services.remove_readmission(
            rule, version=int(version) if version.isdecimal() and len(version) < 10 else -1, actor=request.user, at=timezone.now()
        )
    except Refused as refused:
        messages.error(request, say(refused.reason))
    else:
        messages.success(request, _("Removed."))
    return redirect("competition:readmission_list", pk)


def _page(request, competition, form):
    rules = list(selectors.rules_of(competition))
    offered = form.fields["reached"].queryset.exists()
    context = frame(competition, "quotas") | {"form": form, "rules": rules, "offered": offered}
    return render(request, "competition/setup/readmission_list.html", context, status=422 if form.errors else 200)
