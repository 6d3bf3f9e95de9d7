"""Where setting up stands in the menus."""

from django.utils.translation import gettext_lazy as _

from accounts.menu import MenuEntry, register

ORGANISERS = frozenset({"organiser"})
STAFF = frozenset({"organiser", "decider", "supervisor"})

for _entry in (
    MenuEntry("competitions", _("Competitions"), "competition:competition_list", "grid", STAFF, "", 20, competition=False),
    MenuEntry("overview", _("Overview"), "competition:home", "rounds", STAFF, "competition", 5),
    MenuEntry("setup", _("Set-up"), "competition:competition_edit", "gear", ORGANISERS, "competition", 10),
    MenuEntry("competition_people", _("People of this competition"), "competition:people_list", "users", ORGANISERS, "people", 10),
    MenuEntry("clusters", _("Clusters"), "competition:cluster_list", "flag", ORGANISERS, "people", 40, competition=False),
    MenuEntry("organisations", _("Organisations"), "competition:organisation_list", "inbox", ORGANISERS, "people", 50, competition=False),
    MenuEntry("workdays", _("Workday table"), "competition:workday_list", "calendar", ORGANISERS, "system", 40, competition=False),
):
    register(_entry)
