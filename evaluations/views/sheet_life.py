"""Everything that happened to one sheet, for supervisors and organisers."""

from django.views.decorators.cache import never_cache

from accounts.permissions import require
from competition.selectors.competitions import competition as find_competition
from competition.views.supervision import life_page
from evaluations.selectors import judging_records as selectors


@never_cache
def sheet_life(request, pk, sheet_pk):
    competition = find_competition(request.user, pk)
    require(request.user, "ledger.read", competition)
    sheet = selectors.sheet_in(competition, sheet_pk)
    entry = sheet.assignment.entry
    context = {
        "competition": competition,
        "name": entry.application.cluster,
        "kind": "sheet",
        "round": entry.round,
        "entry": entry,
        "evaluator": sheet.assignment.evaluator.user,
    }
    return life_page(request, selectors.life_of_sheet(sheet, request.user), context)
