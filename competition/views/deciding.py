"""What waits for a decider, and the decisions of a competition."""

from django.shortcuts import render
from django.utils import timezone

from accounts.permissions import can
from competition.permissions.decision import preload
from competition.selectors.competitions import competition as find_competition
from competition.selectors.competitions import competitions
from competition.selectors.proposals import decision_board
from competition.selectors.waiting import waiting_for


def home(request):
    at = timezone.now()
    rows = waiting_for(request.user, at=at)
    context = {"rows": rows, "competitions": competitions(request.user)[:50], "now": at, "demo": any(row["demo"] for row in rows)}
    return render(request, "competition/deciding/home.html", context)


def decision_list(request, pk):
    competition = find_competition(request.user, pk, action="competition.staff")
    board = decision_board(competition)
    preload(request.user, [line["round"] for line in board])
    for line in board:
        line["may_propose"] = can(request.user, "proposal.create", line["round"])
        line["may_read"] = can(request.user, "proposal.view", line["round"])
    context = {"competition": competition, "demo": competition.demo, "board": board, "now": timezone.now()}
    return render(request, "competition/deciding/decision_list.html", context)
