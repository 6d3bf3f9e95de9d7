"""How notifications of the judging are said; nothing of marks."""

from django.urls import reverse
from django.utils.translation import gettext_lazy

from accounts.notifications import Told, register
from competition.domain.states import IN_RACE
from competition.models import Round
from competition.told import due_words, keys
from evaluations.models import Assignment, Sheet
from evaluations.selectors.blindness import judged_name

OPEN_SHEETS = ("draft", "returned")


def own_rounds(rows):
    """For evaluators."""
    wanted = keys(rows)
    told = {}
    for round in Round.objects.filter(pk__in=wanted).select_related("competition"):
        path = reverse("evaluations:my_round", args=[round.competition_id, round.pk])
        for row in wanted[round.pk]:
            told[row.pk] = Told(f"{round} · {round.competition}", path)
    return told


def reminders(rows):
    """Only to whom a sheet is still open."""
    open_seats = set(open_assignments().filter(entry__round__in=keys(rows)).values_list("entry__round_id", "evaluator__user_id"))
    still = [row for row in rows if (int(row.subject.partition(":")[2]), row.user_id) in open_seats]
    return {pk: Told(told.about, told.path, due_words(row)) for pk, told in own_rounds(still).items() for row in still if row.pk == pk}


def open_assignments():
    """Seats that wait for their evaluator while the round is judged."""
    rows = Assignment.objects.filter(entry__round__state="judging", entry__state__in=IN_RACE)
    return rows.filter(state="published") | rows.filter(state="confirmed", sheet__state__in=OPEN_SHEETS)


def sheets(rows):
    wanted = keys(rows)
    told = {}
    found = Sheet.objects.filter(pk__in=wanted).select_related("assignment__entry__application__cluster", "assignment__entry__round")
    for sheet in found:
        entry = sheet.assignment.entry
        path = reverse("evaluations:sheet_edit", args=[entry.round.competition_id, sheet.pk])
        for row in wanted[sheet.pk]:
            told[row.pk] = Told(f"{judged_name(entry)} · {entry.round}", path)
    return told


def rounds_to_close(rows):
    wanted = keys(rows)
    told = {}
    for round in Round.objects.filter(pk__in=wanted).select_related("competition"):
        path = reverse("evaluations:round_close", args=[round.competition_id, round.pk])
        for row in wanted[round.pk]:
            told[row.pk] = Told(f"{round} · {round.competition}", path)
    return told


register("seat.publish", gettext_lazy("Entries were assigned to you to judge"), own_rounds)
register("sheet.remind", gettext_lazy("Sheets of yours are still open"), reminders)
register("sheet.return", gettext_lazy("A sheet was returned to you"), sheets)
register("round.complete", gettext_lazy("All sheets are in: the round can be closed"), rounds_to_close)
