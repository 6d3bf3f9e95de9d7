"""A dry run of the scheme in the editor: what it would change on the sheets of a finished round, or on invented ones."""

from django.http import Http404
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.permissions import NotAllowed
from competition.labels import OUTCOMES
from competition.views.setting import round_in
from evaluations.selectors.trials import names_of, round_to_try
from evaluations.services.trials import Trial, try_on_examples, try_scheme
from evaluations.views.schemes import editor, scheme_form
from ledger.domain.reason import Reason, Refused
from ledger.reasons import say

MOST_ROWS = 100


@require_POST
def scheme_trial(request, pk, round_pk):
    """With htmx the result alone, else the editor with what was typed and the result in it. Nothing is saved."""
    round = round_in(request, pk, round_pk)
    form = scheme_form(round, request.POST)
    against = request.POST.get("against", "")
    context = {"against": against}
    status = 200
    if not form.is_valid():
        context["faults"] = [_("What is typed is not whole yet; the fields in question tell why when you save.")]
        status = 422
    else:
        try:
            context |= _run(request, round, form, against)
        except Refused as refused:
            context["faults"] = [say(reason) for reason in refused.reasons]
            status = 403 if isinstance(refused, NotAllowed) else 422
    if request.headers.get("HX-Request"):
        # htmx shows nothing of a 403.
        return render(request, "evaluations/setup/scheme_trial.html", context, status=422 if "faults" in context else 200)
    return editor(request, round, form, status=status, **context)


def _run(request, round, form, against: str) -> dict:
    if against == "examples":
        if not form.definition:
            raise Refused(Reason("evaluations.trial_unsaved"))
        trial = try_on_examples(definition=form.to_json(), saved=form.definition, dimensions=form.whole, seats=round.seats)
        return _shown(trial, None, lambda entry: _("Example %(entry)s") % {"entry": entry})
    finished = round_to_try(request.user, int(against)) if against.isascii() and against.isdigit() else None
    if finished is None:
        raise Http404
    trial = try_scheme(finished, definition=form.to_json(), dimensions=form.whole, actor=request.user, at=timezone.now())
    names = names_of(move.entry for move in trial.moves[:MOST_ROWS])
    return _shown(trial, finished, lambda entry: names[entry])


def _shown(trial: Trial, finished, name) -> dict:
    words = [(OUTCOMES.get(move.before.outcome, ""), OUTCOMES.get(move.after.outcome, ""), move) for move in trial.moves[:MOST_ROWS]]
    rows = [{"name": name(move.entry), "move": move, "before": before, "after": after} for before, after, move in words]
    return {"trial": trial, "finished_round": finished, "trial_rows": rows, "more_rows": len(trial.moves) - len(rows)}
