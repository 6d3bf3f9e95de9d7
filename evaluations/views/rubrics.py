"""The rubric of a round as its organiser sets it."""

from fractions import Fraction

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from competition.documents import charts
from competition.rules import parts
from competition.selectors.rules import vote_of
from competition.views.setting import frame, round_in
from evaluations.domain.decimals import HUNDREDTH, parse_fixed, plain_text
from evaluations.domain.metric_samples import samples
from evaluations.domain.rubric import weights_sum
from evaluations.domain.scheme_reader import read_function
from evaluations.forms.functions import FUNCTION_FIELDS, STEP_FIELDS
from evaluations.forms.rubrics import CriterionForm, RubricEditor
from evaluations.selectors.rubrics import data_items, dimensions_json, rubric_of
from evaluations.services.rubrics import save_rubric
from evaluations.wording import metric_words
from ledger.domain.reason import Refused


def _items(round, side: str) -> list[tuple[str, str]]:
    return [(code, f"{item['label'][side]} [{item['unit'][side]}]") for code, item in data_items(round).items()]


def by_vote(request, round, part: str):
    """Instead of the editor of a part that such a round does not have."""
    context = frame(round.competition, part, round, f"evaluations:{part}_edit") | {"part_label": parts()[part].label}
    return render(request, "evaluations/setup/by_vote.html", context, status=200 if request.method == "GET" else 409)


@require_http_methods(["GET", "POST"])
def rubric_edit(request, pk, round_pk):
    round = round_in(request, pk, round_pk)
    if vote_of(round):
        return by_vote(request, round, "rubric")
    rubric = rubric_of(round)
    dimensions = dimensions_json(rubric)
    side = "en" if get_language().startswith("en") else "zh"
    items = _items(round, side)
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


@require_POST
def metric_preview(request, pk, round_pk):
    """One computed criterion as typed, in words and on a few figures; nothing is saved. `row`: the prefix of its form."""
    round = round_in(request, pk, round_pk)
    side = "en" if get_language().startswith("en") else "zh"
    form = CriterionForm(request.POST, prefix=request.GET.get("row", ""), items=_items(round, side))
    form.is_valid()
    item = data_items(round).get(form.cleaned_data.get("data_item", ""))
    label, unit = (item["label"][side], item["unit"][side]) if item else (_("the figure"), "")
    context = {"unit": unit} | _samples(form, label, unit)
    return render(request, "evaluations/setup/metric_preview.html", context)


def _samples(form, label: str, unit: str) -> dict:
    whole = not any(
        form.errors.get(name) for name in (*FUNCTION_FIELDS, *(f"{name}_{row}" for row in form.step_rows for name in STEP_FIELDS))
    )
    maximum = parse_fixed(form.cleaned_data.get("max", ""), HUNDREDTH)
    if not whole or not maximum or maximum < 0:
        return {"faults": [_("Examples appear here once the fields are filled in.")]}
    try:
        function = read_function(form.function(), maximum, reverse=form.reversed())
    except Refused as refused:
        return {"faults": [form.said(reason) for reason in refused.reasons]}
    shown = samples(function, maximum, form.reversed())
    most = plain_text(Fraction(maximum, HUNDREDTH))
    return {
        "words": metric_words(form.function(), label, unit, reverse=form.reversed()),
        "samples": shown,
        "most": most,
        "chart": charts.curve(shown.curve, float(most)) if shown.curve else "",
    }
