"""How seats and sheets are named in the ledger, and the life of one sheet."""

from django.http import Http404
from django.urls import reverse
from django.utils.translation import pgettext_lazy

from competition.permissions.secrecy import LOCKED, against_scores, preload
from competition.record_names import Source, register, register_label, register_parts
from competition.selectors.lives import life_with
from evaluations.models import Assignment, Evaluator, Finding, Flag, Rubric, Scheme, Sheet


def sheet_life(competition, key, _application):
    return reverse("evaluations:sheet_life", args=[competition, key])


register(
    "assignment",
    Source(Assignment.objects.all, application="entry__application_id", user="evaluator__user_id"),
    pgettext_lazy("subject", "Seat"),
)
register(
    "sheet",
    Source(Sheet.objects.all, "assignment__entry__application_id", user="assignment__evaluator__user_id", link=sheet_life),
    pgettext_lazy("subject", "Sheet"),
)


register("evaluator", Source(Evaluator.objects.all, user="user_id"), pgettext_lazy("subject", "Evaluator"))
register("rubric", Source(Rubric.objects.all, round="round_id"), pgettext_lazy("subject", "Rubric"))
register("scheme", Source(Scheme.objects.all, round="round_id"), pgettext_lazy("subject", "Scoring scheme"))
register_label("conflict", pgettext_lazy("subject", "Conflict"))
register_label("finding", pgettext_lazy("subject", "Finding"))
register_label("flag", pgettext_lazy("subject", "Question about a total"))  # without a name: whose total it is says something of it


@register_parts
def seats_and_sheets(entries, viewer):
    return {"assignment": Assignment.objects.filter(entry__in=entries), "sheet": Sheet.objects.filter(assignment__entry__in=entries)}


@register_parts
def findings(entries, viewer):
    """That a total was unexpected says something of it: only to whom the scores are open."""
    if viewer is None:
        return {}
    rounds = {entry.round_id: entry.round for entry in entries}
    preload(viewer, [round for round in rounds.values() if round.state in LOCKED])
    shown = [pk for pk, round in rounds.items() if against_scores(viewer, round) is None]
    if not shown:
        return {}
    return {
        "flag": Flag.objects.filter(version__sheet__assignment__entry__in=entries, search__round__in=shown),
        "finding": Finding.objects.filter(entry__in=entries, entry__round__in=shown),
    }


def sheet_in(competition, pk) -> Sheet:
    rows = Sheet.objects.filter(pk=pk, assignment__entry__round__competition=competition)
    found = rows.select_related(
        "assignment__entry__application__cluster", "assignment__entry__round", "assignment__evaluator__user"
    ).first()
    if found is None:
        raise Http404
    return found


def life_of_sheet(sheet, viewer):
    """With its seat, what was found in it, and what was done to the round as a whole."""
    round = sheet.assignment.entry.round
    own = {f"sheet:{sheet.pk}", f"assignment:{sheet.assignment_id}"}
    if against_scores(viewer, round) is None:
        own |= {f"flag:{pk}" for pk in Flag.objects.filter(version__sheet=sheet).values_list("pk", flat=True)}
    return life_with(own, {round.pk}, round.competition_id)
