"""Where applicants and the organiser's intake begin, and the menu that leads there."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts import homes, menu
from competition.views import applying, intake

homes.register("applicant", "competition:application_list")
menu.register(
    menu.MenuEntry(
        "applications",
        _("My applications"),
        "competition:application_list",
        "doc",
        frozenset({"applicant"}),
        "",
        10,
        competition=False,
        count=applying.waiting,
    )
)
menu.register(
    menu.MenuEntry(
        "intake",
        pgettext_lazy("what was submitted", "Intake"),
        "competition:intake_list",
        "inbox",
        frozenset({"organiser", "decider", "supervisor"}),
        "competition",
        30,
        count=intake.waiting,
    )
)
