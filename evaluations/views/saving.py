"""Saving a sheet or a ballot as one types."""

import json

from django.http import JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.templatetags.saima import clock
from competition.domain.forms import clean_text
from evaluations.forms.judging import typed
from evaluations.selectors import sheets as selectors
from evaluations.selectors.desk import ABSTAIN, marks_of
from evaluations.services import sheets as services
from evaluations.views.sheets import CONFLICT, NOT_READABLE, own_sheet
from ledger.domain.reason import Refused
from ledger.reasons import say

LONGEST_BODY = 100_000


@never_cache
@require_http_methods(["GET", "POST"])
def sheet_save(request, pk, sheet_pk):
    """What static/js/sheet_store.js speaks to. GET: the sheet as it stands. POST {marks, comment, version, key}: 200 with the new
    version; 422 with `fields` (code → words) where marks are refused; 409 with `conflict` and the sheet as it stands where
    it was saved elsewhere; 409 without it where the sheet is closed to changes."""
    sheet = own_sheet(request, pk, sheet_pk)
    now = timezone.now()
    if request.method == "GET":
        return JsonResponse(_state(sheet, now))
    body = _body(request)
    if body is None:
        return JsonResponse({"reasons": [_words(NOT_READABLE)]}, status=400)
    try:
        version = services.save_sheet(sheet, **body, actor=request.user, at=now)
    except Refused as refused:
        return _refusal(sheet, refused, now)
    return JsonResponse({"version": version, "saved": clock(now)})


def _body(request) -> dict | None:
    if len(request.body) > LONGEST_BODY:
        return None
    try:
        data = json.loads(request.body)
        marks = {str(code): ABSTAIN if text == ABSTAIN else typed(text) for code, text in data["marks"].items()}
        comment, version, key = data.get("comment"), int(data["version"]), clean_text(str(data["key"]))[:64]
    except (ValueError, TypeError, KeyError, AttributeError, OverflowError, RecursionError):
        return None
    if not 0 <= version < 2**31 or not (comment is None or (isinstance(comment, str) and len(comment) <= 4000)):
        return None
    return {"marks": marks, "version": version, "idempotency_key": key, "comment": comment and clean_text(comment)}


def _refusal(sheet, refused, now):
    sheet.refresh_from_db()
    fields = {reason.params["criterion"]: say(reason) for reason in refused.reasons if "criterion" in reason.params}
    answer = {"reasons": [_words(reason) for reason in refused.reasons]}
    if fields:
        return JsonResponse(answer | {"fields": fields}, status=422)
    if refused.reasons[0].code == CONFLICT:
        return JsonResponse(answer | {"conflict": True} | _state(sheet, now), status=409)
    return JsonResponse(answer, status=409)


def _state(sheet, now) -> dict:
    against = selectors.against_editing(sheet, now)
    return {
        "version": sheet.edit_version,
        "marks": marks_of(sheet),
        "comment": sheet.comment,
        "saved": clock(sheet.saved_at) if sheet.saved_at else "",
        "against": [_words(reason) for reason in against],
    }


def _words(reason) -> dict:
    return {"code": reason.code, "text": say(reason)}
