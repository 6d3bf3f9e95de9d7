"""The plan of a round's assignment: what holds for all, exceptions by entry and evaluator, what is short, the computation."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from competition.forms.refusable import STALE
from evaluations.forms.plans import EntriesForm, EvaluatorsForm, PairsForm, PlanForm
from evaluations.labels import CONFLICT_KINDS, GROUNDS
from evaluations.selectors import plans as selectors
from evaluations.selectors.plan_report import report_of
from evaluations.selectors.rules_by_hand import pair_lines, rules_by_hand, sectors_of
from evaluations.services import plans as services
from evaluations.views.seats import plan_frame, round_page, run_of
from ledger.domain.reason import Reason, Refused
from ledger.reasons import say

PAGE = 100
SHOWN = 12


@require_http_methods(["GET", "POST"])
def assignment_plan(request, pk, round_pk):
    round = round_page(request, pk, round_pk, "assignment.plan")
    plan, version = selectors.plan_of(round)
    table = selectors.table_of(round, plan)
    data = request.POST if request.method == "POST" else None
    form = PlanForm(data, plan=plan, version=version, sectors=sectors_of(table))
    if data is not None and (answer := _save(request, round, form, "evaluations:assignment_plan", [pk, round_pk])):
        return answer
    if round.state not in services.OPEN_ROUND:
        form.freeze()
    report = report_of(table)
    run = run_of(round)
    shortage = [Reason.from_json(reason) for reason in run.shortage] if run else []
    said = selectors.named([*report.faults, *shortage], table)
    faults = said[: len(report.faults)]
    if run:
        run.reasons = said[len(report.faults) :]
    job = selectors.newest_job(round)
    context = plan_frame(round, "assignment_plan") | {
        "form": form,
        "version": version,
        "plan": plan,
        "loose": len(table.loose),
        "report": report,
        "excluded": [(GROUNDS[ground], number) for ground, number in report.excluded.most_common()],
        "faults": faults[:SHOWN],
        "more": max(0, len(faults) - SHOWN),
        "rules": rules_by_hand(table)[:PAGE],
        "run": run,
        "run_reasons": run.reasons[:SHOWN] if run else [],
        "job": job if job and (not job.is_over or job.state in ("failed", "cancelled")) else None,
    }
    return render(request, "evaluations/assignment_plan.html", context, status=422 if form.errors else 200)


def _save(request, round, form, name: str, arguments):
    """Redirects where the plan is saved; else the form says why not, and None."""
    if not form.is_valid():
        return None
    try:
        services.save_plan(round, changes=form.to_changes(), version=form.cleaned_data["version"], actor=request.user, at=timezone.now())
    except Refused as refused:
        form.refuse_stale(refused, selectors.plan_of(round)[1])
        return None
    messages.success(request, _("The plan is saved. Seats change only when they are computed."))
    query = f"?{request.GET.urlencode()}" if request.GET else ""
    return redirect(reverse(name, args=arguments) + query)


@require_POST
def assignment_solve(request, pk, round_pk):
    round = round_page(request, pk, round_pk, "assignment.plan")
    text = request.POST.get("version", "")
    version = int(text) if text.isdecimal() and len(text) < 10 else -1
    try:
        services.ask_seats(round, version=version, actor=request.user, at=timezone.now())
    except Refused as refused:
        stale = any(reason.code == STALE for reason in refused.reasons)
        messages.error(request, _("The plan was changed meanwhile. Look at it before you compute.") if stale else say(refused.reasons[0]))
    return redirect("evaluations:assignment_plan", pk, round_pk)


@require_http_methods(["GET", "POST"])
def assignment_entries(request, pk, round_pk):
    """Seats and anchors by entry, with who is eligible and why the others are not."""
    round = round_page(request, pk, round_pk, "assignment.plan")
    plan, version = selectors.plan_of(round)
    report = report_of(selectors.table_of(round, plan))
    lines = [line for line in report.entries if line.short] if request.GET.get("short") else report.entries
    page = Paginator(lines, PAGE).get_page(request.GET.get("page"))
    data = request.POST if request.method == "POST" else None
    form = EntriesForm(data, plan=plan, version=version, entries=[line.entry for line in page])
    if data is not None and (answer := _save(request, round, form, "evaluations:assignment_entries", [pk, round_pk])):
        return answer
    if round.state not in services.OPEN_ROUND:
        form.freeze()
    for line in page:
        line.cells = form.cells(str(line.entry.pk))
        line.why = [(GROUNDS[ground], number) for ground, number in line.grounds.most_common()]
    context = plan_frame(round, "assignment_entries") | {
        "form": form,
        "page": page,
        "short": sum(line.short for line in report.entries),
        "only_short": bool(request.GET.get("short")),
    }
    return render(request, "evaluations/assignment_entries.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def assignment_evaluators(request, pk, round_pk):
    """Loads and disciplines by evaluator, with how many entries are open to each."""
    round = round_page(request, pk, round_pk, "assignment.plan")
    plan, version = selectors.plan_of(round)
    table = selectors.table_of(round, plan)
    report = report_of(table)
    page = Paginator(report.evaluators, PAGE).get_page(request.GET.get("page"))
    data = request.POST if request.method == "POST" else None
    people = [line.evaluator for line in page]
    form = EvaluatorsForm(data, plan=plan, version=version, evaluators=people, sectors=sectors_of(table))
    if data is not None and (answer := _save(request, round, form, "evaluations:assignment_evaluators", [pk, round_pk])):
        return answer
    if round.state not in services.OPEN_ROUND:
        form.freeze()
    for line in page:
        line.cells = form.cells(str(line.evaluator.pk))
    context = plan_frame(round, "assignment_evaluators") | {"form": form, "page": page}
    return render(request, "evaluations/assignment_evaluators.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def assignment_pairs(request, pk, round_pk, entry_pk):
    """One entry against everybody of the pool: the fit, what excludes, what is fixed by hand."""
    round = round_page(request, pk, round_pk, "assignment.plan")
    plan, version = selectors.plan_of(round)
    table = selectors.table_of(round, plan)
    entry = next((entry for entry in table.entries if entry.pk == entry_pk), None)
    if entry is None:
        raise Http404
    page = Paginator(pair_lines(table, entry), PAGE).get_page(request.GET.get("page"))
    data = request.POST if request.method == "POST" else None
    people = [line.evaluator for line in page]
    form = PairsForm(data, plan=plan, version=version, entry=entry, evaluators=people, derived=[line.derived for line in page])
    if data is not None and (answer := _save(request, round, form, "evaluations:assignment_pairs", [pk, round_pk, entry_pk])):
        return answer
    if round.state not in services.OPEN_ROUND:
        form.freeze()
    for line in page:
        line.cells = form.cells(str(line.evaluator.pk))
        line.why = [CONFLICT_KINDS[kind] for kind in line.kinds]
    context = plan_frame(round, "assignment_entries") | {"form": form, "page": page, "entry": entry}
    return render(request, "evaluations/assignment_pairs.html", context, status=422 if form.errors else 200)


@require_GET
def assignment_changes(request, pk, round_pk):
    """What the newest computation added to the seats that stood and took from them."""
    round = round_page(request, pk, round_pk, "assignment.plan")
    run = run_of(round)
    if run is None:
        raise Http404
    page = Paginator([(True, *pair) for pair in run.added] + [(False, *pair) for pair in run.removed], PAGE).get_page(
        request.GET.get("page")
    )
    context = plan_frame(round, "assignment_plan") | {
        "run": run,
        "page": page,
        "rows": selectors.change_rows(page),
        "runs": list(round.assignment_runs.all()[:10]),
    }
    return render(request, "evaluations/assignment_changes.html", context)
