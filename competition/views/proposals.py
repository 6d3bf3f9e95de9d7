"""From a closed round to its release: proposal, changes, meeting, signatures."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.permissions import can, require
from accounts.second_factor import fresh_second_factor, method
from competition import labels
from competition.documents import kinds
from competition.domain.scans import against
from competition.forms.decisions import MeetingForm, OutcomeForm, SignForm
from competition.forms.refusable import RefusableForm
from competition.selectors import proposals as selectors
from competition.selectors.competitions import is_last, round_of
from competition.selectors.decisions import proposal_of, proposal_rows
from competition.services import decisions as services
from competition.services.release import sign_release
from competition.services.standings import read_proposal
from competition.views.attachments import withheld
from ledger.domain.reason import Refused

OPEN = ("draft", "tabled")
PAGE = 100


def _proposal(request, pk, proposal_pk, *, action="proposal.view"):
    proposal = proposal_of(request.user, proposal_pk, action=action)
    if proposal.round.competition_id != pk:
        raise Http404
    return proposal


def _frame(proposal) -> dict:
    competition = proposal.round.competition
    return {"competition": competition, "demo": competition.demo, "proposal": proposal, "round": proposal.round}


@require_http_methods(["GET", "POST"])
def proposal_create(request, pk, round_pk):
    round = round_of(request.user, round_pk)
    if round.competition_id != pk:
        raise Http404
    require(request.user, "proposal.create", round)
    form = RefusableForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            made = services.propose(round, actor=request.user, at=timezone.now())
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, _("The proposal is drawn up. Nobody outside sees it."))
            return redirect("competition:proposal_detail", pk, made.pk)
    context = {
        "competition": round.competition,
        "demo": round.competition.demo,
        "round": round,
        "form": form,
        "open": round.proposals.filter(state__in=OPEN).first(),
        "back": reverse("competition:decision_list", args=[pk]),
    }
    return render(request, "competition/deciding/proposal_create.html", context, status=422 if form.errors else 200)


@never_cache
def proposal_detail(request, pk, proposal_pk):
    return _page(request, _proposal(request, pk, proposal_pk))


def _page(request, proposal, *, form=None, changing=None):
    """`changing` is the row under change; its form stands below it."""
    at = timezone.now()
    read_proposal(proposal, viewer=request.user, at=at)
    may_change = proposal.state in OPEN and can(request.user, "proposal.change", proposal).allowed
    rows, last, given = list(proposal_rows(proposal)), is_last(proposal.round), selectors.signatures(proposal)
    words = labels.LAST_OUTCOMES if last else labels.OUTCOMES
    asked = request.GET.get("change", "")
    if form is None and may_change and asked.isdecimal() and len(asked) < 19:
        changing = next((row for row in rows if row.pk == int(asked)), None)
        if changing:
            form = OutcomeForm(row=changing, words=words, last=last)
    lists = selectors.proposal_lists(proposal, rows, words)
    pages = Paginator([(group, row) for group in lists for row in group["rows"]], PAGE)
    number = request.GET.get("page")
    if number is None and changing:
        number = 1 + next(place for place, (_group, row) in enumerate(pages.object_list) if row["row"].pk == changing.pk) // PAGE
    page = pages.get_page(number)
    shown = {row["row"].pk for _group, row in page.object_list}
    lists = [group | {"rows": [row for row in group["rows"] if row["row"].pk in shown]} for group in lists]
    state = selectors.release_state(proposal, request.user, rows, given, at=at)
    context = _frame(proposal) | {
        "lists": [group for group in lists if group["rows"]],
        "page": page,
        "state": state,
        "label": labels.PROPOSAL_STATES[proposal.state],
        "pill": labels.PROPOSAL_PILLS[proposal.state],
        "signatures": given,
        "people": selectors.people_who(proposal.round.competition_id),
        "may_change": may_change,
        "may_table": proposal.state == "draft" and can(request.user, "proposal.table", proposal).allowed,
        "may_withdraw": proposal.state in OPEN and can(request.user, "proposal.void", proposal).allowed,
        "may_record": proposal.state == "tabled" and can(request.user, "proposal.record_meeting", proposal).allowed,
        "notice": getattr(proposal, "notice", None),
        "papers": [kind.name for kind in kinds.kinds().values() if kind.subject_kind == "proposal"],
        "form": form,
        "changing": changing,
    }
    return render(request, "competition/deciding/proposal_detail.html", context, status=422 if form is not None and form.errors else 200)


@require_http_methods(["GET", "POST"])
def outcome_change(request, pk, proposal_pk, row_pk):
    proposal = _proposal(request, pk, proposal_pk, action="proposal.change")
    row = get_object_or_404(proposal.rows.select_related("proposal"), pk=row_pk)
    address = reverse("competition:proposal_detail", args=[pk, proposal_pk])
    if request.method == "GET":
        return redirect(f"{address}?change={row.pk}#row-{row.pk}")
    last = is_last(proposal.round)
    form = OutcomeForm(request.POST, row=row, words=labels.LAST_OUTCOMES if last else labels.OUTCOMES, last=last)
    if form.is_valid():
        signed = proposal.signatures.filter(voided_at=None).exists()
        try:
            services.change_outcome(row, **form.wish(), actor=request.user, at=timezone.now())
        except Refused as refused:
            form.refuse(refused)
        else:
            held = _("Saved. Signatures given before no longer hold.") if signed else _("Saved.")
            messages.success(request, held)
            return redirect(f"{address}#row-{row.pk}")
    return _page(request, proposal, form=form, changing=row)


def _act(request, proposal, act, *, words, action):
    """A step of the whole proposal with a page that says what happens."""
    require(request.user, action, proposal)
    address = reverse("competition:proposal_detail", args=[proposal.round.competition_id, proposal.pk])
    form = RefusableForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            act(proposal, actor=request.user, at=timezone.now())
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, words.pop("done"))
            return redirect(address)
    context = _frame(proposal) | words | {"form": form, "back": address}
    return render(request, "confirm.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def proposal_table(request, pk, proposal_pk):
    words = {
        "question": _("Put the proposal before the deciding body?"),
        "text": _("From now on its meeting can be recorded and it can be signed. Outcomes can still be changed with a reason."),
        "label": _("Table it"),
        "done": _("The proposal is tabled."),
    }
    return _act(request, _proposal(request, pk, proposal_pk), services.table_proposal, words=words, action="proposal.table")


@require_http_methods(["GET", "POST"])
def proposal_withdraw(request, pk, proposal_pk):
    words = {
        "question": _("Withdraw the proposal?"),
        "text": _("It stays readable and can never be released. Its signatures no longer hold. A new one can be drawn up."),
        "label": _("Withdraw it"),
        "done": _("The proposal is withdrawn."),
        "grave": True,
    }
    return _act(request, _proposal(request, pk, proposal_pk), services.withdraw_proposal, words=words, action="proposal.void")


@require_http_methods(["GET", "POST"])
def meeting_record(request, pk, proposal_pk):
    proposal = _proposal(request, pk, proposal_pk, action="proposal.record_meeting")
    meeting = getattr(proposal, "meeting", None)
    initial = {"number": meeting.number, "held_on": meeting.held_on} if meeting else {}
    form = MeetingForm(*((request.POST, request.FILES) if request.method == "POST" else ()), initial=initial)
    if form.is_valid():
        try:
            services.record_meeting(proposal, **form.cleaned_data, actor=request.user, at=timezone.now())
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, _("The meeting is recorded."))
            return redirect("competition:proposal_detail", pk, proposal_pk)
    context = _frame(proposal) | {"form": form, "meeting": meeting}
    return render(request, "competition/deciding/meeting.html", context, status=422 if form.errors else 200)


def meeting_minutes(request, pk, proposal_pk):
    """The file as a download, never shown in place."""
    meeting = getattr(_proposal(request, pk, proposal_pk), "meeting", None)
    if meeting is None or not meeting.minutes:
        raise Http404
    if reason := against(meeting.scan, own=meeting.recorded_by_id == request.user.pk):
        return withheld(request, reason)
    read_proposal(meeting.proposal, viewer=request.user, at=timezone.now())
    headers = {"X-Content-Type-Options": "nosniff", "Cache-Control": "private, no-store"}
    return FileResponse(
        meeting.minutes.open("rb"), as_attachment=True, filename=meeting.minutes_name, content_type="application/pdf", headers=headers
    )


@never_cache
@require_http_methods(["GET", "POST"])
def proposal_sign(request, pk, proposal_pk):
    return _sign(request, _proposal(request, pk, proposal_pk, action="proposal.sign"))


@fresh_second_factor
def _sign(request, proposal):
    at = timezone.now()
    form = SignForm(request.POST if request.method == "POST" else None, initial={"digest": proposal.digest})
    if form.is_valid():
        try:
            signed = sign_release(proposal, digest=form.cleaned_data["digest"], actor=request.user, at=at)
        except Refused as refused:
            form.refuse(refused)
        else:
            released = signed.state == "released"
            done = _("The round is released and under publicity.") if released else _("Signed. Another person has to sign, too.")
            messages.success(request, done)
            return redirect("competition:proposal_detail", proposal.round.competition_id, proposal.pk)
    proposal = proposal_of(request.user, proposal.pk, action="proposal.sign")
    read_proposal(proposal, viewer=request.user, at=at)
    rows = list(proposal_rows(proposal))
    if form.errors:  # signing once more is for the list that is shown now
        form.data = form.data.copy()
        form.data["digest"] = proposal.digest
    context = _frame(proposal) | {
        "form": form,
        "state": selectors.release_state(proposal, request.user, rows, selectors.signatures(proposal), at=at),
        "names": selectors.chosen_names(rows),
        "second_factor": method(request.user),
        "following": proposal.round.competition.rounds.filter(order__gt=proposal.round.order).order_by("order").first(),
    }
    return render(request, "competition/deciding/proposal_sign.html", context, status=422 if form.errors else 200)
