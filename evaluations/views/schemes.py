"""The scoring scheme of a round as its organiser sets it."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from competition.selectors.rules import vote_of
from competition.views.setting import frame, round_in
from evaluations.forms.schemes import SchemeForm
from evaluations.selectors.examples import examples_of
from evaluations.selectors.rubrics import carried_rounds, dimensions_json, rubric_of, scheme_of
from evaluations.selectors.trials import finished_rounds, trials_of
from evaluations.services.rubrics import save_scheme
from evaluations.views.rubrics import by_vote
from evaluations.wording import scheme_words
from ledger.domain.reason import Refused


def scheme_form(round, data):
    scheme = scheme_of(round)
    return SchemeForm(
        data,
        definition=scheme.definition if scheme else None,
        dimensions=dimensions_json(rubric_of(round)),
        earlier=list(round.competition.rounds.filter(order__lt=round.order).order_by("order")),
        language=get_language(),
        version=scheme.version if scheme else 0,
    )


def preview(round, form, definition: dict) -> dict:
    """Context of scheme_preview.html: a definition in words and at work on example sheets."""
    language = get_language()
    carried = carried_rounds(round, definition)
    saved, shown = form.definition or None, None
    if form.whole:
        shown = examples_of(definition, form.whole, seats=round.seats, saved=saved, language=language, carried=carried)
    words = scheme_words(definition, form.whole, language, carried=carried)
    return {"words": words, "examples": shown}


def editor(request, round, form, *, status=None, **more):
    """The page, with what stands in the form."""
    shown = preview(round, form, form.definition) if form.definition else {}
    context = frame(round.competition, "scheme", round, "evaluations:scheme_edit") | {"form": form} | shown | more
    if round.competition.state == "draft":
        context |= {"finished": finished_rounds(request.user), "trials": trials_of(round, request.user)}
    return render(request, "evaluations/setup/scheme_edit.html", context, status=status or (422 if form.errors else 200))


@require_http_methods(["GET", "POST"])
def scheme_edit(request, pk, round_pk):
    round = round_in(request, pk, round_pk)
    if vote_of(round):
        return by_vote(request, round, "scheme")
    if round.checks_only:
        context = frame(round.competition, "scheme", round, "evaluations:scheme_edit")
        return render(request, "evaluations/setup/by_check.html", context, status=200 if request.method == "GET" else 409)
    form = scheme_form(round, request.POST if request.method == "POST" else None)
    if round.competition.state != "draft":
        form.freeze()
    elif form.is_valid():
        try:
            save_scheme(round, definition=form.to_json(), version=form.cleaned_data["version"], actor=request.user, at=timezone.now())
        except Refused as refused:
            current = scheme_of(round)
            form.refuse_stale(refused, current.version if current else 0)
        else:
            messages.success(request, _("Saved."))
            return redirect("evaluations:scheme_edit", pk, round_pk)
    return editor(request, round, form)


@require_POST
def scheme_preview(request, pk, round_pk):
    """What is typed, in words and on example sheets; nothing is saved."""
    round = round_in(request, pk, round_pk)
    form = scheme_form(round, request.POST)
    if not form.is_valid():
        context = {"not_whole": True, "said": _("What is typed is not whole yet.")}
    else:
        context = preview(round, form, form.to_json()) | {"typed": True}
        context["said"] = context["examples"].said if context["examples"] else ""
    return render(request, "evaluations/setup/scheme_preview.html", context)
