"""Bonuses, deductions and veto checks of a round: the table, one check with its history, and the confirmation of the rest."""

from fractions import Fraction

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from accounts.permissions import NotAllowed, can, require
from competition.models import Entry
from competition.selectors.competitions import competition as find_competition
from competition.selectors.competitions import round_of
from evaluations.domain.decimals import HUNDREDTH, plain_text
from evaluations.forms.findings import FindingForm, PassRestForm, WithdrawForm
from evaluations.models import Finding
from evaluations.selectors import findings as selectors
from evaluations.selectors.board import current_round
from evaluations.services.findings import pass_rest, read_findings, record_finding, withdraw_finding
from evaluations.views.running import checks_by_cluster
from evaluations.views.seats import frame_of, round_page
from evaluations.wording import mark_words
from ledger.domain.reason import Refused

PAGE = 100


@require_GET
def finding_now(request, pk):
    competition = find_competition(request.user, pk, action="competition.staff")
    return redirect("evaluations:finding_list", pk, current_round(competition).pk)


@require_GET
def finding_list(request, pk, round_pk):
    round = round_page(request, pk, round_pk, "finding.list")
    read_findings(round, actor=request.user, at=timezone.now())
    state = request.GET.get("state", "")
    state = state if state in selectors.STATES else ""
    page = Paginator(selectors.entries_with(request.user, round, state), PAGE).get_page(request.GET.get("page"))
    criteria = selectors.given_once(round)
    lines = selectors.lines(request.user, round, page.object_list)
    for line in lines:
        for cell in line.cells:
            cell.word, cell.pill = words_of(cell.criterion, cell.finding)
    tabs = [("", _("All")), ("unchecked", _("Not looked at")), ("failed", _("Not passed"))]
    tabs += [] if round.checks_only else [("points", _("With points"))]
    changes = round.state in selectors.OPEN and can(request.user, "finding.pass_rest", round).allowed
    context = frame_of(round, "evaluations:finding_list") | {
        "page": page,
        "lines": lines,
        "criteria": criteria,
        "tabs": [{"label": label, "url": f"?state={key}" if key else "?", "current": key == state} for key, label in tabs],
        "state": state,
        "changes": changes,
        "may_close": round.state == "judging" and can(request.user, "round.close", round).allowed,
        "rest": len(selectors.left(request.user, round)) if changes else 0,
    }
    return render(request, "evaluations/findings/list.html", context)


def words_of(criterion, finding) -> tuple[str, str]:
    """The word and the pill of what was found; of nothing found as well."""
    if finding is None:
        return (_("not looked at"), "warn") if criterion.kind == "veto" else (_("nothing given"), "")
    word = mark_words(criterion.kind, plain_text(Fraction(finding.value, HUNDREDTH)))
    if criterion.kind == "veto":
        return word, "ok" if finding.value else "err"
    return word, "in" if finding.value > 0 else "reserve" if finding.value < 0 else "plain"


def _found(request, pk, entry_pk, criterion_pk, action):
    """The entry with its round, and the criterion: 404 for strangers and for what is not given once here."""
    entry = get_object_or_404(
        Entry.objects.select_related("round__competition", "application__cluster__lead_region", "application__organisation", "track"),
        pk=entry_pk,
    )
    round_of(request.user, entry.round_id, action="finding.list")
    require(request.user, action, entry)
    criterion = next((row for row in selectors.given_once(entry.round) if row.pk == criterion_pk), None)
    if entry.round.competition_id != pk or criterion is None:
        raise Http404
    return entry, criterion


@require_http_methods(["GET", "POST"])
def finding_edit(request, pk, entry_pk, criterion_pk):
    """What was found and its history; the form for whoever may record it."""
    entry, criterion = _found(request, pk, entry_pk, criterion_pk, "finding.record" if request.method == "POST" else "finding.view")
    if request.method == "GET":
        read_findings(entry.round, entry=entry, actor=request.user, at=timezone.now())
    history = selectors.history(entry, criterion)
    current = next((row for row in history if row.ended_at is None), None)
    form = _form(criterion, current, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            record_finding(entry, criterion=criterion, **form.cleaned_data, actor=request.user, at=timezone.now())
        except NotAllowed:
            raise
        except Refused as refused:
            form.refuse(refused)
            form.data = form.data.copy()
            form.data["seen"] = current.pk if current else 0
        else:
            messages.success(
                request, _("Recorded: %(code)s of %(cluster)s.") % {"code": criterion.code, "cluster": entry.application.cluster}
            )
            return redirect(_next(entry, criterion))
    for row in history:
        row.word, row.pill = words_of(criterion, row)
    word, pill = words_of(criterion, current)
    context = frame_of(entry.round, "evaluations:finding_list") | {
        "entry": entry,
        "criterion": criterion,
        "current": current,
        "history": history,
        "form": form,
        "changes": entry.round.state in selectors.OPEN and can(request.user, "finding.record", entry).allowed,
        "word": word,
        "pill": pill,
        "others": _others(request, entry, criterion),
        "form_kind": "check_form" if entry.round.checks_only and entry.round.state not in selectors.OPEN else "",
    }
    return render(request, "evaluations/findings/edit.html", context, status=422 if form.errors else 200)


def _form(criterion, current, data):
    least, most, step = (plain_text(Fraction(value or 0, HUNDREDTH)) for value in (criterion.least, criterion.maximum, criterion.step))
    initial = {"seen": current.pk if current else 0}
    if current:
        value = plain_text(Fraction(current.value, HUNDREDTH))
        initial |= {"value": value, "reason": current.reason, "evidence": current.evidence}
    return FindingForm(data, initial=initial, criterion=criterion, least=least, most=most, step=step)


def _others(request, entry, criterion) -> list[dict]:
    """The entry's other checks, as a list to go on with."""
    items = []
    for cell in selectors.lines(request.user, entry.round, [entry])[0].cells:
        word, _pill = words_of(cell.criterion, cell.finding)
        failed = cell.finding is not None and cell.criterion.kind == "veto" and not cell.finding.value
        state = "bad" if failed else "done" if cell.finding else "todo" if cell.open else ""
        here = cell.criterion.pk == criterion.pk
        url = reverse("evaluations:finding_edit", args=[entry.round.competition_id, entry.pk, cell.criterion.pk])
        label = f"{cell.criterion.code} {cell.criterion}"
        items.append({"state": state, "label": label, "url": "" if here else url, "current": here, "value": word})
    return items


def _next(entry, criterion) -> str:
    """The entry's next veto item that nobody has looked at, else the table."""
    pk = entry.round.competition_id
    rows = selectors.given_once(entry.round)
    looked = set(Finding.objects.filter(entry=entry, ended_at=None).values_list("criterion_id", flat=True))
    place = [row.pk for row in rows].index(criterion.pk)
    for row in rows[place:] + rows[:place]:
        if row.kind == "veto" and row.pk not in looked:
            return reverse("evaluations:finding_edit", args=[pk, entry.pk, row.pk])
    return reverse("evaluations:finding_list", args=[pk, entry.round_id])


@require_http_methods(["GET", "POST"])
def finding_withdraw(request, pk, entry_pk, criterion_pk):
    entry, criterion = _found(request, pk, entry_pk, criterion_pk, "finding.withdraw")
    back = reverse("evaluations:finding_edit", args=[pk, entry.pk, criterion.pk])
    current = Finding.objects.filter(entry=entry, criterion=criterion, ended_at=None).select_related("entry__round").first()
    if current is None:
        return redirect(back)
    form = WithdrawForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            withdraw_finding(current, **form.cleaned_data, actor=request.user, at=timezone.now())
        except NotAllowed:
            raise
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, _("Taken back. It stays on file with your reason."))
            return redirect(back)
    names = {"code": criterion.code, "name": criterion, "cluster": entry.application.cluster}
    context = frame_of(entry.round, "evaluations:finding_list") | {
        "question": _("Take back what was recorded for %(code)s %(name)s?") % names,
        "text": _("For %(cluster)s it is then as if nobody had looked. Standings are computed anew.") % names,
        "label": _("Take back"),
        "back": back,
        "form": form,
    }
    return render(request, "confirm.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def finding_pass(request, pk, round_pk):
    """Names what nobody has looked at and asks; then all of it is passed."""
    round = round_page(request, pk, round_pk, "finding.pass_rest")
    back = reverse("evaluations:finding_list", args=[pk, round.pk])
    form = PassRestForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            number = pass_rest(round, **form.cleaned_data, actor=request.user, at=timezone.now())
        except NotAllowed:
            raise
        except Refused as refused:
            form.refuse(refused)
        else:
            words = ngettext("%(n)d veto check is passed.", "%(n)d veto checks are passed.", number)
            messages.success(request, words % {"n": number})
            return redirect(reverse("evaluations:round_close", args=[pk, round.pk]) if round.state == "judging" else back)
    left = selectors.left(request.user, round)
    total = selectors.unchecked([round])[round.pk]
    context = frame_of(round, "evaluations:finding_list") | {
        "form": form,
        "left": len(left),
        "groups": checks_by_cluster(left),
        "hidden": total - len(left),
        "back": back,
        "changes": round.state in selectors.OPEN,
    }
    return render(request, "evaluations/findings/pass.html", context, status=409 if form.errors else 200)
