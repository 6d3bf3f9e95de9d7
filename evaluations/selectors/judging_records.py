"""How seats and sheets are named in the ledger, and the life of one sheet."""

from django.http import Http404
from django.urls import reverse
from django.utils.translation import pgettext_lazy

from competition.record_names import Source, register, register_parts
from competition.selectors.lives import life_with
from evaluations.models import Assignment, Sheet


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


@register_parts
def seats_and_sheets(entries):
    for seat, sheet in Assignment.objects.filter(entry__in=entries).order_by().values_list("pk", "sheet"):
        yield f"assignment:{seat}"
        if sheet:
            yield f"sheet:{sheet}"


def sheet_in(competition, pk) -> Sheet:
    rows = Sheet.objects.filter(pk=pk, assignment__entry__round__competition=competition)
    found = rows.select_related(
        "assignment__entry__application__cluster", "assignment__entry__round", "assignment__evaluator__user"
    ).first()
    if found is None:
        raise Http404
    return found


def life_of_sheet(sheet):
    """With its seat, and what was done to the round as a whole."""
    entry = sheet.assignment.entry
    return life_with({f"sheet:{sheet.pk}", f"assignment:{sheet.assignment_id}"}, {entry.round_id}, entry.round.competition_id)
