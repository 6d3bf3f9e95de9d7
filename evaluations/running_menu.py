"""Where progress and standings stand in the menus: of the round that the competition is at."""

from django.utils.translation import gettext_lazy as _

from accounts.menu import MenuEntry, register

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
register(MenuEntry("standings", _("Standings"), "evaluations:newest_standings", "chart", STAFF, "competition", 50))
