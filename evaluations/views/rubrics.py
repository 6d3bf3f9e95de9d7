"""The rubric of a round as its organiser sets it."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from competition.views.setting import frame, round_in
from evaluations.domain.rubric import weights_sum
from evaluations.forms.rubrics import RubricEditor
from evaluations.selectors.rubrics import data_items, dimensions_json, rubric_of
from evaluations.services.rubrics import save_rubric
from ledger.domain.reason import Refused


@require_http_methods(["GET", "POST"])
def rubric_edit(request, pk, round_pk):
    round = round_in(request, pk, round_pk)
    rubric = rubric_of(round)
    dimensions = dimensions_json(rubric)
    side = "en" if get_language().startswith("en") else "zh"
    items = [(code, f"{item['label'][side]} [{item['unit'][side]}]") for code, item in data_items(round).items()]
    editor = RubricEditor(
        request.POST if request.method == "POST" else None, dimensions=dimensions, version=rubric.version if rubric else 0, items=items
    )
    frozen = round.competition.state != "draft"
    if not frozen and editor.sound:
        try:
            save_rubric(round, dimensions=editor.to_json(), version=editor.cleaned_data["version"], actor=request.user, at=timezone.now())
        except Refused as refused:
            current = rubric_of(round)
            editor.refuse_stale(refused, current.version if current else 0)
        else:
            messages.success(request, _("Saved."))
            return redirect("evaluations:rubric_edit", pk, round_pk)
    wrong = editor.is_bound and not frozen
    context = frame(round.competition, "rubric", round, "evaluations:rubric_edit") | {
        "form": editor,
        "sum": weights_sum(dimensions),
        "wrong": wrong,
    }
    return render(request, "evaluations/setup/rubric_edit.html", context, status=422 if wrong else 200)
