"""Where organisers begin."""

from django.utils.translation import gettext_lazy as _

from accounts import homes
from accounts.menu import MenuEntry, register

homes.register("organiser", "competition:organiser_home")
register(
    MenuEntry(
        "organiser_home", _("Waiting for you"), "competition:organiser_home", "home", frozenset({"organiser"}), "", 10, competition=False
    )
)
