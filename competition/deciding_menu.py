"""Where deciders and supervisors begin, and the menu entries of decisions and the ledger."""

from django.utils.translation import gettext_lazy as _

from accounts import homes
from accounts.menu import MenuEntry, register

STAFF = frozenset({"organiser", "decider", "supervisor"})

homes.register("decider", "competition:decider_home")
homes.register("supervisor", "competition:supervisor_home")
register(
    MenuEntry(
        "decider_home", _("What waits for you"), "competition:decider_home", "inbox", frozenset({"decider"}), "", 10, competition=False
    )
)
register(
    MenuEntry(
        "supervisor_home", _("Supervision"), "competition:supervisor_home", "search", frozenset({"supervisor"}), "", 20, competition=False
    )
)
for _order, (_key, _label, _icon) in enumerate(
    (("record_list", _("Records"), "search"), ("reading_list", _("Readings of scores"), "info"), ("seal_list", _("Seals"), "lock")),
    start=21,
):
    register(MenuEntry(_key, _label, f"competition:{_key}", _icon, frozenset({"supervisor"}), "", _order, competition=False))
register(MenuEntry("decisions", _("Decisions and release"), "competition:decision_list", "scale", STAFF, "results", 10))
register(MenuEntry("ledger", _("Ledger"), "competition:ledger_list", "seal", frozenset({"organiser", "supervisor"}), "archive", 90))
