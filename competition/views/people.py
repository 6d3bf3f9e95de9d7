"""The people of a competition by role, and the open invitations."""

from django.shortcuts import render
from django.utils import timezone

from accounts.permissions import require
from competition.selectors.people import people_of
from competition.views.setting import draft_of, frame


def people_list(request, pk):
    competition = draft_of(request, pk)
    scope = f"competition:{pk}"
    require(request.user, "membership.give", scope)
    context = frame(competition, "people") | {"scope": scope, "people": people_of(competition, at=timezone.now())}
    return render(request, "competition/setup/people_list.html", context)
