"""The score sheet: filling in, submitting, and the files beside it."""

import json
import secrets
from fractions import Fraction

from django.contrib import messages
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404
from django.shortcuts import redirect, render, resolve_url
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from competition.domain.scans import against
from competition.views.attachments import withheld
from competition.workflow import refusals
from evaluations.domain.decimals import HUNDREDTH, plain_text
from evaluations.forms.judging import SheetForm
from evaluations.selectors import seats
from evaluations.selectors import sheets as selectors
from evaluations.selectors.ballots import VOTE
from evaluations.selectors.blindness import code_of, hidden_from, judged_name
from evaluations.selectors.desk import ABSTAIN, desk, files_of
from evaluations.selectors.flags import flag_of, opened_by_itself
from evaluations.services import sheets as services
from evaluations.views.ballots import answer_rows, ballot_context, ballot_words, typed_ballot
from evaluations.views.own import frame
from evaluations.wording import mark_words
from ledger.domain.reason import Reason, Refused
from ledger.reasons import say

CONFLICT = "evaluations.sheet_conflict"
NOT_READABLE = Reason("evaluations.save_unreadable")


def own_sheet(request, pk, sheet_pk, *, action="sheet.edit"):
    """One's own sheet in this competition; 404 for everybody else's."""
    found = selectors.sheet(request.user, sheet_pk, action=action)
    if found.assignment.entry.round.competition_id != pk:
        raise Http404
    return found


@never_cache
@require_http_methods(["GET", "POST"])
def sheet_edit(request, pk, sheet_pk):
    """Open to its evaluator while it can be filled in, else shown as it stands; staff read it after the round is closed."""
    now = timezone.now()
    sheet = own_sheet(request, pk, sheet_pk, action="sheet.view")
    mine = sheet.assignment.evaluator.user_id == request.user.pk
    if not mine:
        services.read_sheet(sheet, actor=request.user, at=now)
    against = selectors.against_editing(sheet, now)
    if not mine or sheet.state not in selectors.EDITABLE or sheet.assignment.state != "confirmed":
        return render(
            request,
            "evaluations/sheet_show.html" if sheet.rubric_id else "evaluations/ballot_show.html",
            context_of(request, sheet, mine=mine, flag=flag_of(sheet) if mine else None, **_versions(sheet)),
        )
    if request.method == "POST":
        return _save_page(request, sheet, now)
    return _edit_page(request, sheet, desk(request.user, sheet), against=against)


def context_of(request, sheet, **more) -> dict:
    mine, entry = more.get("mine", True), sheet.assignment.entry
    return (
        frame(entry.round.competition)
        | {
            "sheet": sheet,
            "round": entry.round,
            "entry_name": judged_name(entry) if mine else entry.application.cluster,
            "code": code_of(entry) if entry.round.blind and not mine else "",
            "due_at": selectors.deadline_of(sheet.assignment),
            "comment": sheet.comment,
            "other_comment": None,
        }
        | (_neighbours(request, sheet) if mine else {})
        | ({"desk": desk(request.user, sheet)} if "desk" not in more else {})
        | ({} if sheet.rubric_id else ballot_context(sheet))
        | more
    )


def _neighbours(request, sheet) -> dict:
    place = seats.place(request.user, sheet.assignment)
    home = ("evaluations:my_round", sheet.assignment.entry.round.competition_id, sheet.assignment.entry.round_id)
    return {
        "place": place,
        "next_url": resolve_url(*(page_of(place.next) if place.next else home)),
        "previous_url": resolve_url(*page_of(place.previous)) if place.previous else "",
    }


def _versions(sheet) -> dict:
    versions = list(sheet.versions.all())
    if sheet.rubric_id is None:
        return {"versions": versions, "version_rows": answer_rows(versions)}
    kinds = {row.code: row.kind for row in selectors.criteria_of(sheet.rubric)} if versions else {}
    return {"versions": versions, "version_rows": version_rows(versions, kinds)}


def version_rows(versions, kinds) -> list[tuple[str, list[str]]]:
    """Criterion code → its mark in each submitted version. `kinds`: of the criteria, by code."""
    codes = sorted({code for version in versions for code in version.marks})
    return [(code, [_shown(kinds.get(code, ""), version.marks.get(code)) for version in versions]) for code in codes]


def _shown(kind, mark) -> str:
    return mark_words(kind, mark if mark == ABSTAIN else "" if mark is None else plain_text(Fraction(mark, HUNDREDTH)))


def script_words() -> str:
    """What static/js/sheet.js says, in the reader's language; {…} is filled in there."""

    def fault(name, **params):
        return say(Reason(f"evaluations.sheet_mark_{name}", {"criterion": "{criterion}", **params}))

    words = {
        "saved": _("Saved"),
        "saving": _("Saving…"),
        "local": _("Not saved. Your input is on this device and will be sent when you are back online."),
        "failed": _("Not saved. Check the marked entries."),
        "signed_out": _("Not saved. Sign in again; your input is on this device."),
        "other": _("Not saved. Somebody else is signed in here, or the sheet is no longer yours."),
        "abstain": _("Cannot judge"),
        "not_a_number": fault("not_a_number"),
        "out_of_bounds": fault("out_of_bounds", most="{most}"),
        "off_step": fault("off_step", step="{step}"),
        "points_out_of_bounds": say(
            Reason("evaluations.sheet_points_out_of_bounds", {"criterion": "{criterion}", "least": "{least}", "most": "{most}"})
        ),
        "passed": mark_words("veto", "1"),
        "failed_veto": mark_words("veto", "0"),
        "bands": [_("poor"), _("fair"), _("good"), _("top")],
    }
    return json.dumps(words, ensure_ascii=False)


def _edit_page(request, sheet, board, *, against=(), status=200, **more):
    context = context_of(
        request,
        sheet,
        desk=board,
        against=against,
        key=secrets.token_hex(16),
        version=sheet.edit_version,
        words=script_words() if sheet.rubric_id else ballot_words(),
        **more,
    )
    if sheet.state == "returned":
        context |= _versions(sheet) | {"by_itself": opened_by_itself(sheet)}
    template = "evaluations/sheet_edit.html" if sheet.rubric_id else "evaluations/ballot_edit.html"
    return render(request, template, context, status=status)


def _save_page(request, sheet, now):
    """Without a script: the whole sheet at once."""
    form = SheetForm(request.POST)
    board = desk(request.user, sheet)
    marks = form.marks([row.code for row in board.to_mark] if sheet.rubric_id else [VOTE])
    then = request.POST.get("then", "stay")
    reasons: list[Reason] = []
    if form.is_valid():
        data = form.cleaned_data
        try:
            services.save_sheet(
                sheet,
                marks=marks,
                comment=data["comment"],
                version=data["version"],
                idempotency_key=data["key"],
                actor=request.user,
                at=now,
            )
        except Refused as refused:
            reasons = list(refused.reasons)
        else:
            messages.success(request, _("Saved."))
            return redirect(*_where(request, sheet, then))
    else:
        reasons = [NOT_READABLE]
    conflict = any(reason.code == CONFLICT for reason in reasons)
    at_field = {reason.params["criterion"]: say(reason) for reason in reasons if "criterion" in reason.params}
    for row in board.to_mark:
        if conflict and marks[row.code] != row.mark:
            row.other = row.mark
        row.mark, row.refused = marks[row.code], at_field.get(row.code, "")
    top = [reason for reason in reasons if "criterion" not in reason.params]
    more = _comments(request, sheet, conflict)
    if sheet.rubric_id is None:
        more |= typed_ballot(sheet, marks[VOTE], at_field.get(VOTE, ""), conflict=conflict)
    return _edit_page(request, sheet, board, status=409 if conflict else 422, reasons=top, **more)


def _comments(request, sheet, conflict) -> dict:
    typed_here = request.POST.get("comment", "")
    return {"comment": typed_here, "other_comment": sheet.comment if conflict and sheet.comment != typed_here else None}


def _where(request, sheet, then: str) -> tuple:
    pk = sheet.assignment.entry.round.competition_id
    place = seats.place(request.user, sheet.assignment)
    if then == "submit":
        return ("evaluations:sheet_submit", pk, sheet.pk)
    target = {"next": place.next, "previous": place.previous}.get(then)
    if target is not None:
        return page_of(target)
    return ("evaluations:my_round", pk, sheet.assignment.entry.round_id) if then == "next" else ("evaluations:sheet_edit", pk, sheet.pk)


def page_of(seat) -> tuple:
    """Where a seat is answered or filled in."""
    pk = seat.entry.round.competition_id
    return ("evaluations:seat_answer", pk, seat.pk) if seat.stage == "answer" else ("evaluations:sheet_edit", pk, seat.sheet.pk)


@never_cache
@require_http_methods(["GET", "POST"])
def sheet_submit(request, pk, sheet_pk):
    """The marks in one list, what is missing with a link to it, and the button."""
    now = timezone.now()
    sheet = own_sheet(request, pk, sheet_pk, action="sheet.submit")
    if sheet.state not in selectors.EDITABLE:
        return redirect("evaluations:sheet_edit", pk, sheet_pk)
    reasons = ()
    if request.method == "POST":
        form = SheetForm(request.POST)
        try:
            if not form.is_valid():
                raise Refused(NOT_READABLE)
            version, key = form.cleaned_data["version"], form.cleaned_data["key"]
            services.submit_sheet(sheet, version=version, idempotency_key=key, actor=request.user, at=now)
        except Refused as refused:
            reasons = refused.reasons
            sheet.refresh_from_db()
        else:
            words = _("The score sheet of %(cluster)s is submitted.") if sheet.rubric_id else _("Your ballot on %(cluster)s is handed in.")
            messages.success(request, words % {"cluster": judged_name(sheet.assignment.entry)})
            return redirect("evaluations:sheet_edit", pk, sheet_pk)
    against = refusals(sheet, "submit", actor=request.user, at=now)
    context = context_of(request, sheet, against=against, reasons=reasons, key=secrets.token_hex(16), version=sheet.edit_version)
    template = "evaluations/sheet_submit.html" if sheet.rubric_id else "evaluations/ballot_submit.html"
    return render(request, template, context, status=409 if reasons else 200)


@require_GET
def sheet_file(request, pk, sheet_pk, file_pk):
    """A file of the revision that this sheet is bound to, as a download; to its evaluator, and to staff who may read the sheet."""
    sheet = own_sheet(request, pk, sheet_pk, action="sheet.view")
    file = next((file for file in files_of(sheet, blind=hidden_from(request.user, sheet)) if file.pk == file_pk), None)
    if file is None:
        raise Http404
    if reason := against(file.scan, own=False):
        return withheld(request, reason)
    response = FileResponse(
        default_storage.open(file.file.name, "rb"), as_attachment=True, filename=file.called, content_type=file.content_type
    )
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "private, no-store"
    return response
