"""Where progress and standings stand in the menus: of the round that the competition is at."""

from django.utils.translation import gettext_lazy as _

from accounts.menu import MenuEntry, register

STAFF = frozenset({"organiser", "decider", "supervisor"})

register(MenuEntry("progress", _("Progress of judging"), "evaluations:progress", "scale", STAFF, "competition", 40))
register(MenuEntry("standings", _("Standings"), "evaluations:newest_standings", "chart", STAFF, "competition", 50))
