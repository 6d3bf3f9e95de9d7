"""The organiser's home: what waits, for whom, by when; and how the system stands."""

from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from accounts.permissions import require
from competition.documents.course import course_of, fields_of
from competition.selectors.organising import agenda, organised_rounds
from competition.todos import OTHERS, WATCH, YOU, signs, todos

TODAY = 12
AGENDA = 12


@require_GET
def organiser_home(request):
    """Every competition that the viewer organises; `c` chooses the one whose course and rounds are shown."""
    require(request.user, "competition.create")
    at = timezone.now()
    rounds = organised_rounds(request.user)
    competitions = list({round.competition_id: round.competition for round in rounds}.values())
    chosen = _chosen(request, competitions)
    waiting = todos(request.user, rounds, at)
    today = [todo for todo in waiting if todo.column == YOU]
    context = {
        "now": at,
        "today": today[:TODAY],
        "more": max(0, len(today) - TODAY),
        "chosen": chosen,
        "choices": [{"label": str(row), "url": f"?c={row.pk}", "current": chosen and row.pk == chosen.pk} for row in competitions],
        "agenda": agenda(rounds, at)[:AGENDA],
        "signs": signs(rounds, at),
        "demo": any(row.demo for row in competitions),
    }
    if chosen:
        own = [row for row in rounds if row.competition_id == chosen.pk]
        fields = fields_of([chosen])[chosen.pk]
        context |= {"stages": course_of(chosen, at=at, rounds=fields), "board": board(own, waiting, fields)}
    return render(request, "competition/organising/home.html", context)


def _chosen(request, competitions):
    wanted = request.GET.get("c", "")
    running = [row for row in competitions if row.state == "published"]
    found = [row for row in competitions if str(row.pk) == wanted] or running or competitions
    return found[0] if found else None


def board(rounds, waiting, fields) -> list[dict]:
    """One line per round: what waits for the viewer, for others, and what is to be watched. `fields`: the rounds as counted."""
    sizes = {row.pk: row for row in fields}
    lines = []
    for round in rounds:
        own = [todo for todo in waiting if todo.round.pk == round.pk]
        size = sizes[round.pk]
        lines.append(
            {
                "round": round,
                "now": round.state in ("open", "judging", "closed"),
                "size": f"{size.entered} → {size.left}" if size.left is not None else _("%(n)s in it") % {"n": size.entered},
                "columns": [[todo for todo in own if todo.column == column] for column in (YOU, OTHERS, WATCH)],
            }
        )
    return lines
