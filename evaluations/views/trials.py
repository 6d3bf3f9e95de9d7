"""A dry run of the scheme in the editor: what it would change on the sheets of a finished round, or on invented ones."""

from urllib.parse import urlsplit

from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.job_faults import fault_words
from accounts.permissions import NotAllowed
from competition.labels import OUTCOMES, outcomes
from competition.views.setting import frame, round_in
from evaluations.domain.trial import Trial
from evaluations.selectors.rubrics import carried_rounds
from evaluations.selectors.trials import names_of, round_to_try, takes_long, trial_job, trial_of
from evaluations.services.stored_trials import ask_trial, read_trial
from evaluations.services.trials import try_on_examples, try_scheme
from evaluations.views.schemes import editor, scheme_form
from evaluations.wording import scheme_words
from ledger.domain.reason import Reason, Refused
from ledger.reasons import say

MOST_ROWS = 100


@require_POST
def scheme_trial(request, pk, round_pk):
    """With htmx the result alone, else the editor with what was typed and the result in it. Nothing of the scheme is saved; on a round
    that is too large to wait for, the page waits for a job."""
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
        context |= {"competition": round.competition, "round": round}
        return render(request, "evaluations/setup/scheme_trial.html", context, status=422 if "faults" in context else 200)
    return editor(request, round, form, status=status, **context)


@require_GET
def scheme_trial_stored(request, pk, round_pk, trial_pk):
    """A dry run that a job computes, for whoever asked for it: on a page of its own, and with htmx the fragment in whatever page waits."""
    round = round_in(request, pk, round_pk)
    stored = trial_of(round, request.user, trial_pk)
    if stored is None:
        raise Http404
    context = frame(round.competition, "scheme", round) | _stored(request, stored, request.GET.get("page"))
    if request.headers.get("HX-Request"):
        # Of the pages that wait, its own has a pager.
        context["own_page"] = urlsplit(request.headers.get("HX-Current-URL", "")).path == request.path
        return render(request, "evaluations/setup/scheme_trial.html", context)
    context["words"] = scheme_words(stored.definition, stored.dimensions, get_language(), carried=carried_rounds(round, stored.definition))
    return render(request, "evaluations/setup/scheme_trial_stored.html", context)


def _run(request, round, form, against: str) -> dict:
    if against == "examples":
        if not form.definition:
            raise Refused(Reason("evaluations.trial_unsaved"))
        trial = try_on_examples(definition=form.to_json(), saved=form.definition, dimensions=form.whole, seats=round.seats)
        return _shown(trial, None, lambda entries: {entry: _("Example %(entry)s") % {"entry": entry} for entry in entries})
    finished = round_to_try(request.user, int(against)) if against.isascii() and against.isdigit() else None
    if finished is None:
        raise Http404
    facts = {"definition": form.to_json(), "dimensions": form.whole, "actor": request.user, "at": timezone.now()}
    if takes_long(finished):
        return _stored(request, ask_trial(round, finished=finished, **facts))
    return _shown(try_scheme(finished, **facts), finished, names_of)


def _stored(request, stored, page=None) -> dict:
    """What stands in the fragment: the result, why there is none, or how far the job is."""
    context = {"stored": stored, "finished_round": stored.standings.round}
    try:
        trial = read_trial(stored, viewer=request.user, at=timezone.now())
    except Refused as refused:
        return context | {"faults": [say(reason) for reason in refused.reasons]}
    if trial is not None:
        return context | _shown(trial, stored.standings.round, names_of, page)
    job = trial_job(stored)
    if job is not None and job.state in ("failed", "cancelled"):
        return context | {"faults": [words for words in (_("The last computation failed."), fault_words(job)) if words]}
    return context | {"job": job}


def _shown(trial: Trial, finished, names, page=None) -> dict:
    page = Paginator(trial.moves, MOST_ROWS).get_page(page)
    known = names([move.entry for move in page])
    words = outcomes(finished) if finished else OUTCOMES
    rows = [
        {
            "name": known[move.entry],
            "move": move,
            "before": words.get(move.before.outcome, ""),
            "after": words.get(move.after.outcome, ""),
        }
        for move in page
    ]
    return {"trial": trial, "finished_round": finished, "trial_rows": rows, "page": page, "more_rows": len(trial.moves) - len(rows)}
