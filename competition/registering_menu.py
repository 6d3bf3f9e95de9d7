"""Where an organisation's people and those who confirm it begin."""

from django.utils.translation import gettext_lazy as _

from accounts.menu import MenuEntry, register
from competition.views import registrations

register(
    MenuEntry(
        "organisation",
        _("My organisation"),
        "competition:registration_list",
        "users",
        frozenset({"applicant"}),
        "",
        20,
        competition=False,
        covers=("registration_make", "registration_correct"),
    )
)
register(
    MenuEntry(
        "registrations",
        _("Registrations"),
        "competition:registration_queue",
        "inbox",
        frozenset({"organiser", "recommender"}),
        "people",
        60,
        competition=False,
        count=registrations.waiting,
        covers=("registration_detail", "registration_refuse"),
    )
)
