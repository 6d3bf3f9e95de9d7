"""The recommender's face: what waits for the region, its account and order of preference, one application with the region's word."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.permissions import can, require
from competition import workflow
from competition.documents.context.recommendation import workbook
from competition.domain.package_content import XLSX
from competition.forms.recommending import OpinionForm, PreferenceForm, WhyForm
from competition.selectors import nominations, registrations
from competition.selectors import quotas as accounts
from competition.selectors import recommendations as selectors
from competition.selectors.answers import sections
from competition.selectors.applications import files_by_slot, revision_years
from competition.selectors.intake import revisions as revisions_of
from competition.selectors.parties import submitted_partners
from competition.services import recommendations as services
from competition.views.application_page import pill_of, said
from ledger.domain.reason import Refused

PAGE = 100


def waiting(user, _competition) -> int | None:
    """The number in the menu."""
    return accounts.waiting(user)


@require_GET
def home(request):
    """Where a recommender begins: for each competition what waits, by when, and what is left."""
    at = timezone.now()
    rows = accounts.own_quotas(request.user, at=at)
    free = [row for row in rows if row.open and row.account.left != 0]
    offered = nominations.nominable(free)
    for row in free:
        row.nominable = len(offered[row.pk])
    context = {
        "now": at,
        "rows": rows,
        "nominable": [row for row in free if row.nominable],
        "todo": [row for row in rows if row.open and row.waiting],
        "registrations": registrations.waiting(request.user).count(),
        "demo": any(row.competition.demo for row in rows),
    }
    return render(request, "competition/recommending/home.html", context)


def _frame(quota, *, at) -> dict:
    competition = quota.competition
    return {
        "competition": competition,
        "demo": competition.demo,
        "quota": quota,
        "account": quota.account,
        "closed": accounts.over(competition, at),
        "closes": competition.recommendation_closes,
    }


@require_GET
def quota_detail(request, pk, quota_pk):
    """The account of one region: whom it recommends in which order, who waits."""
    quota = accounts.quota(request.user, pk, quota_pk)
    page = Paginator(selectors.recommendations(quota), PAGE).get_page(request.GET.get("page"))
    rows = [said(row) for row in page.object_list]
    for row in rows:
        row.application_pill = pill_of(row.application)
    at = timezone.now()
    may_order = can(request.user, "quota.order", quota).allowed
    context = _frame(quota, at=at) | {"page": page, "rows": rows, "speaks": may_order}
    if may_order and not context["closed"]:
        context["candidates"] = nominations.candidates(quota)
    context["may_order"] = may_order and not context["closed"] and quota.used > 1
    return render(request, "competition/recommending/quota.html", context)


@require_http_methods(["GET", "POST"])
def quota_order(request, pk, quota_pk):
    quota = accounts.quota(request.user, pk, quota_pk, action="quota.order")
    rows = list(selectors.recommendations(quota).filter(state="recommended"))
    form = PreferenceForm(request.POST if request.method == "POST" else None, rows=rows)
    if form.is_valid():
        try:
            services.order_recommendations(quota, wanted=form.wanted(), before=form.shown(), actor=request.user, at=timezone.now())
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, _("The order of preference is saved."))
            return redirect("competition:quota_detail", pk, quota.pk)
    context = _frame(quota, at=timezone.now()) | {"form": form}
    return render(request, "competition/recommending/order.html", context, status=422 if form.errors else 200)


@require_POST
def quota_table(request, pk, quota_pk):
    """The summary table as an Excel file."""
    quota = accounts.quota(request.user, pk, quota_pk)
    rows = services.export_table(quota, actor=request.user, at=timezone.now())
    headers = {
        "Content-Disposition": f'attachment; filename="recommendations-{quota.competition.code}-{quota.region_id}.xlsx"',
        "Cache-Control": "private, no-store",
        "X-Content-Type-Options": "nosniff",
    }
    return HttpResponse(workbook(quota, rows), content_type=XLSX, headers=headers)


@require_GET
def recommendation_detail(request, pk, recommendation_pk):
    """One application of the region as it was handed in, and what the region says."""
    row = said(selectors.recommendation(request.user, pk, recommendation_pk))
    at = timezone.now()
    quota = accounts.quota(request.user, pk, row.quota_id)
    revision = next(iter(revisions_of(row.application)), None)
    files = list(revision.attachments.all()) if revision else []
    context = _frame(quota, at=at) | {
        "row": row,
        "application": row.application,
        "application_pill": pill_of(row.application),
        "newest": revision,
        "sections": sections(revision.form.definition, revision.data, revision_years(revision), files=files_by_slot(files))
        if revision
        else [],
        "partners": submitted_partners(revision, row.application.competition),
        "nomination": nominations.of_application(row.application),
        "acts": _acts(request.user, row, at),
    }
    return render(request, "competition/recommending/detail.html", context)


def _acts(user, row, at) -> list[dict]:
    """Buttons by the table of states, each with why it does not work now; none for whoever does not speak for the region."""
    words = {"recommend": _("Recommend"), "decline": _("Do not recommend"), "withdraw": _("Take the answer back")}
    if not can(user, "quota.order", row.quota).allowed:
        return []
    found = []
    for action in ("withdraw", "decline", "recommend"):
        if action not in workflow.actions(row):
            continue
        answer = can(user, f"recommendation.{action}", row)
        found.append(
            {
                "action": action,
                "label": words[action],
                "url": reverse(f"competition:recommendation_{action}", args=[row.quota.competition_id, row.pk]),
                "reasons": [answer.reason] if answer.reason else workflow.refusals(row, action, actor=user, at=at),
            }
        )
    return found


def _decide(request, pk, recommendation_pk, *, action, form, act, words):
    """Confirm, then one service call; a refusal comes back to the same page, beside the account."""
    row = said(selectors.recommendation(request.user, pk, recommendation_pk))
    require(request.user, f"recommendation.{action}", row)
    if action not in workflow.actions(row):
        return redirect("competition:recommendation_detail", pk, row.pk)
    form = form(request.POST if request.method == "POST" else None)
    at = timezone.now()
    if form.is_valid():
        try:
            act(row, form.cleaned_data, at)
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, words["done"])
            return redirect("competition:quota_detail", pk, row.quota_id)
    quota = accounts.quota(request.user, pk, row.quota_id)
    back = reverse("competition:recommendation_detail", args=[pk, row.pk])
    context = _frame(quota, at=at) | words | {"row": row, "application": row.application, "form": form, "back": back}
    return render(request, "competition/recommending/decide.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def recommendation_recommend(request, pk, recommendation_pk):
    def act(row, data, at):
        services.recommend(row, opinion=data["opinion"], actor=request.user, at=at)

    words = {
        "question": _("Recommend this application?"),
        "text": _("It takes one of the region's places and stands last in its order of preference; the order may be changed later."),
        "label": _("Recommend"),
        "done": _("Recommended."),
    }
    return _decide(request, pk, recommendation_pk, action="recommend", form=OpinionForm, act=act, words=words)


@require_http_methods(["GET", "POST"])
def recommendation_decline(request, pk, recommendation_pk):
    def act(row, data, at):
        services.decline(row, reason=data["reason"], actor=request.user, at=at)

    words = {
        "question": _("Not recommend this application?"),
        "text": _("It takes no place, and the organiser cannot accept it. You may take the answer back until the deadline."),
        "label": _("Do not recommend"),
        "done": _("Not recommended; the applicant is told the reason."),
        "grave": True,
    }
    return _decide(request, pk, recommendation_pk, action="decline", form=WhyForm, act=act, words=words)


@require_http_methods(["GET", "POST"])
def recommendation_withdraw(request, pk, recommendation_pk):
    def act(row, data, at):
        services.withdraw_recommendation(row, reason=data["reason"], actor=request.user, at=at)

    words = {
        "question": _("Take the region's answer back?"),
        "text": _("The application waits for the region again. A place that it had taken is free at once; those behind it move up."),
        "label": _("Take the answer back"),
        "done": _("Taken back; the place is free."),
        "grave": True,
    }
    return _decide(request, pk, recommendation_pk, action="withdraw", form=WhyForm, act=act, words=words)
