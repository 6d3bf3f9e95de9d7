"""Where progress and standings stand in the menus: of the round that the competition is at; and who watches a round's jobs."""

from django.utils.translation import gettext_lazy as _

from accounts import job_watchers
from accounts.menu import MenuEntry, register
from competition.models import Round
from competition.permissions.holding import roles_in

STAFF = frozenset({"organiser", "decider", "supervisor"})

RUNNING = (
    "evaluations:round_",
    "evaluations:reopening_",
    "evaluations:seat_extend",
    "evaluations:seat_replace",
    "evaluations:seat_waive",
    "evaluations:sheet_return",
)
register(MenuEntry("progress", _("Progress of judging"), "evaluations:progress", "clock", STAFF, "competition", 40, covers=RUNNING))
register(
    MenuEntry(
        "checks",
        _("Checks"),
        "evaluations:finding_now",
        "shield",
        frozenset({"organiser", "supervisor"}),
        "competition",
        45,
        covers=("evaluations:finding_",),
    )
)
register(
    MenuEntry(
        "standings", _("Standings"), "evaluations:newest_standings", "chart", STAFF, "competition", 50, covers=("evaluations:standing",)
    )
)


def _may_watch(user, key: str) -> bool:
    """How far a computation is tells nothing of its result."""
    round = Round.objects.filter(pk=key).first() if key.isdecimal() else None
    return round is not None and bool(roles_in(user, round) & STAFF)


job_watchers.register("round", _may_watch)
