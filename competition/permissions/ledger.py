"""Reading what was done in a competition."""

from django.utils.translation import gettext_lazy as _

from accounts.permissions import register
from competition.permissions.holding import needs, staffed

READERS = frozenset({"supervisor", "organiser"})

register(
    "ledger.read",
    needs(*READERS),
    queryset=lambda user, rows: staffed(user, rows, wanted=READERS),
    label=_("Read a competition's ledger"),
    who=_("its supervisors and organisers"),
)
