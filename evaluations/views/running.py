"""A round while it is judged, for its staff: progress, closing, re-opening."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.permissions import NotAllowed, can, require
from competition import workflow
from competition.models import Application
from competition.permissions.holding import STAFF, roles_in
from competition.selectors.competitions import competition, round_of
from competition.selectors.rules import vote_of
from competition.services.reopenings import decline_reopening, reopen_round, request_reopening
from competition.services.rounds import close_round, start_judging
from evaluations.forms.running import ReopenForm
from evaluations.selectors import flags
from evaluations.selectors import progress as selectors
from evaluations.selectors.assignments import open_seats
from evaluations.selectors.findings import left, unchecked
from evaluations.stages import ACTIONS, STAGE_WORDS
from ledger.domain.reason import Refused

PAGE = 100


def found_round(request, pk, round_pk, *, action="round.view"):
    """The round where it belongs to the competition of the address."""
    round = round_of(request.user, round_pk, action=action)
    if round.competition_id != pk:
        raise Http404
    return round


def frame(round) -> dict:
    return {"competition": round.competition, "demo": round.competition.demo, "round": round}


def withheld(request, round, reason):
    """Colleagues without the right to see scores: who runs, in the order of names, and why nothing else is shown."""
    staff = bool(roles_in(request.user, round) & STAFF)
    page = Paginator(selectors.entries_of(round), PAGE).get_page(request.GET.get("page")) if staff else None
    context = frame(round) | {"reason": reason, "page": page}
    return render(request, "evaluations/running/withheld.html", context, status=403)


@require_GET
def round_progress(request, pk, round_pk):
    """Asked for again every few seconds by its own live part."""
    round = found_round(request, pk, round_pk)
    if round.checks_only and can(request.user, "finding.list", round).allowed:
        return redirect("evaluations:finding_list", pk, round_pk)
    by = request.GET.get("by", "evaluator")
    context = frame(round) | {
        "computed": selectors.computed(round),
        "all": selectors.totals(round),
        "tabs": _tabs(by, round),
        "by": by,
        "query": request.GET.urlencode(),
        "may_act": can(request.user, "round.close", round).allowed,
        "may_see_checks": can(request.user, "finding.list", round).allowed,
        "checks_open": unchecked([round])[round.pk],
        "words": STAGE_WORDS,
    }
    if by == "entry":
        page = Paginator(selectors.entries_of(round), PAGE).get_page(request.GET.get("page"))
        context |= {"page": page, "lines": selectors.entry_lines(round, list(page.object_list))}
    elif by == "seat":
        seats = selectors.seats_of(round, evaluator=request.GET.get("evaluator", ""), stage=request.GET.get("stage", ""))
        page = Paginator(seats, PAGE).get_page(request.GET.get("page"))
        context |= {"page": page, "seats": with_words(page.object_list), "stages": STAGE_WORDS, "chosen": request.GET.get("stage", "")}
    else:
        page = Paginator(selectors.evaluator_lines(round), PAGE).get_page(request.GET.get("page"))
        context |= {"page": page, "lines": page.object_list}
    return render(request, "evaluations/running/live.html" if request.htmx else "evaluations/running/progress.html", context)


@require_GET
def progress(request, pk):
    """The menu's: progress of the round that is being judged, else of the one last closed, else of the first."""
    found = competition(request.user, pk, action="competition.staff")
    return redirect("evaluations:round_progress", pk, _present(found, "judging", "closed", "open", "released").pk)


@require_GET
def newest_standings(request, pk):
    """The menu's: standings of the round closed last, and before there is one, why there are none."""
    found = competition(request.user, pk, action="competition.staff")
    return redirect("evaluations:standings", pk, _present(found, "closed", "released", "judging").pk)


def _present(found, *states):
    rounds = list(found.rounds.order_by("order"))
    if not rounds:
        raise Http404
    return next((row for state in states for row in reversed(rounds) if row.state == state), rounds[0])


def _tabs(by: str, round) -> list[dict]:
    address = reverse("evaluations:round_progress", args=[round.competition_id, round.pk])
    items = [("evaluator", _("By evaluator")), ("entry", _("By cluster")), ("seat", _("Single seats"))]
    return [{"label": label, "url": f"{address}?by={key}", "current": key == by} for key, label in items]


def with_words(seats) -> list:
    """Each seat with the word and pill of its stage and what can be done with it."""
    found = list(seats)
    judging = bool(found) and found[0].entry.round.state == "judging"
    for seat in found:
        seat.word, seat.pill = STAGE_WORDS[seat.stage]
        actions = ACTIONS.get(seat.stage, ()) if judging else ()
        seat.acts = [{"url": reverse(url, args=[seat.entry.round.competition_id, seat.pk]), "label": label} for url, label in actions]
        if judging and seat.stage == "proposed":  # its evaluator does not know of it yet
            url = reverse("evaluations:assignment_board", args=[seat.entry.round.competition_id, seat.entry.round_id])
            seat.acts = [{"url": url, "label": _("Publish or remove")}]
    return found


@require_http_methods(["GET", "POST"])
def round_start(request, pk, round_pk):
    """From intake to judging."""
    round = found_round(request, pk, round_pk)
    require(request.user, "round.start_judging", round)
    now = timezone.now()
    back = reverse("competition:home", args=[pk])
    if request.method == "POST":
        try:
            start_judging(round, actor=request.user, at=now)
        except Refused as refused:
            return _blocked(request, round, refused.reasons, _("Start judging"), back)
        messages.success(request, _("Judging of %(round)s has started.") % {"round": round})
        return redirect("evaluations:round_progress", pk, round_pk)
    if reasons := workflow.refusals(round, "start_judging", actor=request.user, at=now):
        return _blocked(request, round, reasons, _("Start judging"), back)
    drafts = Application.objects.filter(round=round, state="draft").count()
    text = _("The intake of %(round)s ends now; evaluators see the accepted applications and fill in their sheets in the judging window.")
    if round.checks_only:
        text = _("The intake of %(round)s ends now; the organiser checks the accepted applications item by item.")
    text = text % {"round": round}
    if drafts:
        text += " " + ngettext(
            "%(n)d draft has not been submitted and stays out.", "%(n)d drafts have not been submitted and stay out.", drafts
        ) % {"n": drafts}
    if short := selectors.unseated(round, 1 if vote_of(round) else round.seats):
        text += " " + ngettext(
            "%(n)d entry still has fewer seats than planned.", "%(n)d entries still have fewer seats than planned.", short
        ) % {"n": short}
    context = frame(round) | {"question": _("Start judging %(round)s?") % {"round": round}, "text": text, "label": _("Start judging")}
    return render(request, "confirm.html", context | {"back": back})


def _blocked(request, round, reasons, label, back):
    context = frame(round) | {"reasons": reasons, "label": label, "back": back}
    return render(request, "evaluations/running/blocked.html", context, status=409 if request.method == "POST" else 200)


@require_http_methods(["GET", "POST"])
def round_close(request, pk, round_pk):
    """Lists what is open; once nothing is, asks and closes."""
    round = found_round(request, pk, round_pk)
    require(request.user, "round.close", round)
    now = timezone.now()
    reasons = ()
    if request.method == "POST":
        try:
            close_round(round, actor=request.user, at=now)
        except Refused as refused:
            reasons = refused.reasons
        else:
            messages.success(request, _("%(round)s is closed: sheets are locked and the standings are fixed.") % {"round": round})
            return redirect("evaluations:standings", pk, round_pk)
    blocked = reasons or workflow.refusals(round, "close", actor=request.user, at=now)
    page = Paginator(selectors.seats_of(round).filter(pk__in=open_seats(round).values("pk")), PAGE).get_page(request.GET.get("page"))
    context = frame(round) | {
        "blocked": blocked,
        "page": page,
        "seats": with_words(page.object_list),
        "all": selectors.totals(round),
        "computed": selectors.computed(round),
        "waiting": flags.waiting_by_evaluator(round),
        "searches": flags.searches_of(round),
        "checks_open": unchecked([round])[round.pk],
        "checks_left": checks_by_cluster(left(request.user, round)),
    }
    return render(request, "evaluations/running/close.html", context, status=409 if reasons else 200)


def checks_by_cluster(left) -> list[dict]:
    """Veto items that nobody has looked at, by cluster."""
    groups: dict[int, dict] = {}
    for entry, criterion in left:
        groups.setdefault(entry.pk, {"entry": entry, "cluster": entry.application.cluster, "criteria": []})["criteria"].append(criterion)
    return list(groups.values())


@require_http_methods(["GET", "POST"])
def round_reopen(request, pk, round_pk):
    """One person asks with a reason; the page then shows the request to the one who answers."""
    round = found_round(request, pk, round_pk)
    opened = round.reopenings.filter(approved=None).select_related("requested_by").first()
    if opened is None:
        require(request.user, "round.request_reopening", round)
    form = ReopenForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            request_reopening(round, reason=form.cleaned_data["reason"], actor=request.user, at=timezone.now())
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, _("Asked. A second person answers."))
            return redirect("evaluations:round_reopen", pk, round_pk)
    return _reopening(request, round, opened, form)


def _reopening(request, round, opened, form, reasons=()):
    context = frame(round) | {"opened": opened, "form": form, "reasons": reasons, "closed": round.state == "closed"}
    context["own"] = opened is not None and opened.requested_by_id == request.user.pk
    context["may_answer"] = can(request.user, "round.reopen", round).allowed
    return render(request, "evaluations/running/reopen.html", context, status=422 if reasons or form.errors else 200)


@require_POST
def reopening_answer(request, pk, round_pk):
    """`do`: approve or decline."""
    round = found_round(request, pk, round_pk)
    now = timezone.now()
    try:
        if request.POST.get("do") == "approve":
            reopen_round(round, actor=request.user, at=now)
            messages.success(request, _("%(round)s is open for judging again.") % {"round": round})
            return redirect("evaluations:round_progress", pk, round_pk)
        decline_reopening(round, actor=request.user, at=now)
    except NotAllowed:
        raise
    except Refused as refused:
        opened = round.reopenings.filter(approved=None).select_related("requested_by").first()
        return _reopening(request, round, opened, ReopenForm(), refused.reasons)
    messages.success(request, _("The request is declined; the round stays closed."))
    return redirect("evaluations:standings", pk, round_pk)
