"""Filling in an application: the page, its autosave, its files. All of it also works without a script."""

from django.contrib import messages
from django.http import JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.templatetags.saima import clock
from competition.domain.differences import differences
from competition.domain.forms import keep, slots
from competition.forms.answers import from_post, from_values, parse_autosave, values_of
from competition.models import Application
from competition.selectors.answers import labels
from competition.selectors.applications import attachment as find_attachment
from competition.selectors.applications import draft_of, years_of
from competition.selectors.rules import form_of
from competition.services.applications import EDITABLE, save_draft
from competition.services.attachments import attach, detach
from competition.views.application_page import address, form_page, live_state
from ledger.domain.reason import Reason, Refused
from ledger.reasons import say

CONFLICT = "competition.draft_conflict"


@require_http_methods(["GET", "POST"])
def application_edit(request, pk, application_pk):
    application = draft_of(request.user, application_pk, pk)
    at = timezone.now()
    if application.state not in EDITABLE:
        messages.info(request, say(Reason("competition.application_not_editable")))
        return redirect(address("application_detail", application))
    if request.method == "POST":
        return _saved(request, application, at)
    page = form_page(application, at=at, strict="check" in request.GET)
    return render(request, "competition/application/form.html", page | {"version": application.draft_version})


def _saved(request, application, at):
    """A page posted without a script: answers first, then files, so that a refused file costs nothing."""
    definition, years = form_of(application.round).definition, years_of(application)
    data = from_post(definition, request.POST, years)
    version = request.POST.get("version", "")
    try:
        save_draft(
            application, data=data, version=int(version) if version.isdecimal() and len(version) < 10 else -1, actor=request.user, at=at
        )
    except Refused as refused:
        return _refused(request, application, refused, data, at)
    faults = _files(request, application, at)
    application.refresh_from_db()
    if faults:
        page = form_page(application, at=at)
        return render(
            request,
            "competition/application/form.html",
            page | {"version": application.draft_version, "file_faults": faults, "saved_at": at},
            status=422,
        )
    messages.success(request, _("Saved at %(time)s.") % {"time": clock(at)})
    anchor = request.POST.get("remove") and request.POST.get("slot") or ""
    return redirect(address("application_edit", application) + (f"#f-{anchor}" if anchor in slots(definition) else ""))


def _files(request, application, at) -> list[tuple[str, str]]:
    """Takes in what was chosen and takes out what was asked; (slot, why) of each that was refused."""
    faults = []
    for slot in slots(form_of(application.round).definition):
        for upload in request.FILES.getlist(f"file.{slot}"):
            try:
                attach(application, slot=slot, upload=upload, actor=request.user, at=at)
            except Refused as refused:
                faults.append((slot, " ".join(str(say(reason)) for reason in refused.reasons)))
    remove = request.POST.get("remove", "")
    if remove.isdecimal() and len(remove) < 19:
        _remove(request, application, int(remove), at)
    return faults


def _remove(request, application, file_pk, at):
    found = find_attachment(request.user, file_pk)
    if found.application_id == application.pk:
        detach(found, actor=request.user, at=at)


def _refused(request, application, refused, data, at):
    """The page again with everything typed; where somebody else saved meanwhile, with what they saved beside it."""
    application = Application.objects.select_related("competition", "round__competition", "cluster", "organisation").get(pk=application.pk)
    if application.state not in EDITABLE:
        raise refused
    page = form_page(application, at=at, data=data)
    theirs = _theirs(application, data) if refused.reason.code == CONFLICT else []
    context = page | {"version": application.draft_version, "reasons": refused.reasons, "theirs": theirs}
    return render(request, "competition/application/form.html", context, status=409)


def _theirs(application, data) -> list[dict]:
    """Where the saved draft differs from what was just typed: label and the saved text."""
    definition, years = form_of(application.round).definition, years_of(application)
    names = labels(definition)
    mine, saved = keep(definition, data, years), keep(definition, application.draft, years)
    return [
        {
            "label": name_of(names, row.path),
            "saved": row.before if isinstance(row.before, str) else "" if row.before is None else str(row.before),
            "mine": row.after if isinstance(row.after, str) else "" if row.after is None else str(row.after),
            "id": "f-" + row.path.replace(".", "-"),
        }
        for row in differences(definition, saved, mine, years)
    ]


PARTS = {"source": lambda: _("Source"), "explanation": lambda: _("Explanation")}


def name_of(names, path: str) -> str:
    """What a path is called: of a table the item with year, source or explanation."""
    if path in names:
        return names[path]
    item, _dot, part = path.rpartition(".")
    return f"{names.get(item, item)} · {PARTS[part]() if part in PARTS else part}"


@require_POST
def draft_save(request, pk, application_pk):
    """Autosave. 200 with the new version; 409 with what is saved, where it was saved elsewhere; 422 for no such body."""
    application = draft_of(request.user, application_pk, pk)
    at = timezone.now()
    sent = parse_autosave(request.body)
    if sent is None:
        return JsonResponse({"reasons": [{"text": _("This was not understood. Load the page again.")}]}, status=422)
    version, values = sent
    definition, years = form_of(application.round).definition, years_of(application)
    try:
        version = save_draft(application, data=from_values(definition, values, years), version=version, actor=request.user, at=at)
    except Refused as refused:
        application.refresh_from_db()
        answer = {"reasons": [{"code": reason.code, "text": str(say(reason))} for reason in refused.reasons]}
        if refused.reason.code == CONFLICT:
            saved = values_of(definition, keep(definition, application.draft, years), years)
            answer |= {"version": application.draft_version, "values": saved}
        return JsonResponse(answer, status=409)
    application.refresh_from_db()
    state = live_state(request, form_page(application, at=at, strict=request.GET.get("check") == "1"))
    return JsonResponse({"version": version, "clock": clock(at)} | state)


@require_POST
def attachment_add(request, pk, application_pk, slot):
    """One file for one slot, sent by a script while the page stays; also `remove`, the id of one to take out. Answers with the
    slot's list and the state of the page."""
    application = draft_of(request.user, application_pk, pk)
    at = timezone.now()
    if slot not in slots(form_of(application.round).definition):
        raise Refused(Reason("competition.slot_unknown"), field="slot")
    remove = request.POST.get("remove", "")
    if remove.isdecimal() and len(remove) < 19:
        _remove(request, application, int(remove), at)
    else:
        upload = request.FILES.get("file")
        if upload is None:
            raise Refused(Reason("competition.file_missing"), field="file")
        attach(application, slot=slot, upload=upload, actor=request.user, at=at)
    page = form_page(application, at=at)
    answer = next(answer for section in page["sections"] for answer in section.fields if answer.code == slot)
    files = render_to_string("competition/application/files.html", page | {"answer": answer, "editable": True}, request=request)
    return JsonResponse({"files": files, "room": answer.room} | live_state(request, page))
